package org.fwreplay.xt.match;

import org.fwreplay.xt.Argument;

/**
 * The notation of {@code --hex-string}: text with bytes in hexadecimal between bars ({@code GET|0d
 * 0a|}), and a backslash before a character that stands for itself. libxt_string.
 */
final class HexPattern {
  private HexPattern() {}

  /** The bytes that the notation means, one char each. */
  static String parse(Argument argument, String text) {
    StringBuilder bytes = new StringBuilder();
    int length = text.length();
    boolean hex = false;
    int i = 0;
    while (i < length) {
      boolean escaped = text.charAt(i) == '\\' && !hex;
      if (escaped || text.charAt(i) == '|') {
        hex ^= !escaped;
        i++;
        while (hex && i < length && text.charAt(i) == ' ') {
          i++;
        }
      }
      // What stands right behind a bar or backslash is taken as it is, even another bar.
      if (i == length) {
        if (escaped) {
          throw argument.fail("--hex-string: nothing stands behind the last backslash");
        }
      } else if (hex) {
        bytes.append(hexByte(argument, text, i));
        i += text.startsWith(" ", i + 2) ? 3 : 2;
      } else {
        bytes.append(text.charAt(i++));
      }
    }
    return bytes.toString();
  }

  private static char hexByte(Argument argument, String text, int at) {
    int bar = text.indexOf('|', at);
    if (bar < 0) {
      throw argument.fail("--hex-string: the bar that ends the hexadecimal part is missing");
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = at + 1 < bar ? Character.digit(text.charAt(at + 1), 16) : -1;
    if (high < 0 || low < 0) {
      throw argument.fail(
          "--hex-string: \""
              + text.substring(at, Math.min(bar, at + 2))
              + "\" is not a byte of two hexadecimal digits");
    }
    return (char) (high << 4 | low);
  }

  /** Whether a pattern cannot be written as plain text. */
  static boolean isNeededFor(String pattern) {
    return pattern.endsWith("\\") || pattern.chars().anyMatch(c -> c < ' ' || c > '~');
  }

  /** The pattern in hexadecimal, quoted. */
  static String text(String pattern) {
    StringBuilder text = new StringBuilder("\"|");
    pattern.chars().forEach(c -> text.append(String.format("%02x", c)));
    return text.append("|\"").toString();
  }
}
