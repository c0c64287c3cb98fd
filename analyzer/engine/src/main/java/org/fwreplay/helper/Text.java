package org.fwreplay.helper;

import org.fwreplay.conntrack.Expectation;

/** Searching in payload bytes; offsets into the array. */
final class Text {
  private Text() {}

  /** Says that the line around a place in a text announces what is expected. */
  static void announce(Expectation e, byte[] b, int start, int at, int end) {
    int from = at;
    while (from > start && b[from - 1] != '\n') {
      from--;
    }
    int to = at;
    while (to < end && b[to] != '\r' && b[to] != '\n') {
      to++;
    }
    e.announced(b, from, to);
  }

  /** Whether the word stands at {@code at}; the array must be long enough. */
  static boolean startsWith(byte[] b, int at, byte[] word) {
    for (int i = 0; i < word.length; i++) {
      if (b[at + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  /** The same for a word in upper case, whatever case the text has. */
  static boolean startsWithIgnoringCase(byte[] b, int at, byte[] word) {
    return startsWithIgnoringCase(b, at, word, word.length);
  }

  /** Whether the first {@code length} bytes of a word in upper case stand there. */
  static boolean startsWithIgnoringCase(byte[] b, int at, byte[] word, int length) {
    for (int i = 0; i < length; i++) {
      int c = b[at + i];
      int upper = c >= 'a' && c <= 'z' ? c - 32 : c;
      if (upper != word[i]) {
        return false;
      }
    }
    return true;
  }

  /** The first such byte in {@code [from, to)}, -1 for none. */
  static int indexOf(byte[] b, int from, int to, int c) {
    for (int at = from; at < to; at++) {
      if (b[at] == c) {
        return at;
      }
    }
    return -1;
  }

  /** Where the word first stands wholly within {@code [from, to)}, -1 for nowhere. */
  static int indexOf(byte[] b, int from, int to, byte[] word) {
    for (int at = from; at <= to - word.length; at++) {
      if (startsWith(b, at, word)) {
        return at;
      }
    }
    return -1;
  }

  static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  /** The offset behind the decimal digits at {@code from}. */
  static int skipDigits(byte[] b, int from, int to) {
    int at = from;
    while (at < to && isDigit(b[at])) {
      at++;
    }
    return at;
  }

  /** The number that the decimal digits in {@code [from, to)} are, modulo 2<sup>64</sup>. */
  static long number(byte[] b, int from, int to) {
    long number = 0;
    for (int at = from; at < to; at++) {
      number = number * 10 + b[at] - '0';
    }
    return number;
  }
}
