/** The targets of rules, one file each: what libxtables and the kernel split between them. */
package org.fwreplay.xt.target;
