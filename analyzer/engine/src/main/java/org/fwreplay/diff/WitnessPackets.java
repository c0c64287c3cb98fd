package org.fwreplay.diff;

import java.util.Arrays;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.PacketBuilder;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.region.Witness;

/** Makes packets of witnesses, and those that lead to a connection's state. */
public final class WitnessPackets {
  /** What a witness has; packets that lead there have more, to be told from it. */
  static final int TTL = 64;

  private static final int LEADING_TTL = TTL + 13;
  private static final int LATER_FRAGMENT = 185;
  private static final int SEQUENCE = 1_000;

  /** Types of requests with those of their replies. */
  private static final int[][] PAIRS4 = {{8, 0}, {13, 14}, {15, 16}, {17, 18}};

  private static final int[][] PAIRS6 = {{128, 129}, {139, 140}};

  private WitnessPackets() {}

  /** The packet of a witness as it comes to table filter, from its IP header on. */
  public static void make(boolean six, Witness w, Packet p) {
    start(six, w, false, TTL, p);
    transport(w, p, w.tcpFlags());
    if (w.laterFragment() && !six) {
      p.setIpv4Word(p.network + Ipv4.FRAGMENT, LATER_FRAGMENT);
    }
    boolean wrong = w.isState("INVALID");
    finish(p, wrong);
  }

  /**
   * A packet that comes before it.
   *
   * @param reply whether the other end sends it
   */
  static void lead(boolean six, Witness w, boolean reply, Packet p) {
    start(six, w, reply, LEADING_TTL, p);
    int flags = reply ? Tcp.SYN | Tcp.ACK : Tcp.SYN;
    transport(w, p, flags);
    int at = p.transport;
    if (p.protocol == Protocols.ICMP || p.protocol == Protocols.ICMPV6) {
      Bytes.put16(p.buffer, at, leadingIcmp(w.icmp() >> 8, six, reply) << 8);
    } else if (reply) {
      Bytes.put16(p.buffer, at, w.destinationPort());
      Bytes.put16(p.buffer, at + 2, w.sourcePort());
    }
    if (p.protocol == Protocols.TCP) {
      Bytes.put32(p.buffer, at + Tcp.SEQUENCE, reply ? 2 * SEQUENCE : SEQUENCE - 1);
      Bytes.put32(p.buffer, at + Tcp.ACKNOWLEDGMENT, reply ? SEQUENCE : 0);
    }
    finish(p, false);
  }

  /** The type of the request, or of its reply, that belongs to a message of a type. */
  private static int leadingIcmp(int type, boolean six, boolean reply) {
    for (int[] pair : six ? PAIRS6 : PAIRS4) {
      boolean isReply = type == pair[1];
      if (isReply || type == pair[0]) {
        return pair[isReply == reply ? 0 : 1];
      }
    }
    return type;
  }

  private static void start(boolean six, Witness w, boolean reply, int ttl, Packet p) {
    p.reset();
    int length = w.protocol() == Protocols.TCP ? Tcp.MIN_LENGTH : 8;
    long srcHi = reply ? w.destinationHi() : w.sourceHi();
    long srcLo = reply ? w.destinationLo() : w.sourceLo();
    long dstHi = reply ? w.sourceHi() : w.destinationHi();
    long dstLo = reply ? w.sourceLo() : w.destinationLo();
    if (six) {
      PacketBuilder.ipv6(p, 0, ttl, w.protocol(), length);
      PacketBuilder.ipv6Addresses(p, srcHi, srcLo, dstHi, dstLo);
    } else {
      PacketBuilder.ipv4(p, 0, 1, false, ttl, w.protocol(), srcLo, dstLo, length);
    }
    Arrays.fill(p.buffer, p.transport, p.end, (byte) 0);
  }

  private static void transport(Witness w, Packet p, int flags) {
    int at = p.transport;
    switch (w.protocol()) {
      case Protocols.TCP -> {
        Bytes.put32(p.buffer, at + Tcp.SEQUENCE, SEQUENCE);
        boolean ack = (flags & Tcp.ACK) != 0;
        Bytes.put32(p.buffer, at + Tcp.ACKNOWLEDGMENT, ack ? 2 * SEQUENCE + 1 : 0);
        Bytes.put8(p.buffer, at + Tcp.DATA_OFFSET, 0x50);
        Bytes.put8(p.buffer, at + Tcp.FLAGS, flags);
        Bytes.put16(p.buffer, at + Tcp.WINDOW, SEQUENCE);
      }
      case Protocols.UDP, Protocols.UDPLITE -> Bytes.put16(p.buffer, at + 4, 8);
      case Protocols.ICMP, Protocols.ICMPV6 -> {
        Bytes.put16(p.buffer, at, w.icmp());
        return;
      }
      default -> {}
    }
    Bytes.put16(p.buffer, at, w.sourcePort());
    Bytes.put16(p.buffer, at + 2, w.destinationPort());
  }

  /** Checksums, and a wrong one where connection tracking is not to know the packet. */
  private static void finish(Packet p, boolean wrong) {
    int sum =
        switch (p.protocol) {
          case Protocols.TCP -> Tcp.CHECKSUM;
          case Protocols.UDP, Protocols.UDPLITE -> 6;
          case Protocols.ICMP, Protocols.ICMPV6 -> 2;
          default -> -1;
        };
    if (sum >= 0) {
      int length = p.end - p.transport;
      long pseudo = p.protocol == Protocols.ICMP ? 0 : Checksums.pseudo(p, p.protocol, length);
      int value = Checksums.finish(Checksums.sum(p.buffer, p.transport, length, pseudo));
      Bytes.put16(p.buffer, p.transport + sum, wrong ? value ^ 0x5555 : value);
    }
    Decoder.transport(p);
  }
}
