package org.fwreplay.rule;

import java.util.List;
import org.fwreplay.diagnostic.SourcePosition;

/**
 * A chain.
 *
 * @param policy ACCEPT or DROP for a built-in chain, null for a user's
 * @param packets the policy's counters that the text gave
 * @param position where it is declared; null for a built-in chain that the text does not name
 */
public record Chain(
    String name,
    String policy,
    long packets,
    long bytes,
    List<Rule> rules,
    SourcePosition position) {

  public Chain {
    rules = List.copyOf(rules);
  }

  /** Whether the table has it by nature. */
  public boolean isBuiltin() {
    return policy != null;
  }
}
