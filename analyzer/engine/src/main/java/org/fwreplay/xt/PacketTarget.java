package org.fwreplay.xt;

import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Hook;

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

  /**
   * Hooks from which a rule with these options may be reached, where they narrow what {@link
   * Extension#hooks} says.
   */
  default Set<Hook> hooks() {
    return Hook.ALL;
  }

  /**
   * Whether the kernel takes the rule only if a {@code -m tcp} match in it demands the SYN flag, as
   * {@code --syn} does (TCPMSS).
   */
  default boolean onlyForSyn() {
    return false;
  }

  /** Whether the kernel puts fragments together because of this target, as conntrack does. */
  default boolean needsDefragmentation() {
    return false;
  }

  /**
   * What a replay takes for granted where a rule has this, because no capture holds it: a sentence
   * for reports, or empty.
   */
  default String assumption() {
    return "";
  }

  /** Names of the IP sets that it looks into or changes: there must be such. */
  default List<String> sets() {
    return List.of();
  }

  /** Why the rule cannot work on this host, or empty. */
  default String unfit(org.fwreplay.host.Host host) {
    return "";
  }
}
