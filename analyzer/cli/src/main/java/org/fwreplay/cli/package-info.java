/** The command line: one picocli command a class, and the way failures become exit codes. */
package org.fwreplay.cli;
