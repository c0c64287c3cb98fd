package org.fwreplay.helper;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.Expectations;
import org.fwreplay.nat.Nat;
import org.fwreplay.nat.NatRange;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;

/** What the NAT halves of helpers share: nf_nat_helper. */
final class NatHelper {
  private static final int MAX_ATTEMPTS = 128;
  private static final int MAX_PORT = 65_535;

  private final Conntrack conntrack;
  private final Nat nat;
  private final SplittableRandom random;

  NatHelper(HelperContext context) {
    conntrack = context.conntrack();
    nat = context.nat();
    random = context.random();
  }

  /** Whether the connection is translated at all. */
  static boolean isTranslated(Connection ct) {
    return ct.isAny(Connection.NAT_MASK);
  }

  /** The offset of a TCP segment's payload in the packet's buffer. */
  static int tcpPayload(Packet p) {
    return p.transport + (p.u8(p.transport + Tcp.DATA_OFFSET) >> 4) * 4;
  }

  /** ASCII bytes of a text. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Replaces a part of a TCP segment's payload; later segments get other sequence numbers where the
   * length changes ({@code nf_nat_mangle_tcp_packet}).
   *
   * @param offset from the start of the payload
   * @param length of what is replaced
   */
  boolean mangleTcp(Packet p, Connection ct, int info, int offset, int length, byte[] with) {
    return mangleTcp(p, ct, info, offset, length, with, true);
  }

  /**
   * The same.
   *
   * @param adjust whether sequence numbers follow at once; without it the caller sees to that
   */
  boolean mangleTcp(
      Packet p, Connection ct, int info, int offset, int length, byte[] with, boolean adjust) {
    if (!replace(p, ct, info, tcpPayload(p), offset, length, with)) {
      return false;
    }
    if (adjust) {
      int sequence = Bytes.i32(p.buffer, p.transport + Tcp.SEQUENCE);
      conntrack.adjustSequence(ct, info, sequence, with.length - length);
    }
    p.checksumPartial = true;
    return true;
  }

  /**
   * Replaces a part of a UDP datagram's payload ({@code nf_nat_mangle_udp_packet}).
   *
   * @param offset from the start of the payload
   * @param length of what is replaced
   */
  boolean mangleUdp(Packet p, Connection ct, int info, int offset, int length, byte[] with) {
    if (!replace(p, ct, info, p.transport + Udp.LENGTH, offset, length, with)) {
      return false;
    }
    Bytes.put16(p.buffer, p.transport + Udp.UDP_LENGTH, p.end - p.transport);
    p.checksumPartial |= p.u16(p.transport + Udp.CHECKSUM) != 0;
    return true;
  }

  private boolean replace(
      Packet p, Connection ct, int info, int payload, int offset, int length, byte[] with) {
    if (p.length() + with.length - length > MAX_PORT) {
      return false;
    }
    byte[] before = Arrays.copyOfRange(p.buffer, payload + offset, payload + offset + length);
    replace(p, payload - p.network + offset, length, with);
    if (!Arrays.equals(before, with)) {
      conntrack.listener().rewritten(ct, info, offset, before, with);
    }
    return true;
  }

  /** Replaces bytes {@code offset} behind the IP header's start, and writes the IP length. */
  private static void replace(Packet p, int offset, int length, byte[] with) {
    int growth = with.length - length;
    if (growth != 0) {
      p.makeOwn();
      int behind = p.network + offset + length;
      System.arraycopy(p.buffer, behind, p.buffer, behind + growth, p.end - behind);
      p.end += growth;
      writeLength(p);
    }
    System.arraycopy(with, 0, p.buffer, p.network + offset, with.length);
  }

  private static void writeLength(Packet p) {
    if (p.ipv6) {
      Bytes.put16(p.buffer, p.network + Ipv6.PAYLOAD_LENGTH, p.length() - Ipv6.LENGTH);
    } else {
      Bytes.put16(p.buffer, p.network + Ipv4.TOTAL_LENGTH, p.length());
      Checksums.ipv4Header(p.buffer, p.network);
    }
  }

  /**
   * Waits for the expectation at the given port or, where that is busy, at another one above it
   * ({@code nf_nat_exp_find_port}).
   *
   * @return the port, 0 where none is free
   */
  int expectAtFreePort(Expectation e, int port) {
    int range = MAX_PORT - port;
    int attempts = Math.min(range, MAX_ATTEMPTS);
    int tried = port;
    while (true) {
      e.tuple.destinationPort = tried;
      int result = conntrack.expectations().expect(e);
      if (result == Expectations.EXPECTED) {
        return tried;
      }
      if (result != Expectations.BUSY || --attempts < 0) {
        return 0;
      }
      tried = port + random.nextInt(range);
    }
  }

  /**
   * Translates an expected connection as its master is: its source to where the master's peer sees
   * it, its destination to the real end and the port that was announced ({@code
   * nf_nat_follow_master}).
   */
  void followMaster(Connection ct, Expectation e) {
    var answer = ct.master.tuple(1 - e.direction);
    NatRange source = NatRange.of(answer.destinationHi, answer.destinationLo);
    nat.setup(ct, source, Nat.SOURCE);
    NatRange destination = NatRange.of(answer.sourceHi, answer.sourceLo, e.savedPort);
    nat.setup(ct, destination, Nat.DESTINATION);
  }
}
