package org.fwreplay.packet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Builds packets and fragments for the tests of this package. */
final class FragmentCases {
  static final int HEADER = 20;
  private static final byte[] MAC = {2, 0, 0, 0, 1, 1, 2, 0, 0, 0, 1, 16, 8, 0};

  private FragmentCases() {}

  static byte[] bytes(int count, RandomGenerator random) {
    byte[] b = new byte[count];
    random.nextBytes(b);
    return b;
  }

  /** An IPv4 packet or fragment from 192.168.1.10 to 203.0.113.254. */
  static Packet ipv4(int id, int fragment, int protocol, byte[] options, byte[] payload) {
    int header = HEADER + options.length;
    byte[] b = new byte[MAC.length + header + payload.length];
    System.arraycopy(MAC, 0, b, 0, MAC.length);
    int at = MAC.length;
    b[at] = (byte) (0x40 | header / 4);
    Bytes.put16(b, at + Ipv4.TOTAL_LENGTH, header + payload.length);
    Bytes.put16(b, at + Ipv4.ID, id);
    Bytes.put16(b, at + Ipv4.FRAGMENT, fragment);
    b[at + Ipv4.TTL] = 63;
    b[at + Ipv4.PROTOCOL] = (byte) protocol;
    Bytes.put32(b, at + Ipv4.SOURCE, 0xc0a8010a);
    Bytes.put32(b, at + Ipv4.DESTINATION, 0xcb0071fe);
    System.arraycopy(options, 0, b, at + HEADER, options.length);
    System.arraycopy(payload, 0, b, at + header, payload.length);
    Checksums.ipv4Header(b, at);
    return packet(b, false);
  }

  /** A UDP fragment without options. */
  static Packet ipv4(int id, int offset, boolean more, byte[] payload) {
    return ipv4(id, offset / 8 | (more ? Ipv4.MF : 0), Protocols.UDP, new byte[0], payload);
  }

  /** An IPv6 fragment from 2001:db8:1::10 to 2001:db8:ff::fe. */
  static Packet ipv6(int id, int offset, boolean more, int next, byte[] payload) {
    return ipv6(id, offset, more, next, new byte[0], payload);
  }

  /** The same with destination options (a whole header, next header included) before. */
  static Packet ipv6(int id, int offset, boolean more, int next, byte[] options, byte[] payload) {
    byte[] b = new byte[MAC.length + Ipv6.LENGTH + options.length + 8 + payload.length];
    System.arraycopy(MAC, 0, b, 0, MAC.length);
    int at = MAC.length;
    b[at] = 0x60;
    Bytes.put16(b, at + Ipv6.PAYLOAD_LENGTH, options.length + 8 + payload.length);
    b[at + Ipv6.NEXT_HEADER] = (byte) (options.length > 0 ? Protocols.DSTOPTS : Protocols.FRAGMENT);
    b[at + Ipv6.HOP_LIMIT] = 63;
    Bytes.put64(b, at + Ipv6.SOURCE, 0x20010db800010000L);
    Bytes.put64(b, at + Ipv6.SOURCE + 8, 0x10);
    Bytes.put64(b, at + Ipv6.DESTINATION, 0x20010db800ff0000L);
    Bytes.put64(b, at + Ipv6.DESTINATION + 8, 0xfe);
    at += Ipv6.LENGTH;
    System.arraycopy(options, 0, b, at, options.length);
    at += options.length;
    b[at] = (byte) next;
    Bytes.put16(b, at + 2, offset | (more ? 1 : 0));
    Bytes.put32(b, at + 4, id);
    System.arraycopy(payload, 0, b, at + 8, payload.length);
    return packet(b, true);
  }

  private static Packet packet(byte[] b, boolean ipv6) {
    Packet p = new Packet();
    p.reset();
    p.buffer = b;
    p.mac = 0;
    p.network = MAC.length;
    p.end = b.length;
    p.ipv6 = ipv6;
    int word = ipv6 ? 0 : p.u16(p.network + Ipv4.FRAGMENT);
    p.fragmentOffset = (word & Ipv4.OFFSET_MASK) * 8;
    p.moreFragments = (word & Ipv4.MF) != 0;
    p.transport = p.network + (ipv6 ? Ipv6.LENGTH : p.ipv4HeaderLength());
    return p;
  }

  static Packet copy(Packet p) {
    Packet copy = new Packet();
    copy.copyFrom(p);
    return copy;
  }

  /** The packet's bytes from its IP header. */
  static byte[] ip(Packet p) {
    return Arrays.copyOfRange(p.buffer, p.network, p.end);
  }

  /** What follows the IP header; of an IPv6 fragment what follows its fragment header. */
  static byte[] payload(Packet p) {
    return Arrays.copyOfRange(p.buffer, p.transport, p.end);
  }

  static List<Packet> cut(Fragmenter fragmenter, Packet p, int mtu) {
    List<Packet> pieces = new ArrayList<>();
    int result = fragmenter.fragment(p, mtu, piece -> pieces.add(copy(piece)));
    if (result != Fragmenter.SENT) {
      throw new AssertionError("not cut: " + result);
    }
    return pieces;
  }
}
