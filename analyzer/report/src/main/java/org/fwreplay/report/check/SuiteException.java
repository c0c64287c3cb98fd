package org.fwreplay.report.check;

/** A suite that cannot be read; the message begins with file, line and column. */
public final class SuiteException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SuiteException(String file, int line, int column, String message) {
    super(file + ":" + line + ":" + column + ": " + message);
  }
}
