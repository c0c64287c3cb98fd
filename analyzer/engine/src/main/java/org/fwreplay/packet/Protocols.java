package org.fwreplay.packet;

/** IANA protocol numbers and IPv6 next-header values that the engine looks into. */
public final class Protocols {
  public static final int HOPOPTS = 0;
  public static final int ICMP = 1;
  public static final int IGMP = 2;
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int DCCP = 33;
  public static final int IPV6 = 41;
  public static final int ROUTING = 43;
  public static final int FRAGMENT = 44;
  public static final int GRE = 47;
  public static final int ESP = 50;
  public static final int AH = 51;
  public static final int ICMPV6 = 58;
  public static final int NONE = 59;
  public static final int DSTOPTS = 60;
  public static final int PIM = 103;
  public static final int IPCOMP = 108;
  public static final int L2TP = 115;
  public static final int SCTP = 132;
  public static final int MH = 135;
  public static final int UDPLITE = 136;

  private Protocols() {}

  /** Whether an IPv6 next header is one of those that a header chain walks over (RFC 8200 §4). */
  public static boolean isExtensionHeader(int nextHeader) {
    return switch (nextHeader) {
      case HOPOPTS, ROUTING, FRAGMENT, AH, NONE, DSTOPTS -> true;
      default -> false;
    };
  }
}
