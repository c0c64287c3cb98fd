package org.fwreplay.capture;

import org.fwreplay.capture.LinkHeader.Problem;

/**
 * Takes the link layer off a captured frame. Link types are the LINKTYPE_ values of
 * https://www.tcpdump.org/linktypes.html. Allocates nothing, stays within the captured bytes, and
 * throws nothing.
 */
public final class LinkLayer {
  /** BSD loopback, address family in the byte order of the capturing machine. */
  public static final int NULL = 0;

  /** Ethernet. */
  public static final int ETHERNET = 1;

  /** PPP, with or without address and control field. */
  public static final int PPP = 9;

  /** Raw IP as DLT_RAW is numbered on most systems. */
  public static final int RAW_BSD = 12;

  /** Raw IP as DLT_RAW is numbered on OpenBSD. */
  public static final int RAW_OPENBSD = 14;

  /** PPP in HDLC-like framing. */
  public static final int PPP_HDLC = 50;

  /** Raw IPv4 or IPv6. */
  public static final int RAW = 101;

  /** OpenBSD loopback, address family in network byte order. */
  public static final int LOOP = 108;

  /** Linux cooked capture. */
  public static final int LINUX_SLL = 113;

  /** Raw IPv4. */
  public static final int IPV4 = 228;

  /** Raw IPv6. */
  public static final int IPV6 = 229;

  /** Linux cooked capture, version 2. */
  public static final int LINUX_SLL2 = 276;

  /** EtherType of IPv4. */
  public static final int ETHERTYPE_IPV4 = 0x0800;

  /** EtherType of IPv6. */
  public static final int ETHERTYPE_IPV6 = 0x86dd;

  private static final int ETHERTYPE_VLAN = 0x8100;
  private static final int ETHERTYPE_QINQ = 0x88a8;
  private static final int ETHERTYPE_QINQ_OLD = 0x9100;
  private static final int ETHERTYPE_PPPOE_SESSION = 0x8864;
  private static final int ETHERTYPE_802_3 = 0x0001;
  private static final int ETHERTYPE_802_2 = 0x0004;

  /** Below this the field of an Ethernet header is a length: linux/if_ether.h, ETH_P_802_3_MIN. */
  private static final int MIN_ETHERTYPE = 0x0600;

  private static final int ETHERNET_LENGTH = 14;
  private static final int SLL_LENGTH = 16;
  private static final int SLL2_LENGTH = 20;
  private static final int VLAN_LENGTH = 4;
  private static final int PPPOE_LENGTH = 6;
  private static final int SNAP_LENGTH = 8;
  private static final int FAMILY_LENGTH = 4;
  private static final int VLAN_ID = 0xfff;

  private static final int PPP_IPV4 = 0x0021;
  private static final int PPP_IPV6 = 0x0057;
  private static final int PPP_ADDRESS_CONTROL = 0xff03;

  private static final int FAMILY_IPV4 = 2;

  private LinkLayer() {}

  /**
   * Finds the network header of a frame.
   *
   * @param into overwritten as a whole
   * @return false when there is none, and {@link LinkHeader#problem} says why; a network protocol
   *     that is not IP is no failure
   */
  public static boolean decode(
      int linkType, byte[] buffer, int offset, int length, LinkHeader into) {
    into.clear();
    int end = offset + length;
    return switch (linkType) {
      case ETHERNET -> ethernet(buffer, offset, end, into);
      case RAW, RAW_BSD, RAW_OPENBSD -> raw(buffer, offset, end, -1, into);
      case IPV4 -> raw(buffer, offset, end, ETHERTYPE_IPV4, into);
      case IPV6 -> raw(buffer, offset, end, ETHERTYPE_IPV6, into);
      case LINUX_SLL -> cooked(buffer, offset, end, into);
      case LINUX_SLL2 -> cooked2(buffer, offset, end, into);
      case NULL, LOOP -> family(buffer, offset, end, into);
      case PPP, PPP_HDLC -> ppp(buffer, offset, end, into);
      default -> fail(into, Problem.UNKNOWN_LINK_TYPE);
    };
  }

