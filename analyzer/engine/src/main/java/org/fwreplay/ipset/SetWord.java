package org.fwreplay.ipset;

import java.util.ArrayList;
import java.util.List;

/**
 * A word of a command.
 *
 * @param column where it begins in its line, from 1
 */
public record SetWord(String text, int column) {
  /**
   * Splits a line of {@code ipset restore}: blanks part words, except in double quotes.
   *
   * @return the words, or null where a quote is not closed
   */
  static List<SetWord> split(String line) {
    List<SetWord> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int start = -1;
    boolean quoted = false;
    for (int i = 0; i <= line.length(); i++) {
      char c = i < line.length() ? line.charAt(i) : ' ';
      boolean blank = c == ' ' || c == '\t' || c == '\r';
      if (i == line.length() && quoted) {
        return null;
      }
      if (blank && !quoted) {
        if (start >= 0) {
          words.add(new SetWord(word.toString(), start + 1));
        }
        word.setLength(0);
        start = -1;
        continue;
      }
      start = start < 0 ? i : start;
      if (c == '"') {
        quoted = !quoted;
      } else {
        word.append(c);
      }
    }
    return words;
  }
}
