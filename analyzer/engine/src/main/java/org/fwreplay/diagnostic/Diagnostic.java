package org.fwreplay.diagnostic;

/**
 * Something to say about the text of a ruleset or of sets.
 *
 * @param position where
 * @param word the offending word, or empty
 * @param message what is wrong
 * @param hint what would be accepted, or empty
 */
public record Diagnostic(
    Severity severity, SourcePosition position, String word, String message, String hint) {

  /** The file. */
  public String file() {
    return position.file();
  }

  /** The line, from 1. */
  public int line() {
    return position.line();
  }

  /** The column, from 1. */
  public int column() {
    return position.column();
  }

  /** One line: {@code FILE:LINE:COLUMN: error: MESSAGE; HINT}. */
  @Override
  public String toString() {
    return position + ": " + severity.text() + ": " + message + (hint.isEmpty() ? "" : "; " + hint);
  }
}
