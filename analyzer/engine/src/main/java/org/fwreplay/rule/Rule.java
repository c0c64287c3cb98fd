package org.fwreplay.rule;

import java.util.List;
import org.fwreplay.diagnostic.SourcePosition;

/**
 * One rule.
 *
 * @param number its place in its chain, from 1
 * @param packets the counters that the text gave, usually 0
 * @param position where its text begins
 * @param text the line as the user wrote it, without counters; a line that names several addresses
 *     makes several rules with the same text
 * @param comment from {@code -m comment}, or null
 */
public record Rule(
    int number,
    IpMatch ip,
    List<MatchUse> matches,
    RuleTarget target,
    long packets,
    long bytes,
    SourcePosition position,
    String text,
    String comment) {

  public Rule {
    matches = List.copyOf(matches);
  }

  /** The same at another place in its chain. */
  public Rule numbered(int place) {
    return place == number
        ? this
        : new Rule(place, ip, matches, target, packets, bytes, position, text, comment);
  }

  /** The same with another target. */
  public Rule aimed(RuleTarget other) {
    return new Rule(number, ip, matches, other, packets, bytes, position, text, comment);
  }

  /** Whether nothing that is asked can fail. */
  public boolean isUnconditional() {
    return matches.isEmpty() && ip.isUnconditional();
  }

  /** Whether the kernel hooks up connection tracking because of it. */
  public boolean needsConntrack() {
    for (MatchUse use : matches) {
      if (use.match().needsConntrack()) {
        return true;
      }
    }
    return target instanceof RuleTarget.Extension extension && extension.target().needsConntrack();
  }

  /** Whether the kernel counts packets and bytes of connections because of it. */
  public boolean needsAccounting() {
    for (MatchUse use : matches) {
      if (use.match().needsAccounting()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the kernel puts fragments together because of it. */
  public boolean needsDefragmentation() {
    for (MatchUse use : matches) {
      if (use.match().needsDefragmentation()) {
        return true;
      }
    }
    return needsConntrack()
        || target instanceof RuleTarget.Extension extension
            && extension.target().needsDefragmentation();
  }

  /** Whether it does the same with the same packets: what {@code -D} compares. */
  public boolean isSameAs(Rule other) {
    return ip.equals(other.ip) && matches.equals(other.matches) && target.equals(other.target);
  }
}
