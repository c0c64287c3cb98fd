package org.fwreplay.hook;

import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/** IPv6 hop-by-hop options as every router looks at them (ip6_parse_tlv). */
final class HopByHop {
  private static final int PAD1 = 0;
  private static final int PADN = 1;
  private static final int ROUTER_ALERT = 5;
  private static final int IOAM = 0x31;
  private static final int CALIPSO = 7;
  private static final int JUMBO = 0xc2;

  private HopByHop() {}

  /** Whether a hop-by-hop header is whole and holds no option that forbids to go on. */
  static boolean isSound(Packet p) {
    if (p.u8(p.network + Ipv6.NEXT_HEADER) != Protocols.HOPOPTS) {
      return true;
    }
    int at = p.network + Ipv6.LENGTH;
    if (at + 8 > p.end) {
      return false;
    }
    int end = at + (p.u8(at + 1) + 1) * 8;
    return end <= p.end && optionsAreSound(p, at + 2, end);
  }

  private static boolean optionsAreSound(Packet p, int from, int end) {
    int at = from;
    int padding = 0;
    while (at < end) {
      int kind = p.u8(at);
      if (kind == PAD1) {
        if (++padding > 7) {
          return false;
        }
        at++;
        continue;
      }
      if (at + 2 > end) {
        return false;
      }
      int length = p.u8(at + 1) + 2;
      if (at + length > end) {
        return false;
      }
      if (kind == PADN) {
        padding += length;
        if (padding > 7 || !isZero(p, at + 2, length - 2)) {
          return false;
        }
      } else {
        padding = 0;
        boolean known = kind == ROUTER_ALERT || kind == IOAM || kind == CALIPSO || kind == JUMBO;
        if (!known && kind >> 6 != 0) {
          return false;
        }
      }
      at += length;
    }
    return true;
  }

  private static boolean isZero(Packet p, int at, int length) {
    for (int i = 0; i < length; i++) {
      if (p.u8(at + i) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Offset, from the IPv6 header, of the next-header field that names what the packet is delivered
   * to: behind the headers that every host processes. AH is not among them, it takes IPsec.
   */
  static int deliveredNextHeaderOffset(Packet p) {
    int field = p.network + Ipv6.NEXT_HEADER;
    int at = p.network + Ipv6.LENGTH;
    while (isProcessed(p.u8(field)) && at + 2 <= p.end) {
      boolean fragment = p.u8(field) == Protocols.FRAGMENT;
      field = at;
      at += fragment ? 8 : (p.u8(at + 1) + 1) * 8;
    }
    return field - p.network;
  }

  private static boolean isProcessed(int header) {
    return header == Protocols.HOPOPTS
        || header == Protocols.ROUTING
        || header == Protocols.FRAGMENT
        || header == Protocols.DSTOPTS;
  }
}
