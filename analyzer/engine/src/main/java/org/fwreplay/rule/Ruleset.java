package org.fwreplay.rule;

import java.util.List;
import org.fwreplay.packet.Family;

/**
 * All tables of one family, in the order in which the text names them first.
 *
 * @param file where it was read from
 */
public record Ruleset(Family family, List<Table> tables, String file) {
  public Ruleset {
    tables = List.copyOf(tables);
  }

  /** The table of that name, or null. */
  public Table table(String name) {
    for (Table table : tables) {
      if (table.name().equals(name)) {
        return table;
      }
    }
    return null;
  }

  /** The number of rules in all chains. */
  public int size() {
    int n = 0;
    for (Table table : tables) {
      for (Chain chain : table.chains()) {
        n += chain.rules().size();
      }
    }
    return n;
  }
}
