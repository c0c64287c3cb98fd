/** Expectations written down in files, and whether they hold. */
package org.fwreplay.report.check;
