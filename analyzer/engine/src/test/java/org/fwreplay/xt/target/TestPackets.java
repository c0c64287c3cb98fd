package org.fwreplay.xt.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.stream.IntStream;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Tcp;

/** TCP segments for tests of targets that rewrite them, and a look at what became of them. */
final class TestPackets {
  private TestPackets() {}

  /** A segment over IPv4, TTL 64; options in hexadecimal, a multiple of four bytes. */
  static Packet tcp4(int flags, String options, String data) {
    return tcp("192.0.2.2:40000", "198.51.100.7:443", flags, options, data);
  }

  /** A segment over IPv6, hop limit 64; options in hexadecimal, a multiple of four bytes. */
  static Packet tcp6(int flags, String options, String data) {
    return tcp("[2001:db8::2]:40000", "[2001:db8:1::7]:443", flags, options, data);
  }

  private static Packet tcp(String from, String to, int flags, String options, String data) {
    byte[] bytes = HexFormat.of().parseHex(options.replace(" ", ""));
    int[] values = IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
    return Packets.tcp(from, to).flags(flags).options(values).payload(data).build();
  }

  /** Lengths and checksums fit the packet as it is now. */
  static void assertSound(Packet p) {
    int length = p.end - p.transport;
    if (p.ipv6) {
      assertThat(p.u16(p.network + Ipv6.PAYLOAD_LENGTH)).as("payload length").isEqualTo(length);
    } else {
      assertThat(p.u16(p.network + Ipv4.TOTAL_LENGTH)).as("total length").isEqualTo(p.length());
      long header = Checksums.sum(p.buffer, p.network, p.transport - p.network, 0);
      assertThat(Checksums.fold(header)).as("header checksum").isEqualTo(0xffff);
    }
    long pseudo = Checksums.pseudo(p, p.protocol, length);
    assertThat(Checksums.fold(Checksums.sum(p.buffer, p.transport, length, pseudo)))
        .as("TCP checksum")
        .isEqualTo(0xffff);
  }

  /** The TCP options in hexadecimal. */
  static String options(Packet p) {
    int header = (p.u8(p.transport + Tcp.DATA_OFFSET) >> 4) * 4;
    return HexFormat.of().formatHex(p.buffer, p.transport + Tcp.MIN_LENGTH, p.transport + header);
  }

  /** All bytes of the packet in hexadecimal. */
  static String bytes(Packet p) {
    return HexFormat.of().formatHex(p.buffer, p.network, p.end);
  }
}
