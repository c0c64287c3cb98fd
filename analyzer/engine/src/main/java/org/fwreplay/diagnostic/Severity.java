package org.fwreplay.diagnostic;

import java.util.Locale;

/** How bad a {@link Diagnostic} is. */
public enum Severity {
  /** The text is refused. */
  ERROR,
  /** The text is taken, but probably does not do what its author thinks. */
  WARNING,
  /** Worth knowing. */
  INFO;

  /** In the lower case of compilers' messages. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
