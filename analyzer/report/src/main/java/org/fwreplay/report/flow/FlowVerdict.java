package org.fwreplay.report.flow;

import org.fwreplay.hook.Fate;

/** What became of a flow's packets, all taken together. */
public enum FlowVerdict {
  /** All went through this host. */
  PASSED("passed"),
  /** All went to this host, and its answers out. */
  DELIVERED("delivered"),
  /** This host began it, and all got through. */
  SENT("sent"),
  /** All were dropped by rules. */
  DROPPED("dropped"),
  /** All were rejected by rules. */
  REJECTED("rejected"),
  /** All were lost by something else than a rule: no route, TTL, connection tracking. */
  LOST("lost"),
  /** Some passed and some did not, or in different ways. */
  MIXED("mixed");

  private final String text;

  FlowVerdict(String text) {
    this.text = text;
  }

  /** As reports word it. */
  public String text() {
    return text;
  }

  /** The verdict of a flow with packets of one fate only. */
  static FlowVerdict of(Fate fate) {
    return switch (fate) {
      case FORWARDED -> PASSED;
      case DELIVERED -> DELIVERED;
      case SENT -> SENT;
      case DROPPED -> DROPPED;
      case REJECTED -> REJECTED;
      default -> LOST;
    };
  }
}
