package org.fwreplay.parsers;

/** Decimal numbers as people's peers send them. */
final class Decimal {
  private Decimal() {}

  /**
   * The number that a text begins with.
   *
   * @param max larger numbers come back as this
   * @param otherwise what comes back if there is no digit
   */
  static int parse(String text, int max, int otherwise) {
    long value = 0;
    int at = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      value = Math.min(value * 10 + text.charAt(at) - '0', max);
      at++;
    }
    return at == 0 ? otherwise : (int) value;
  }
}
