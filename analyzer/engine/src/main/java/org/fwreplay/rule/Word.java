package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * A word of a line.
 *
 * @param column where it begins in the line, from 1
 */
record Word(String text, int column) {

  /**
   * Splits as iptables-restore does: blanks part words, except in double quotes, where a backslash
   * takes the next character as it is. A closing quote ends the word.
   *
   * @param from index in the line to begin at
   * @return the words, or null where a quote is not closed
   */
  static List<Word> split(String line, int from) {
    char[] chars = line.toCharArray();
    List<Word> words = new ArrayList<>(16);
    int at = from;
    while (at < chars.length) {
      int start = at;
      while (at < chars.length && !isBlank(chars[at]) && chars[at] != '"') {
        at++;
      }
      if (at < chars.length && chars[at] == '"') {
        at = quoted(line, start, words);
        if (at < 0) {
          return null;
        }
      } else if (at > start) {
        words.add(new Word(line.substring(start, at), start + 1));
      }
      at++;
    }
    return words;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Adds the word that begins at {@code start}; where it ends, -1 if a quote is not closed. */
  private static int quoted(String line, int start, List<Word> words) {
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    int at = start;
    for (; at < line.length(); at++) {
      char c = line.charAt(at);
      if (quoted && c == '\\' && at + 1 < line.length()) {
        word.append(line.charAt(++at));
      } else if (quoted ? c == '"' : isBlank(c)) {
        break;
      } else if (c == '"') {
        quoted = true;
      } else {
        word.append(c);
      }
    }
    words.add(new Word(word.toString(), start + 1));
    return quoted && at >= line.length() ? -1 : at;
  }

  /** C's unsigned {@code strtoul} with base 0 (decimal, 0x hexadecimal, 0 octal), or -1. */
  static long number(String text) {
    return number(text, 0, text.length());
  }

  /** The same for a part of a text. */
  static long number(String text, int from, int to) {
    int base = 10;
    int at = from;
    if (to - from > 1 && text.charAt(from) == '0') {
      boolean hex = (text.charAt(from + 1) | ' ') == 'x';
      base = hex ? 16 : 8;
      at = hex ? from + 2 : from + 1;
    }
    long value = at < to ? 0 : -1;
    for (; at < to; at++) {
      int digit = digit(text.charAt(at));
      if (digit >= base || value > (Long.MAX_VALUE - digit) / base) {
        return -1;
      }
      value = value * base + digit;
    }
    return value;
  }

  private static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int letter = (c | ' ') - 'a';
    return letter >= 0 && letter < 6 ? letter + 10 : Integer.MAX_VALUE;
  }
}
