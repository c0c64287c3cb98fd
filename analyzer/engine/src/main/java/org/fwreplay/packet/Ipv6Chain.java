package org.fwreplay.packet;

/** Walks over IPv6 extension headers, as fragmentation and reassembly do. */
final class Ipv6Chain {
  /** Length of a fragment header (RFC 8200 section 4.5). */
  static final int FRAGMENT_HEADER = 8;

  private Ipv6Chain() {}

  /**
   * Offset of the fragment header from the IP header, times 256, plus the offset of the next-header
   * field that leads to it; -1 for none. The kernel keeps the latter in 8 bits (find_prev_fhdr).
   */
  static int fragmentHeader(Packet p) {
    int next = p.u8(p.network + Ipv6.NEXT_HEADER);
    int before = Ipv6.NEXT_HEADER;
    int at = Ipv6.LENGTH;
    int length = p.length();
    while (next != Protocols.FRAGMENT) {
      if (!Protocols.isExtensionHeader(next) || next == Protocols.NONE || at + 2 > length) {
        return -1;
      }
      before = at & 0xff;
      int start = p.network + at;
      at += extensionLength(p, next, start);
      next = p.u8(start);
    }
    return at > length ? -1 : at << 8 | before;
  }

  private static int extensionLength(Packet p, int header, int at) {
    int units = p.u8(at + 1);
    return header == Protocols.AH ? (units + 2) * 4 : (units + 1) * 8;
  }

  /** A first fragment that ends before its upper-layer header does (RFC 8200 section 4.5). */
  static boolean isUpperHeaderTruncated(Packet p, int from) {
    int next = Protocols.FRAGMENT;
    int at = from;
    while (Protocols.isExtensionHeader(next)) {
      if (next == Protocols.NONE || at + 2 > p.end) {
        return false;
      }
      int size = FRAGMENT_HEADER;
      if (next != Protocols.FRAGMENT) {
        size = extensionLength(p, next, at);
      } else if (at + 4 > p.end || (p.u16(at + 2) & ~7) != 0) {
        return false;
      }
      next = p.u8(at);
      at += size;
    }
    int needed =
        switch (next) {
          case Protocols.TCP -> Tcp.MIN_LENGTH;
          case Protocols.UDP -> Udp.LENGTH;
          case Protocols.ICMPV6 -> Icmp.LENGTH;
          default -> 1;
        };
    return at + needed > p.end;
  }

  /**
   * The part that every fragment repeats (ip6_find_1stfragopt): its length in the upper 32 bits,
   * the offset of its last next-header field in the lower; -1 where the chain is cut off.
   * Destination options before a routing header, or without one, belong to it.
   */
  static long unfragmentable(Packet p) {
    int length = p.length();
    int at = Ipv6.LENGTH;
    int before = Ipv6.NEXT_HEADER;
    boolean routing = false;
    while (at <= length) {
      int next = p.u8(p.network + before);
      routing |= next == Protocols.ROUTING;
      boolean walkOver =
          next == Protocols.HOPOPTS
              || next == Protocols.ROUTING
              || next == Protocols.DSTOPTS && !routing;
      if (!walkOver) {
        return (long) at << 32 | before;
      }
      if (at + 2 > length) {
        return -1;
      }
      before = at;
      at += extensionLength(p, next, p.network + at);
    }
    return -1;
  }
}
