package org.fwreplay.nat;

import org.fwreplay.conntrack.SctpTracker;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;

/** Rewrites addresses and ports in packets, checksums included: nf_nat_proto. */
final class Manipulation {
  private Manipulation() {}

  /** Rewrites the packet's source or destination to the tuple's; false where it is too short. */
  static boolean rewrite(Packet p, Tuple to, int manip) {
    if (!rewriteTransport(p, p.network, p.transport, p.protocol, to, manip)) {
      return false;
    }
    rewriteNetwork(p, p.network, to, manip);
    return true;
  }

  /** Rewrites the addresses of an ICMP error itself; its id is none. */
  static boolean rewriteAddress(Packet p, Tuple to, int manip) {
    if (p.ipv6) {
      int at = p.network + (manip == Nat.SOURCE ? Ipv6.SOURCE : Ipv6.DESTINATION);
      int sum = p.transport + Icmp.CHECKSUM;
      Bytes.put16(p.buffer, sum, replaceAddress(p, p.u16(sum), at, to, manip));
    }
    rewriteNetwork(p, p.network, to, manip);
    return true;
  }

  /** Rewrites an address of the IP header at {@code network}. */
  static void rewriteNetwork(Packet p, int network, Tuple to, int manip) {
    boolean source = manip == Nat.SOURCE;
    long hi = source ? to.sourceHi : to.destinationHi;
    long lo = source ? to.sourceLo : to.destinationLo;
    if (p.ipv6) {
      int at = network + (source ? Ipv6.SOURCE : Ipv6.DESTINATION);
      Bytes.put64(p.buffer, at, hi);
      Bytes.put64(p.buffer, at + 8, lo);
      return;
    }
    int at = network + (source ? Ipv4.SOURCE : Ipv4.DESTINATION);
    int sum = network + Ipv4.CHECKSUM;
    int before = Bytes.i32(p.buffer, at);
    Bytes.put16(p.buffer, sum, Checksums.update32(p.u16(sum), before, (int) lo));
    Bytes.put32(p.buffer, at, (int) lo);
  }

  /** The transport checksum after the address at {@code at} becomes the tuple's. */
  private static int replaceAddress(Packet p, int checksum, int at, Tuple to, int manip) {
    long hi = manip == Nat.SOURCE ? to.sourceHi : to.destinationHi;
    long lo = manip == Nat.SOURCE ? to.sourceLo : to.destinationLo;
    if (!p.ipv6) {
      return Checksums.update32(checksum, Bytes.i32(p.buffer, at), (int) lo);
    }
    long sum = ~checksum & 0xffffL;
    for (int i = 0; i < 16; i += 2) {
      sum += ~p.u16(at + i) & 0xffff;
    }
    sum += (hi >>> 48) + (hi >>> 32 & 0xffff) + (hi >>> 16 & 0xffff) + (hi & 0xffff);
    sum += (lo >>> 48) + (lo >>> 32 & 0xffff) + (lo >>> 16 & 0xffff) + (lo & 0xffff);
    return Checksums.finish(sum);
  }

  private static boolean rewriteTransport(
      Packet p, int network, int at, int protocol, Tuple to, int manip) {
    int port = manip == Nat.SOURCE ? to.sourcePort : to.destinationPort;
    switch (protocol) {
      case Protocols.TCP:
        if (at + 8 > p.end) {
          return false;
        }
        rewritePort(p, network, at, Tcp.CHECKSUM, at + Tcp.MIN_LENGTH <= p.end, to, manip, port);
        return true;
      case Protocols.UDP, Protocols.UDPLITE:
        return rewriteUdp(p, network, at, to, manip, port);
      case Protocols.SCTP:
        return rewriteSctp(p, at, manip, port);
      case Protocols.ICMP:
        return rewriteIcmp(p, at, to);
      case Protocols.ICMPV6:
        return rewriteIcmp6(p, network, at, to, manip);
      case Protocols.GRE:
        return rewriteGre(p, at, to, manip);
      default:
        return true;
    }
  }

  private static void rewritePort(
      Packet p, int network, int at, int sumOffset, boolean hasSum, Tuple to, int manip, int port) {
    int portAt = at + (manip == Nat.SOURCE ? 0 : 2);
    int before = p.u16(portAt);
    Bytes.put16(p.buffer, portAt, port);
    if (!hasSum) {
      return;
    }
    int sumAt = at + sumOffset;
    int sum = replaceAddress(p, p.u16(sumAt), addressAt(p, network, manip), to, manip);
    Bytes.put16(p.buffer, sumAt, Checksums.update16(sum, before, port));
  }

  private static int addressAt(Packet p, int network, int manip) {
    if (p.ipv6) {
      return network + (manip == Nat.SOURCE ? Ipv6.SOURCE : Ipv6.DESTINATION);
    }
    return network + (manip == Nat.SOURCE ? Ipv4.SOURCE : Ipv4.DESTINATION);
  }

  private static boolean rewriteUdp(Packet p, int network, int at, Tuple to, int manip, int port) {
    if (at + Udp.LENGTH > p.end) {
      return false;
    }
    int sumAt = at + Udp.CHECKSUM;
    boolean hasSum = p.u16(sumAt) != 0;
    rewritePort(p, network, at, Udp.CHECKSUM, hasSum, to, manip, port);
    if (hasSum && p.u16(sumAt) == 0) {
      Bytes.put16(p.buffer, sumAt, 0xffff);
    }
    return true;
  }

