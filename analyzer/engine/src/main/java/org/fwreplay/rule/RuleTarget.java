package org.fwreplay.rule;

import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.Verdict;

/** What a rule does with the packets that match. */
public sealed interface RuleTarget {
  /** No {@code -j}: the packet is counted and goes on. */
  record None() implements RuleTarget {
    @Override
    public String name() {
      return "";
    }
  }

  /**
   * ACCEPT, DROP, QUEUE or RETURN.
   *
   * @param verdict of {@link Verdict}
   */
  record Standard(String name, int verdict) implements RuleTarget {}

  /** {@code -j CHAIN}. */
  record Jump(String name) implements RuleTarget {}

  /** {@code -g CHAIN}: goes there without a way back. */
  record Goto(String name) implements RuleTarget {}

  /** {@code -j EXTENSION} with its options. */
  record Extension(String name, PacketTarget target) implements RuleTarget {}

  /** The name after {@code -j} or {@code -g}, or empty. */
  String name();

  /** The standard target of that name, or null. */
  static RuleTarget standard(String name) {
    return switch (name) {
      case "ACCEPT" -> new Standard(name, Verdict.ACCEPT);
      case "DROP" -> new Standard(name, Verdict.DROP);
      case "QUEUE" -> new Standard(name, Verdict.QUEUE);
      case "RETURN" -> new Standard(name, Verdict.RETURN);
      default -> null;
    };
  }
}
