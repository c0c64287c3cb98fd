package org.fwreplay.rule;

import java.util.List;

/**
 * A table: its built-in chains in the order of their hooks, then the user's chains sorted by name,
 * as libiptc keeps them.
 */
public record Table(String name, List<Chain> chains) {
  public Table {
    chains = List.copyOf(chains);
  }

  /** The chain of that name, or null. */
  public Chain chain(String chainName) {
    for (Chain chain : chains) {
      if (chain.name().equals(chainName)) {
        return chain;
      }
    }
    return null;
  }
}
