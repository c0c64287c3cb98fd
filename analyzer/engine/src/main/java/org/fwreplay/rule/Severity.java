package org.fwreplay.rule;

/** How bad a {@link Diagnostic} is. */
public enum Severity {
  /** The ruleset is refused. */
  ERROR,
  /** The ruleset is taken, but probably does not do what its author thinks. */
  WARNING;

  /** In the lower case of compilers' messages. */
  public String text() {
    return this == ERROR ? "error" : "warning";
  }
}
