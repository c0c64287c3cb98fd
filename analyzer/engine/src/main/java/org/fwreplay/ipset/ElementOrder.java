package org.fwreplay.ipset;

import java.util.Comparator;

/**
 * The order of {@code ipset -sorted}: numbers by their value, read as hexadecimal ones whatever
 * they are, of nets of one address IPv4's longer prefixes first; words by their length, then by
 * their letters. As ipset 7.17 does, but for numbers beyond 32 bits, which overflow there.
 */
final class ElementOrder implements Comparator<String> {
  private static final int HEX = 16;

  /** Where the number that was read last ends; where it began if there was none. */
  private int end;

  @Override
  public int compare(String a, String b) {
    int sign = 1;
    int i = 0;
    int k = 0;
    while (i < a.length() && k < b.length()) {
      long left = number(a, i);
      int leftEnd = end;
      long right = number(b, k);
      int rightEnd = end;
      if (leftEnd == i || rightEnd == k) {
        int length = wordLength(a, i);
        int difference = length - wordLength(b, k);
        if (difference == 0) {
          difference = a.substring(i, i + length).compareTo(b.substring(k, k + length));
        }
        if (difference != 0 || length == 0) {
          return difference != 0 ? difference : a.substring(i).compareTo(b.substring(k));
        }
        sign = 1;
        i += length + 1;
        k += length + 1;
        continue;
      }
      if (left != right) {
        return sign * Long.compare(left, right);
      }
      boolean slash = isAt(a, leftEnd, '/');
      if (slash != isAt(b, rightEnd, '/')) {
        return slash ? 1 : -1;
      }
      sign = slash ? -1 : sign;
      i = leftEnd + 1;
      k = rightEnd + 1;
      boolean colon = isAt(a, i, ':');
      if (colon != isAt(b, k, ':')) {
        return colon ? -1 : 1;
      }
      i += colon ? 1 : 0;
      k += colon ? 1 : 0;
    }
    return Boolean.compare(i < a.length(), k < b.length());
  }

  private static boolean isAt(String text, int at, char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private static int wordLength(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) != ':' && text.charAt(at) != ',') {
      at++;
    }
    return at - from;
  }

  /** C's strtol to base 16, but for signs, which no element has. */
  private long number(String text, int from) {
    int at = from;
    while (isAt(text, at, ' ')) {
      at++;
    }
    if (isAt(text, at, '0')
        && isAt(text, at + 1, 'x')
        && at + 2 < text.length()
        && Character.digit(text.charAt(at + 2), HEX) >= 0) {
      at += 2;
    }
    int digits = at;
    long value = 0;
    while (at < text.length() && Character.digit(text.charAt(at), HEX) >= 0) {
      value = Math.min(value, Long.MAX_VALUE >> 5) * HEX + Character.digit(text.charAt(at), HEX);
      at++;
    }
    end = at == digits ? from : at;
    return value;
  }
}