  private static boolean fail(LinkHeader into, Problem problem) {
    into.problem = problem;
    return false;
  }

  private static boolean found(LinkHeader into, int etherType, int at, int end) {
    into.etherType = etherType;
    into.networkOffset = at;
    into.networkLength = end - at;
    return true;
  }

  private static boolean ethernet(byte[] buffer, int at, int end, LinkHeader into) {
    if (end - at < ETHERNET_LENGTH) {
      return fail(into, Problem.TRUNCATED);
    }
    into.macOffset = at;
    into.dstMac = Bytes.u48(buffer, at);
    into.srcMac = Bytes.u48(buffer, at + 6);
    int type = Bytes.u16(buffer, at + 12);
    int network = at + ETHERNET_LENGTH;
    return type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6
        ? found(into, type, network, end)
        : typed(type, buffer, network, end, into);
  }

  /** What follows an EtherType or 802.3 length field, tags first. */
  private static boolean typed(int etherType, byte[] buffer, int offset, int end, LinkHeader into) {
    int type = etherType;
    int at = offset;
    while (type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ || type == ETHERTYPE_QINQ_OLD) {
      if (end - at < VLAN_LENGTH) {
        return fail(into, Problem.TRUNCATED);
      }
      tag(Bytes.u16(buffer, at) & VLAN_ID, into);
      type = Bytes.u16(buffer, at + 2);
      at += VLAN_LENGTH;
    }
    if (type < MIN_ETHERTYPE) {
      return llc(buffer, at, Math.min(end, at + type), into);
    }
    return type == ETHERTYPE_PPPOE_SESSION
        ? pppoe(buffer, at, end, into)
        : found(into, type, at, end);
  }

  private static void tag(int vlan, LinkHeader into) {
    if (into.vlan < 0) {
      into.vlan = vlan;
    } else if (into.innerVlan < 0) {
      into.innerVlan = vlan;
    }
  }

  /** IEEE 802.2; SNAP of RFC 1042 and of bridge tunnels (IEEE 802.1H) hold an EtherType. */
  private static boolean llc(byte[] buffer, int at, int end, LinkHeader into) {
    if (end - at < 2) {
      return fail(into, Problem.TRUNCATED);
    }
    int saps = Bytes.u16(buffer, at);
    if (saps == 0xffff) {
      return found(into, ETHERTYPE_802_3, at, end);
    }
    if (saps != 0xaaaa || end - at < SNAP_LENGTH) {
      return found(into, ETHERTYPE_802_2, at, end);
    }
    int controlAndOui = Bytes.i32(buffer, at + 2);
    int type = Bytes.u16(buffer, at + 6);
    boolean holdsEtherType = controlAndOui == 0x03000000 || controlAndOui == 0x030000f8;
    if (!holdsEtherType || type < MIN_ETHERTYPE) {
      return found(into, ETHERTYPE_802_2, at, end);
    }
    into.snap = true;
    return found(into, type, at + SNAP_LENGTH, end);
  }

  /** RFC 2516 section 4, then a PPP protocol number. */
  private static boolean pppoe(byte[] buffer, int at, int end, LinkHeader into) {
    if (end - at < PPPOE_LENGTH + 2) {
      return fail(into, Problem.TRUNCATED);
    }
    boolean session = Bytes.u16(buffer, at) == 0x1100;
    int type = session ? pppEtherType(Bytes.u16(buffer, at + PPPOE_LENGTH)) : -1;
    if (type < 0) {
      return found(into, ETHERTYPE_PPPOE_SESSION, at, end);
    }
    into.pppoeSession = Bytes.u16(buffer, at + 2);
    int payload = at + PPPOE_LENGTH;
    int payloadEnd = Math.min(end, payload + Math.max(2, Bytes.u16(buffer, at + 4)));
    return found(into, type, payload + 2, payloadEnd);
  }

