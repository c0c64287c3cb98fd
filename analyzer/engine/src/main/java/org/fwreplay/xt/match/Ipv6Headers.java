package org.fwreplay.xt.match;

import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Evaluation;

/** Walks the extension headers of an IPv6 packet (RFC 8200 section 4) as the kernel does. */
final class Ipv6Headers {
  /** The packet has no such header. */
  static final int NOT_FOUND = -1;

  /** The packet ends within its headers. */
  static final int BROKEN = -2;

  private static final int SHORTEST = 2;
  private static final int ROUTING_LENGTH = 4;
  private static final int FRAGMENT_LENGTH = 8;

  private Ipv6Headers() {}

  /**
   * Where the first extension header of a type begins, as {@code ipv6_find_hdr}: an absolute
   * offset, {@link #NOT_FOUND} or {@link #BROKEN}.
   */
  static int find(Packet packet, int target) {
    int next = packet.u8(packet.network + Ipv6.NEXT_HEADER);
    int at = packet.network + Ipv6.LENGTH;
    while (Protocols.isExtensionHeader(next) && next != Protocols.NONE) {
      if (!packet.has(at, SHORTEST)
          || next == Protocols.ROUTING && !packet.has(at, ROUTING_LENGTH)
          || next == Protocols.FRAGMENT && !packet.has(at, 4)) {
        return BROKEN;
      }
      if (next == target) {
        return at;
      }
      if (next == Protocols.FRAGMENT && (packet.u16(at + 2) & ~7) != 0) {
        return NOT_FOUND;
      }
      int length = length(packet, next, at);
      next = packet.u8(at);
      at += length;
    }
    return next == target ? at : NOT_FOUND;
  }

  /**
   * Where the first extension header of a type begins that lies in the packet with all of its
   * length: an absolute offset, or negative. The packet is dropped where one is there only in part,
   * as most matches on such headers do.
   *
   * @param least the bytes of it that must be there to be looked at
   */
  static int findWhole(Packet packet, int target, int least, Evaluation evaluation) {
    int at = find(packet, target);
    if (at == NOT_FOUND) {
      return at;
    }
    if (at == BROKEN || !packet.has(at, least) || !packet.has(at, length(packet, target, at))) {
      evaluation.hotDrop = true;
      return BROKEN;
    }
    return at;
  }

  /**
   * Where the header behind all extension headers begins, as {@code ipv6_skip_exthdr}: an offset
   * from the IP header in the upper bits, its next-header value in the lower eight; or {@link
   * #BROKEN}. For a later fragment it is the fragment header.
   */
  static int skip(Packet packet) {
    int next = packet.u8(packet.network + Ipv6.NEXT_HEADER);
    int at = packet.network + Ipv6.LENGTH;
    while (Protocols.isExtensionHeader(next)) {
      if (next == Protocols.NONE
          || !packet.has(at, SHORTEST)
          || next == Protocols.FRAGMENT && !packet.has(at, 4)) {
        return BROKEN;
      }
      if (next == Protocols.FRAGMENT && (packet.u16(at + 2) & ~7) != 0) {
        break;
      }
      int length = length(packet, next, at);
      next = packet.u8(at);
      at += length;
    }
    return at - packet.network << 8 | next;
  }

  /** The length of an extension header of which the first two bytes are there. */
  static int length(Packet packet, int type, int at) {
    return switch (type) {
      case Protocols.FRAGMENT -> FRAGMENT_LENGTH;
      case Protocols.AH -> (packet.u8(at + 1) + 2) << 2;
      default -> (packet.u8(at + 1) + 1) << 3;
    };
  }
}
