package org.fwreplay.host;

import org.fwreplay.packet.Packet;

/** What routing decided about a packet; reusable. */
public final class RouteResult {
  /** Deliver to the host itself. */
  public static final int LOCAL = 0;

  /** Input: forward by {@link #oif}. */
  public static final int FORWARD = 1;

  /** Deliver to the host as a broadcast; output: send as a broadcast. */
  public static final int BROADCAST = 2;

  /** Deliver to the host, a member of the group; output: send as a multicast. */
  public static final int MULTICAST = 3;

  /** Output: send by {@link #oif}. */
  public static final int TRANSMIT = 4;

  /** Drop silently: the source cannot be (IPv4 "martian source"). */
  public static final int DROP_MARTIAN_SOURCE = 5;

  /** Drop silently: the destination cannot be (IPv4 "martian destination"). */
  public static final int DROP_MARTIAN_DESTINATION = 6;

  /** Drop silently: reverse path filter. */
  public static final int DROP_RPF = 7;

  /** Drop silently: a multicast group that the host has not joined. */
  public static final int DROP_NOT_JOINED = 8;

  /** Drop silently: somebody else's packet, and the host does not forward. */
  public static final int NOT_FORWARDING = 9;

  /**
   * No route; on input an ICMP network unreachable (IPv6: no route) where {@link #icmpType} says
   * so.
   */
  public static final int NO_ROUTE = 10;

  /** Route of type unreachable; on input ICMP host unreachable (IPv6: no route). */
  public static final int UNREACHABLE = 11;

  /** Route of type prohibit; on input ICMP administratively prohibited. */
  public static final int PROHIBIT = 12;

  /**
   * Drop silently: route of type blackhole; output: also a source or destination that cannot be.
   */
  public static final int BLACKHOLE = 13;

  /** {@link #forwardCheck}: nothing wrong. */
  public static final int SOURCE_FINE = 0;

  /** {@link #forwardCheck}: IPv6 source that is never forwarded (::), drop silently. */
  public static final int SOURCE_INVALID = 1;

  /**
   * {@link #forwardCheck}: link-local source leaving its link, ICMPv6 1/2 (beyond scope of source).
   */
  public static final int SOURCE_BEYOND_SCOPE = 2;

  /** One of the constants above. */
  public int decision;

  /** Type of the ICMP (or ICMPv6) error to send, -1 for none. */
  public int icmpType;

  /** Its code. */
  public int icmpCode;

  /**
   * Interface to send by; the loopback interface for output to the host itself; -1 when nothing
   * leaves.
   */
  public int oif;

  /** Whether {@link #nextHopHi}, {@link #nextHopLo} is a gateway and not the destination itself. */
  public boolean gateway;

  /** Family of the next hop. */
  public boolean nextHopSix;

  /** The neighbour to send to. */
  public long nextHopHi;

  public long nextHopLo;

  /** Output: the source address, chosen when the query had none. */
  public long srcHi;

  public long srcLo;

  /** Greatest packet that may be sent this way, in bytes; for forwarding as forwarding sees it. */
  public int mtu;

  /** Input: the packet leaves by the interface it came by, and an ICMP redirect is due. */
  public boolean redirect;

  /** Output: a copy of the broadcast or multicast is delivered to the host too. */
  public boolean loop;

  /**
   * IPv6 forwarding: what is wrong with the source. Linux looks at it after the hop limit ({@code
   * ip6_forward}), so it is kept apart from the decision.
   */
  public int forwardCheck;

  /** IPv4 realms of the way ({@code rt_dst.tclassid}), as {@link NextHop#realms}. */
  public int realms;

  /** Realms of the policy rule that led to {@link #route}. */
  int ruleRealms;

  /** The route that was taken, null when none was. */
  public Route route;

  /** Its next hop, null when none was. */
  public NextHop hop;

  /** Tells the packet its way. */
  public void give(Packet p) {
    p.out = oif;
    p.nextHopHi = nextHopHi;
    p.nextHopLo = nextHopLo;
    p.nextHopSix = gateway ? nextHopSix : p.ipv6;
    p.routeMtu = mtu;
  }

  void reset() {
    icmpType = -1;
    icmpCode = 0;
    oif = -1;
    gateway = false;
    nextHopSix = false;
    nextHopHi = 0;
    nextHopLo = 0;
    srcHi = 0;
    srcLo = 0;
    mtu = 0;
    redirect = false;
    loop = false;
    forwardCheck = SOURCE_FINE;
    realms = 0;
    ruleRealms = 0;
    route = null;
    hop = null;
  }

  int decide(int what) {
    decision = what;
    return what;
  }

  int refuse(int what, int type, int code) {
    icmpType = type;
    icmpCode = code;
    return decide(what);
  }
}
