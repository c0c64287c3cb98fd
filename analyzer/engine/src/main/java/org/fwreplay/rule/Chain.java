package org.fwreplay.rule;

import java.util.List;

/**
 * A chain.
 *
 * @param policy ACCEPT or DROP for a built-in chain, null for a user's
 * @param packets the policy's counters that the text gave
 */
public record Chain(String name, String policy, long packets, long bytes, List<Rule> rules) {
  public Chain {
    rules = List.copyOf(rules);
  }

  /** Whether the table has it by nature. */
  public boolean isBuiltin() {
    return policy != null;
  }
}
