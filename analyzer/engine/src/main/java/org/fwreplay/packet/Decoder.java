package org.fwreplay.packet;

/**
 * Checks an arriving packet once, as ip_rcv and ip6_rcv do, and finds its transport header. After
 * {@link #OK} all of {@code [network, end)} is there, and the fixed IP header with it.
 */
public final class Decoder {
  /** The packet is sound. */
  public static final int OK = 0;

  /** Shorter than its header, wrong version or header length. */
  public static final int BAD_HEADER = 1;

  /** IPv4 header checksum wrong. */
  public static final int BAD_CHECKSUM = 2;

  /** The frame ends before the packet does. */
  public static final int TRUNCATED = 3;

  /** IPv6 addresses that never travel: loopback, multicast source, interface-local scope. */
  public static final int BAD_ADDRESS = 4;

  /** Words for the results, by value. */
  public static final String[] REASONS = {
    "ok", "bad IP header", "bad IP header checksum", "truncated packet", "bad IPv6 address"
  };

  private Decoder() {}

  /**
   * Checks the packet at {@code network}, trims {@code end} to its length and finds the transport
   * header.
   *
   * @param onLoopback whether the packet came in by the loopback interface
   * @return {@link #OK} or what is wrong
   */
  public static int decode(Packet p, boolean onLoopback) {
    if (p.end - p.network < 1) {
      return BAD_HEADER;
    }
    int result = p.ipv6 ? ipv6(p, onLoopback) : ipv4(p);
    if (result == OK) {
      transport(p);
    }
    return result;
  }

  private static int ipv4(Packet p) {
    int length = p.end - p.network;
    if (length < Ipv4.MIN_LENGTH || p.u8(p.network) >> 4 != 4) {
      return BAD_HEADER;
    }
    int header = p.ipv4HeaderLength();
    if (header < Ipv4.MIN_LENGTH || header > length) {
      return BAD_HEADER;
    }
    if (!p.headerVerified
        && Checksums.fold(Checksums.sum(p.buffer, p.network, header, 0)) != 0xffff) {
      return BAD_CHECKSUM;
    }
    int total = p.u16(p.network + Ipv4.TOTAL_LENGTH);
    if (total > length) {
      return TRUNCATED;
    }
    if (total < header) {
      return BAD_HEADER;
    }
    p.end = p.network + total;
    return OK;
  }

  private static int ipv6(Packet p, boolean onLoopback) {
    int length = p.end - p.network;
    if (length < Ipv6.LENGTH || p.u8(p.network) >> 4 != 6) {
      return BAD_HEADER;
    }
    if (!onLoopback && hasBadAddress(p)) {
      return BAD_ADDRESS;
    }
    int payload = p.u16(p.network + Ipv6.PAYLOAD_LENGTH);
    boolean jumbo = payload == 0 && p.u8(p.network + Ipv6.NEXT_HEADER) == Protocols.HOPOPTS;
    if (!jumbo) {
      if (payload + Ipv6.LENGTH > length) {
        return TRUNCATED;
      }
      p.end = p.network + Ipv6.LENGTH + payload;
    }
    return OK;
  }

  private static boolean hasBadAddress(Packet p) {
    boolean loopback =
        p.sourceHi() == 0 && p.sourceLo() == 1 || p.destinationHi() == 0 && p.destinationLo() == 1;
    boolean multicast = p.destinationHi() >>> 56 == 0xff;
    long scope = p.destinationHi() >>> 48 & 15;
    return loopback || p.sourceHi() >>> 56 == 0xff || multicast && scope <= 1;
  }

  /** Finds protocol, transport header and fragment fields anew. */
  public static void transport(Packet p) {
    if (p.ipv6) {
      transport6(p);
      return;
    }
    int fragment = p.u16(p.network + Ipv4.FRAGMENT);
    p.fragmentOffset = (fragment & Ipv4.OFFSET_MASK) * 8;
    p.moreFragments = (fragment & Ipv4.MF) != 0;
    p.protocol = p.u8(p.network + Ipv4.PROTOCOL);
    p.transport = p.network + p.ipv4HeaderLength();
  }

  /** Walks the header chain as {@code ipv6_find_hdr} does when it looks for the last header. */
  private static void transport6(Packet p) {
    int next = p.u8(p.network + Ipv6.NEXT_HEADER);
    int at = p.network + Ipv6.LENGTH;
    p.fragmentOffset = 0;
    p.moreFragments = false;
    while (Protocols.isExtensionHeader(next) && next != Protocols.NONE) {
      if (at + 2 > p.end) {
        next = -1;
        break;
      }
      int length;
      if (next == Protocols.FRAGMENT) {
        if (at + 4 > p.end) {
          next = -1;
          break;
        }
        int fragment = p.u16(at + 2);
        p.fragmentOffset = fragment & 0xfff8;
        p.moreFragments = (fragment & 1) != 0;
        length = 8;
      } else if (next == Protocols.AH) {
        length = (p.u8(at + 1) + 2) * 4;
      } else {
        length = (p.u8(at + 1) + 1) * 8;
      }
      next = p.u8(at);
      at += length;
      if (p.fragmentOffset != 0) {
        if (Protocols.isExtensionHeader(next) && next != Protocols.NONE) {
          next = -1;
        }
        break;
      }
    }
    p.protocol = next;
    p.transport = Math.min(at, p.end);
  }
}
