package org.fwreplay.conntrack;

import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/** Verifies what connection tracking verifies on arrival ({@code nf_ip_checksum}). */
public final class TransportChecksums {
  private TransportChecksums() {}

  /**
   * Whether the checksum over the transport segment is right: with pseudo header, but for ICMP over
   * IPv4. The segment reaches from {@link Packet#transport} to {@link Packet#end}.
   */
  public static boolean good(Packet p) {
    if (p.checksumVerified) {
      return true;
    }
    int length = p.end - p.transport;
    boolean plain = !p.ipv6 && p.protocol == Protocols.ICMP;
    long pseudo = plain ? 0 : Checksums.pseudo(p, p.protocol, length);
    boolean good = Checksums.fold(Checksums.sum(p.buffer, p.transport, length, pseudo)) == 0xffff;
    p.checksumVerified = good;
    return good;
  }

  /**
   * The same over the first {@code coverage} bytes, for UDP-Lite. Linux sums UDP's protocol number
   * into the pseudo header here, not UDP-Lite's own, and so do we.
   */
  static boolean goodPartly(Packet p, int coverage) {
    int length = p.end - p.transport;
    long pseudo = Checksums.pseudo(p, Protocols.UDP, length);
    return Checksums.fold(Checksums.sum(p.buffer, p.transport, coverage, pseudo)) == 0xffff;
  }
}
