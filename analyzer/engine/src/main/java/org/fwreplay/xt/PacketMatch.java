package org.fwreplay.xt;

import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;

/**
 * A match of a rule, as written there: an immutable value (a record). What it remembers between
 * packets (limit, recent, quota…) is allocated by {@link #bind}, so that one ruleset can serve many
 * runs. A match without state implements {@link StatelessMatch}.
 */
public interface PacketMatch {
  /** Writes the options as {@code iptables-save} does, without {@code -m NAME}. */
  void save(RuleWriter out);

  /** The match ready for one run. */
  Matcher bind(Binding binding);

  /** Whether the kernel hooks up connection tracking because of this match. */
  default boolean needsConntrack() {
    return false;
  }

  /** For which other packets its answer about one holds. */
  default Validity validity() {
    return Validity.PACKET;
  }

  /**
   * Hooks from which a rule with these options may be reached, where they narrow what {@link
   * Extension#hooks} says.
   */
  default Set<Hook> hooks() {
    return Hook.ALL;
  }

  /** Whether the kernel counts packets and bytes of connections because of this match. */
  default boolean needsAccounting() {
    return false;
  }

  /** Whether the kernel puts fragments together because of this match, as conntrack does. */
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

  /**
   * What of a packet it looks at, in words for an explanation beside the rule's own: {@code dport
   * 443}. Empty where there are none.
   */
  default String seen(Packet packet, Evaluation evaluation) {
    return "";
  }

  /** Names of the IP sets that it looks into or changes: there must be such. */
  default List<String> sets() {
    return List.of();
  }
}