  private static int pppEtherType(int protocol) {
    return protocol == PPP_IPV4 ? ETHERTYPE_IPV4 : protocol == PPP_IPV6 ? ETHERTYPE_IPV6 : -1;
  }

  /**
   * RFC 1661 section 2, RFC 1662 section 3.1: address, control and the protocol's high byte may be
   * left out.
   */
  private static boolean ppp(byte[] buffer, int offset, int end, LinkHeader into) {
    boolean withAddress = end - offset >= 2 && Bytes.u16(buffer, offset) == PPP_ADDRESS_CONTROL;
    int at = withAddress ? offset + 2 : offset;
    if (end - at < 2) {
      return fail(into, Problem.TRUNCATED);
    }
    boolean shortProtocol = (buffer[at] & 1) != 0;
    int protocol = shortProtocol ? buffer[at] & 0xff : Bytes.u16(buffer, at);
    return found(into, pppEtherType(protocol), shortProtocol ? at + 1 : at + 2, end);
  }

  private static boolean raw(byte[] buffer, int at, int end, int expected, LinkHeader into) {
    if (end - at < 1) {
      return fail(into, Problem.TRUNCATED);
    }
    int version = buffer[at] >> 4 & 0xf;
    int type = version == 4 ? ETHERTYPE_IPV4 : version == 6 ? ETHERTYPE_IPV6 : -1;
    boolean fits = type >= 0 && (expected < 0 || expected == type);
    return fits ? found(into, type, at, end) : fail(into, Problem.BAD_IP_VERSION);
  }

  /** https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html */
  private static boolean cooked(byte[] buffer, int at, int end, LinkHeader into) {
    if (end - at < SLL_LENGTH) {
      return fail(into, Problem.TRUNCATED);
    }
    into.packetType = Bytes.u16(buffer, at);
    if (Bytes.u16(buffer, at + 4) == 6) {
      into.srcMac = Bytes.u48(buffer, at + 6);
    }
    return cookedProtocol(Bytes.u16(buffer, at + 14), buffer, at + SLL_LENGTH, end, into);
  }

  /** https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html */
  private static boolean cooked2(byte[] buffer, int at, int end, LinkHeader into) {
    if (end - at < SLL2_LENGTH) {
      return fail(into, Problem.TRUNCATED);
    }
    into.interfaceIndex = Bytes.i32(buffer, at + 4);
    into.packetType = buffer[at + 10] & 0xff;
    if (buffer[at + 11] == 6) {
      into.srcMac = Bytes.u48(buffer, at + 12);
    }
    return cookedProtocol(Bytes.u16(buffer, at), buffer, at + SLL2_LENGTH, end, into);
  }

  /** Where Ethernet has a length a cooked capture has one of Linux's own protocol numbers. */
  private static boolean cookedProtocol(
      int protocol, byte[] buffer, int at, int end, LinkHeader into) {
    if (protocol >= MIN_ETHERTYPE) {
      return typed(protocol, buffer, at, end, into);
    }
    return protocol == ETHERTYPE_802_2
        ? llc(buffer, at, end, into)
        : found(into, protocol, at, end);
  }

  /**
   * https://www.tcpdump.org/linktypes/LINKTYPE_NULL.html; either byte order in both link types,
   * families are below 256.
   */
  private static boolean family(byte[] buffer, int at, int end, LinkHeader into) {
    if (end - at < FAMILY_LENGTH) {
      return fail(into, Problem.TRUNCATED);
    }
    int big = Bytes.i32(buffer, at);
    int family = (big & 0xffff0000) == 0 ? big : Integer.reverseBytes(big);
    int type =
        switch (family) {
          case FAMILY_IPV4 -> ETHERTYPE_IPV4;
          // Linux, NetBSD and OpenBSD, FreeBSD, macOS
          case 10, 24, 28, 30 -> ETHERTYPE_IPV6;
          default -> -1;
        };
    return type < 0
        ? fail(into, Problem.UNKNOWN_FAMILY)
        : found(into, type, at + FAMILY_LENGTH, end);
  }
}
