package org.fwreplay.diagnostic;

/** How bad a {@link Diagnostic} is. */
public enum Severity {
  /** The text is refused. */
  ERROR,
  /** The text is taken, but probably does not do what its author thinks. */
  WARNING;

  /** In the lower case of compilers' messages. */
  public String text() {
    return this == ERROR ? "error" : "warning";
  }
}
