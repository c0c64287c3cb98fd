package org.fwreplay.report.flow;

/** What a flow is to connection tracking. */
public enum FlowKind {
  /** A connection that was in the table. */
  TRACKED("tracked"),
  /** A connection whose packets were all lost before it came into the table. */
  NEW("new"),
  /** Packets that connection tracking found INVALID, one direction. */
  INVALID("invalid"),
  /** Packets that were not tracked: NOTRACK, lost in table raw, or no rule needs tracking. */
  UNTRACKED("untracked"),
  /** ICMP errors about a connection. */
  RELATED("related");

  private final String text;

  FlowKind(String text) {
    this.text = text;
  }

  /** As reports word it. */
  public String text() {
    return text;
  }
}
