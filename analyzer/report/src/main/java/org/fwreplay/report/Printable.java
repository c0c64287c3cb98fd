package org.fwreplay.report;

import java.util.Locale;

/**
 * Text from captures and rulesets made fit for a terminal: control characters, which could steer
 * it, become {@code \xHH}.
 */
public final class Printable {
  private Printable() {}

  /**
   * A text put together as by {@link String#format}, with a dot in fractions and commas in large
   * numbers, and made fit. Formatter needs no locale's data for Locale.US; those for others take
   * longer to load than a short run's summary.
   */
  public static String format(String format, Object... values) {
    return of(String.format(Locale.US, format, values));
  }

  /** The text with every control character escaped. */
  public static String of(String text) {
    if (text.chars().noneMatch(Printable::isControl)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (isControl(c)) {
                out.append(String.format("\\x%02x", c));
              } else {
                out.append((char) c);
              }
            });
    return out.toString();
  }

  /** C0, DEL, C1, and the marks that turn the direction of writing. */
  private static boolean isControl(int c) {
    return c < ' '
        || c >= 0x7f && c < 0xa0
        || c >= 0x202a && c <= 0x202e
        || c >= 0x2066 && c <= 0x2069;
  }
}
