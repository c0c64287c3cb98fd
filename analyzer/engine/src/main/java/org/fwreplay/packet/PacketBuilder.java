package org.fwreplay.packet;

/** Writes the packets that the host itself makes, into a packet's own buffer. */
public final class PacketBuilder {
  private static final int IPV6_VERSION = 0x60000000;

  private PacketBuilder() {}

  /**
   * Starts an IPv4 packet without options; length, checksum and addresses are written, the
   * transport part is the caller's.
   *
   * @param payload length of what follows the header
   */
  public static void ipv4(
      Packet p,
      int tos,
      int id,
      boolean df,
      int ttl,
      int protocol,
      long src,
      long dst,
      int payload) {
    byte[] b = start(p, false, Ipv4.MIN_LENGTH, payload, protocol);
    int at = p.network;
    Bytes.put16(b, at, 0x4500 | tos);
    Bytes.put16(b, at + Ipv4.TOTAL_LENGTH, Ipv4.MIN_LENGTH + payload);
    Bytes.put16(b, at + Ipv4.ID, id);
    Bytes.put16(b, at + Ipv4.FRAGMENT, df ? Ipv4.DF : 0);
    Bytes.put8(b, at + Ipv4.TTL, ttl);
    Bytes.put8(b, at + Ipv4.PROTOCOL, protocol);
    Bytes.put32(b, at + Ipv4.SOURCE, (int) src);
    Bytes.put32(b, at + Ipv4.DESTINATION, (int) dst);
    Checksums.ipv4Header(b, at);
  }

  /**
   * Makes room for options behind a fresh IPv4 header, a multiple of four bytes, and writes them.
   */
  public static void insertIpv4Options(Packet p, byte[] options, int length) {
    System.arraycopy(options, 0, p.buffer, p.transport, length);
    p.transport += length;
    p.end += length;
    int at = p.network;
    Bytes.put8(p.buffer, at, 0x40 | (p.transport - at) / 4);
    Bytes.put16(p.buffer, at + Ipv4.TOTAL_LENGTH, p.end - at);
    Checksums.ipv4Header(p.buffer, at);
  }

  /** Starts an IPv6 packet; addresses are written by {@link #ipv6Addresses}. */
  public static void ipv6(Packet p, int trafficClass, int hopLimit, int next, int payload) {
    byte[] b = start(p, true, Ipv6.LENGTH, payload, next);
    int at = p.network;
    Bytes.put32(b, at, IPV6_VERSION | trafficClass << 20);
    Bytes.put16(b, at + Ipv6.PAYLOAD_LENGTH, payload);
    Bytes.put8(b, at + Ipv6.NEXT_HEADER, next);
    Bytes.put8(b, at + Ipv6.HOP_LIMIT, hopLimit);
  }

  /** Writes an IPv6 packet's addresses. */
  public static void ipv6Addresses(Packet p, long srcHi, long srcLo, long dstHi, long dstLo) {
    Bytes.put64(p.buffer, p.network + Ipv6.SOURCE, srcHi);
    Bytes.put64(p.buffer, p.network + Ipv6.SOURCE + 8, srcLo);
    Bytes.put64(p.buffer, p.network + Ipv6.DESTINATION, dstHi);
    Bytes.put64(p.buffer, p.network + Ipv6.DESTINATION + 8, dstLo);
  }

  private static byte[] start(Packet p, boolean six, int header, int payload, int protocol) {
    byte[] b = p.ownBuffer();
    p.buffer = b;
    p.ipv6 = six;
    p.mac = -1;
    p.network = Packet.HEADROOM;
    p.transport = p.network + header;
    p.end = p.transport + payload;
    p.protocol = protocol;
    p.fragmentOffset = 0;
    p.moreFragments = false;
    p.local = true;
    return b;
  }

  /**
   * Writes a transport checksum over the whole segment, with pseudo header but for ICMP; an ICMP
   * message of zeros gets 0, as from Linux ({@code csum_partial_copy_nocheck} begins with ~0).
   */
  public static void transportChecksum(Packet p, int offset) {
    int at = p.transport + offset;
    int length = p.end - p.transport;
    Bytes.put16(p.buffer, at, 0);
    long pseudo = p.protocol == Protocols.ICMP ? 0xffff : Checksums.pseudo(p, p.protocol, length);
    Bytes.put16(
        p.buffer, at, Checksums.finish(Checksums.sum(p.buffer, p.transport, length, pseudo)));
  }
}
