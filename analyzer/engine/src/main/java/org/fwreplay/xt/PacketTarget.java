package org.fwreplay.xt;

/** A target of a rule, as written there: an immutable value; see {@link PacketMatch}. */
public interface PacketTarget {
  /** Writes the options as {@code iptables-save} does, without {@code -j NAME}. */
  void save(RuleWriter out);

  /** The target ready for one run. */
  Action bind(Binding binding);

  /** Whether the kernel hooks up connection tracking because of this target. */
  default boolean needsConntrack() {
    return false;
  }
}
