package org.fwreplay.ipset;

import java.util.List;
import org.fwreplay.diagnostic.Diagnostics;
import org.fwreplay.diagnostic.SourcePosition;

/** Reads the text of {@code ipset save}, and commands of ipset one by one. */
public final class SetReader {
  private final IpSets sets;
  private final SetCommands commands;

  /** A reader that begins without sets. */
  public SetReader() {
    this(SetFile.EMPTY);
  }

  /** A reader that begins with the sets of another text. */
  public SetReader(SetFile start) {
    sets = start.newSets();
    commands = new SetCommands(sets);
  }

  /**
   * Reads a text that {@code ipset restore} would take, all of it whatever is wrong.
   *
   * @param diagnostics where complaints go
   * @param file its name, for them
   */
  public void text(Diagnostics diagnostics, String file, String text) {
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      SourcePosition start = new SourcePosition(file, number, 1);
      if (line.isBlank() || line.stripLeading().startsWith("#") || line.strip().equals("COMMIT")) {
        continue;
      }
      List<SetWord> words = SetWord.split(line);
      if (words == null) {
        int quote = line.lastIndexOf('"') + 1;
        diagnostics.error(start.at(quote), "\"", "a double quote is not closed", "");
      } else {
        command(diagnostics, start, words);
      }
    }
  }

  /**
   * Does one command.
   *
   * @param diagnostics where a complaint goes
   * @param start where its line is
   * @param words the command with its arguments
   * @return whether it could be done
   */
  public boolean command(Diagnostics diagnostics, SourcePosition start, List<SetWord> words) {
    try {
      commands.run(words);
      return true;
    } catch (SetException e) {
      if (!commands.isConsequence()) {
        SetWord word = commands.culprit();
        diagnostics.error(start.at(word.column()), word.text(), e.getMessage(), e.hint);
      }
      return false;
    }
  }

  /** The sets that were made. */
  public SetFile finish() {
    return new SetFile(sets.copy());
  }
}
