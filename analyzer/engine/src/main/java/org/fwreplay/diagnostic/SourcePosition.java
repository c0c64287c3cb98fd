package org.fwreplay.diagnostic;

/**
 * A place in a text.
 *
 * @param file as the user named it
 * @param line from 1
 * @param column from 1, in characters
 */
public record SourcePosition(String file, int line, int column) {
  /** The same line at another column. */
  public SourcePosition at(int column) {
    return new SourcePosition(file, line, column);
  }

  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
