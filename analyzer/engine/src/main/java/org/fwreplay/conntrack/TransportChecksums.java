package org.fwreplay.conntrack;

import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;

/** Verifies what connection tracking verifies on arrival ({@code nf_ip_checksum}). */
public final class TransportChecksums {
  private TransportChecksums() {}

  /**
   * Whether the checksum over the transport segment is right as the hooks see it: with pseudo
   * header for TCP, UDP and all of IPv6. IPv4's own header is summed, too: it comes to nothing, but
   * makes a segment of zeros right. The segment reaches from {@link Packet#transport} to {@link
   * Packet#end}.
   */
  public static boolean good(Packet p) {
    if (p.checksumVerified) {
      return true;
    }
    int from = p.ipv6 ? p.transport : p.network;
    boolean plain = !p.ipv6 && p.protocol != Protocols.TCP && p.protocol != Protocols.UDP;
    long pseudo = plain ? 0 : Checksums.pseudo(p, p.protocol, p.end - p.transport);
    p.checksumVerified = sumsUp(p, from, p.end - from, pseudo);
    return p.checksumVerified;
  }

  /** The same as the host's protocols look at it: {@code length} bytes, IPv4's header apart. */
  public static boolean goodSegment(Packet p, int length) {
    if (p.checksumVerified) {
      return true;
    }
    long pseudo = p.protocol == Protocols.ICMP ? 0 : Checksums.pseudo(p, p.protocol, length);
    return sumsUp(p, p.transport, length, pseudo);
  }

  private static boolean sumsUp(Packet p, int from, int length, long start) {
    return Checksums.fold(Checksums.sum(p.buffer, from, length, start)) == 0xffff;
  }

  /**
   * The same over the first {@code coverage} bytes, for UDP-Lite. Linux sums UDP's protocol number
   * into the pseudo header here, not UDP-Lite's own, and so do we.
   */
  static boolean goodPartly(Packet p, int coverage) {
    int length = p.end - p.transport;
    long pseudo = Checksums.pseudo(p, Protocols.UDP, length);
    return sumsUp(p, p.transport, coverage, pseudo);
  }

  /**
   * Sums the transport segment of a TCP or UDP packet anew; never 0, as the kernel's {@code
   * skb_checksum_help}.
   */
  static void write(Packet p) {
    int length = p.end - p.transport;
    int at = p.transport + (p.protocol == Protocols.TCP ? Tcp.CHECKSUM : Udp.CHECKSUM);
    Bytes.put16(p.buffer, at, 0);
    long pseudo = Checksums.pseudo(p, p.protocol, length);
    int sum = Checksums.finish(Checksums.sum(p.buffer, p.transport, length, pseudo));
    Bytes.put16(p.buffer, at, sum == 0 ? 0xffff : sum);
    p.checksumPartial = false;
  }
}
