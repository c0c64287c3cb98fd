package org.fwreplay.hook;

/** How a packet's way ended. */
public enum Fate {
  /** Left by an interface after it had come in by one. */
  FORWARDED("forwarded"),
  /** Made by this host and left. */
  SENT("sent"),
  /** Delivered to this host. */
  DELIVERED("delivered"),
  /** Dropped by a rule or a chain's policy. */
  DROPPED("dropped"),
  /** Dropped by a REJECT rule. */
  REJECTED("rejected"),
  /** A fragment that waits for the others, or waited in vain. */
  FRAGMENT_HELD("fragment held"),
  /** Waits for a neighbour that does not answer. */
  UNRESOLVED("neighbour does not answer"),
  /** Taken by a rule's target: queue, steal. */
  STOLEN("taken by a rule"),
  /** The link-layer destination is another host. */
  OTHER_HOST("for another link address"),
  /** Not an IP packet. */
  NOT_IP("not IP"),
  /** Malformed: header, length or checksum. */
  MALFORMED("malformed"),
  /** Connection tracking dropped it: table full, the entry clashed, or a helper refused it. */
  CONNTRACK("dropped by connection tracking"),
  /** NAT could not rewrite it. */
  NAT("dropped by NAT"),
  /** No route, or a route that forbids. */
  UNROUTABLE("no route"),
  /** Source or destination that cannot be, or the reverse path filter. */
  MARTIAN("martian"),
  /** Multicast group that this host has not joined. */
  NOT_JOINED("multicast group not joined"),
  /** For somebody else, and this host does not forward. */
  NOT_FORWARDING("not forwarding"),
  /** TTL or hop limit used up. */
  TTL_EXCEEDED("TTL exceeded"),
  /** Larger than the way's MTU and not to be fragmented. */
  TOO_BIG("too big for the MTU"),
  /** IP options that the host does not accept. */
  BAD_OPTIONS("bad IP options");

  private final String text;

  Fate(String text) {
    this.text = text;
  }

  /** In words, for reports. */
  public String text() {
    return text;
  }

  /** Whether a rule, or a chain's policy, ended the packet's way. */
  public boolean byRule() {
    return this == DROPPED || this == REJECTED || this == STOLEN;
  }

  /** Whether the packet passed: it left or was delivered. */
  public boolean passed() {
    return this == FORWARDED || this == SENT || this == DELIVERED;
  }
}
