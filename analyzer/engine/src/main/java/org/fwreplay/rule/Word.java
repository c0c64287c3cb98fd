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
    StringBuilder word = new StringBuilder();
    int start = -1;
    boolean quoted = false;
    for (int i = from; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted && c == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else if (quoted && c != '"') {
        word.append(c);
      } else if (!quoted && c == '"') {
        quoted = true;
        start = start < 0 ? i : start;
      } else if (!quoted && c != ' ' && c != '\t') {
        word.append(c);
        start = start < 0 ? i : start;
      } else if (start >= 0) {
        words.add(new Word(word.toString(), start + 1));
        word.setLength(0);
        start = -1;
        quoted = false;
      }
    }
    if (quoted) {
      return null;
    }
    if (start >= 0) {
      words.add(new Word(word.toString(), start + 1));
    }
    return words;
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