  private static boolean rewriteSctp(Packet p, int at, int manip, int port) {
    if (at + 8 > p.end) {
      return false;
    }
    Bytes.put16(p.buffer, at + (manip == Nat.SOURCE ? 0 : 2), port);
    if (at == p.transport && at + SctpTracker.HEADER_LENGTH <= p.end) {
      SctpTracker.writeChecksum(p);
    }
    return true;
  }

  private static boolean rewriteIcmp(Packet p, int at, Tuple to) {
    if (at + Icmp.LENGTH > p.end) {
      return false;
    }
    int type = p.u8(at);
    boolean hasId =
        switch (type) {
          case Icmp.ECHO_REQUEST,
              Icmp.ECHO_REPLY,
              Icmp.TIMESTAMP,
              Icmp.TIMESTAMP_REPLY,
              Icmp.INFO_REQUEST,
              Icmp.INFO_REPLY,
              Icmp.ADDRESS_MASK,
              Icmp.ADDRESS_MASK_REPLY ->
              true;
          default -> false;
        };
    if (hasId) {
      rewriteId(p, at, to.sourcePort);
    }
    return true;
  }

  private static void rewriteId(Packet p, int at, int id) {
    int sum = Checksums.update16(p.u16(at + Icmp.CHECKSUM), p.u16(at + Icmp.ID), id);
    Bytes.put16(p.buffer, at + Icmp.CHECKSUM, sum);
    Bytes.put16(p.buffer, at + Icmp.ID, id);
  }

  private static boolean rewriteIcmp6(Packet p, int network, int at, Tuple to, int manip) {
    if (at + Icmp.LENGTH > p.end) {
      return false;
    }
    int sumAt = at + Icmp.CHECKSUM;
    int sum = replaceAddress(p, p.u16(sumAt), addressAt(p, network, manip), to, manip);
    Bytes.put16(p.buffer, sumAt, sum);
    int type = p.u8(at);
    if (type == Icmp.V6_ECHO_REQUEST || type == Icmp.V6_ECHO_REPLY) {
      rewriteId(p, at, to.sourcePort);
    }
    return true;
  }

  /**
   * Only PPTP's GRE (version 1) has a call id, that of the receiver; other versions are unknown.
   */
  private static boolean rewriteGre(Packet p, int at, Tuple to, int manip) {
    if (at + 8 > p.end) {
      return false;
    }
    if (manip == Nat.SOURCE) {
      return true;
    }
    int version = p.u16(at) & 7;
    if (version == 1) {
      Bytes.put16(p.buffer, at + 6, to.destinationPort);
    }
    return version <= 1;
  }

  // -- ICMP errors -------------------------------------------------------------------------------

  /** Whether the ICMP message is whole and its checksum right. */
  static boolean isIntactIcmp(Packet p) {
    int length = p.end - p.transport;
    if (length < Icmp.LENGTH) {
      return false;
    }
    long pseudo = p.ipv6 ? Checksums.pseudo(p, Protocols.ICMPV6, length) : 0;
    return Checksums.fold(Checksums.sum(p.buffer, p.transport, length, pseudo)) == 0xffff;
  }

  static boolean isRedirect(Packet p) {
    return p.u8(p.transport) == (p.ipv6 ? 137 : Icmp.REDIRECT);
  }

  /** Rewrites the packet that an ICMP error quotes, then the ICMP checksum. */
  static boolean rewriteEmbedded(Packet p, Tuple to, int manip) {
    int inner = p.transport + Icmp.LENGTH;
    int transport;
    int protocol;
    if (p.ipv6) {
      if (inner + Ipv6.LENGTH > p.end) {
        return false;
      }
      protocol = p.u8(inner + Ipv6.NEXT_HEADER);
      transport = inner + Ipv6.LENGTH;
      while (Protocols.isExtensionHeader(protocol) && protocol != Protocols.NONE) {
        if (transport + 8 > p.end) {
          return false;
        }
        int units = p.u8(transport + 1);
        int length =
            protocol == Protocols.FRAGMENT
                ? 8
                : protocol == Protocols.AH ? (units + 2) * 4 : (units + 1) * 8;
        protocol = p.u8(transport);
        transport += length;
      }
    } else {
      if (inner + Ipv4.MIN_LENGTH > p.end) {
        return false;
      }
      protocol = p.u8(inner + Ipv4.PROTOCOL);
      transport = inner + (p.u8(inner) & 15) * 4;
    }
    if (!rewriteTransport(p, inner, transport, protocol, to, manip)) {
      return false;
    }
    rewriteNetwork(p, inner, to, manip);
    int sumAt = p.transport + Icmp.CHECKSUM;
    int length = p.end - p.transport;
    Bytes.put16(p.buffer, sumAt, 0);
    long pseudo = p.ipv6 ? Checksums.pseudo(p, Protocols.ICMPV6, length) : 0;
    Bytes.put16(
        p.buffer, sumAt, Checksums.finish(Checksums.sum(p.buffer, p.transport, length, pseudo)));
    return true;
  }
}
