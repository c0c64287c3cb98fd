package org.fwreplay.report;

/**
 * Text from captures and rulesets made fit for a terminal: control characters, which could steer
 * it, become {@code \xHH}.
 */
public final class Printable {
  private Printable() {}

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
