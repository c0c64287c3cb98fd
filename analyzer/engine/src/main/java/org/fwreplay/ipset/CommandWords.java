package org.fwreplay.ipset;

import java.util.List;

/** Walks over a command's words, and knows which one a complaint is about. */
final class CommandWords {
  private final List<SetWord> words;
  private int next;

  CommandWords(List<SetWord> words) {
    this.words = words;
  }

  boolean hasNext() {
    return next < words.size();
  }

  SetWord next() {
    return words.get(next++);
  }

  /** The word that was read last; the first where none was. */
  SetWord last() {
    return words.get(Math.max(0, next - 1));
  }

  /** The value of the option that was read last. */
  SetWord valueWord() throws SetException {
    if (!hasNext()) {
      throw new SetException("option " + last().text() + " needs a value", "");
    }
    return next();
  }

  String value() throws SetException {
    return valueWord().text();
  }

  /** The next word, which stands for something that the command cannot do without. */
  SetWord required(String command, String what) throws SetException {
    if (!hasNext()) {
      throw new SetException(command + " needs " + what, "");
    }
    return next();
  }
}
