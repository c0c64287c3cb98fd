package org.fwreplay.ipset;

import java.util.List;
import org.fwreplay.diagnostic.Diagnostics;
import org.fwreplay.diagnostic.SourcePosition;

/** Reads the text of {@code ipset save}, and commands of ipset one by one. */
public final class SetReader {
  private final IpSets sets = new IpSets();
  private final SetCommands commands = new SetCommands(sets);
  private final Diagnostics diagnostics;

  /** A reader whose complaints go to {@code diagnostics}. */
  public SetReader(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /**
   * Reads a text that {@code ipset restore} would take, all of it whatever is wrong.
   *
   * @param file its name, for diagnostics
   */
  public void text(String file, String text) {
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
        command(start, words);
      }
    }
  }

  /**
   * Does one command.
   *
   * @param start where its line is
   * @param words the command with its arguments
   * @return whether it could be done
   */
  public boolean command(SourcePosition start, List<SetWord> words) {
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
