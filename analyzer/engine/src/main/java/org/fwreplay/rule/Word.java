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
    List<Word> words = new ArrayList<>();
    for (int i = from; i < line.length(); i++) {
      if (!isBlank(line.charAt(i))) {
        int end = end(line, i);
        if (end >= 0) {
          words.add(new Word(line.substring(i, end), i + 1));
        } else {
          end = quoted(line, i, words);
        }
        if (end < 0) {
          return null;
        }
        i = end;
      }
    }
    return words;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Where the word that begins at {@code from} ends; -1 if there is a quote in it. */
  private static int end(String line, int from) {
    for (int at = from; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        return -1;
      }
      if (isBlank(c)) {
        return at;
      }
    }
    return line.length();
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
    boolean hex = text.startsWith("0x") || text.startsWith("0X");
    boolean octal = !hex && text.length() > 1 && text.startsWith("0");
    String digits = hex ? text.substring(2) : text;
    if (digits.isEmpty() || Character.digit(digits.charAt(0), 16) < 0) {
      return -1;
    }
    try {
      return Long.parseLong(digits, hex ? 16 : octal ? 8 : 10);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
