/** Choosing frames and connections by what they are. */
package org.fwreplay.report.select;
