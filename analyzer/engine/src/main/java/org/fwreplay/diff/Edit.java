package org.fwreplay.diff;

import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.rule.Rule;

/**
 * One difference between two rulesets.
 *
 * @param id from 0, in the order of the new ruleset
 * @param family {@code ipv4} or {@code ipv6}; empty for what is not of a ruleset
 * @param chain empty for what is not of a chain
 * @param before the rule in the old ruleset, or null
 * @param after the rule in the new one, or null
 * @param words what changed where it is no rule: {@code policy ACCEPT becomes DROP}; else empty
 */
public record Edit(
    int id,
    Kind kind,
    String family,
    String table,
    String chain,
    Rule before,
    Rule after,
    String words) {

  /** What was done. */
  public enum Kind {
    ADDED("added"),
    REMOVED("removed"),
    EDITED("edited"),
    MOVED("moved"),
    POLICY("policy"),
    TABLE("table"),
    SETS("sets"),
    HOST("host");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** As reports word it. */
    public String text() {
      return text;
    }
  }

  /** Where the old rule is, or null. */
  public SourcePosition beforePosition() {
    return before == null ? null : before.position();
  }

  /** Where the new rule is, or null. */
  public SourcePosition afterPosition() {
    return after == null ? null : after.position();
  }
}
