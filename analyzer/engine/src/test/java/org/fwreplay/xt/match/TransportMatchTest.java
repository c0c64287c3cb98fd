package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.TestRun;
import org.fwreplay.xt.TestRun.Bound;
import org.junit.jupiter.api.Test;

/** What matches on transport headers say of packets. */
class TransportMatchTest {
  private static final String A = "192.0.2.1:1000";
  private static final String B = "198.51.100.2:80";
  private static final String A6 = "[2001:db8::1]:1000";
  private static final String B6 = "[2001:db8::2]:80";

  private final TestRun run = new TestRun();

  private static Packets tcp() {
    return Packets.tcp(A, B);
  }

  @Test
  void tcpPortsMatchInsideTheirRange() {
    Packet packet = tcp().build();
    assertThat(run.match("tcp -p tcp").matches(packet)).isTrue();
    assertThat(run.match("tcp -p tcp --dport 80").matches(packet)).isTrue();
    assertThat(run.match("tcp -p tcp --dport 81").matches(packet)).isFalse();
    assertThat(run.match("tcp -p tcp ! --dport 80").matches(packet)).isFalse();
    assertThat(run.match("tcp -p tcp --sport 1000:1001 --dport 1:80").matches(packet)).isTrue();
    assertThat(run.match("tcp -p tcp --sport 1001: --dport 80").matches(packet)).isFalse();
    assertThat(run.match6("tcp -p tcp --dport 80").matches(Packets.tcp(A6, B6).build())).isTrue();
  }

  @Test
  void synIsSynWithoutRstAckFin() {
    Bound syn = run.match("tcp -p tcp --syn");
    assertThat(syn.matches(tcp().flags(Tcp.SYN).build())).isTrue();
    assertThat(syn.matches(tcp().flags(Tcp.SYN | Tcp.PSH | Tcp.ECE).build())).isTrue();
    assertThat(syn.matches(tcp().flags(Tcp.SYN | Tcp.ACK).build())).isFalse();
    Bound notSyn = run.match("tcp -p tcp ! --syn");
    assertThat(notSyn.matches(tcp().flags(Tcp.SYN | Tcp.ACK).build())).isTrue();
  }

  @Test
  void tcpFlagsLooksAtTheMaskOnly() {
    Bound none = run.match("tcp -p tcp --tcp-flags ALL NONE");
    assertThat(none.matches(tcp().flags(Tcp.ECE | Tcp.CWR).build())).isTrue();
    assertThat(none.matches(tcp().flags(Tcp.URG).build())).isFalse();
    Bound impossible = run.match("tcp -p tcp --tcp-flags SYN SYN,ACK");
    assertThat(impossible.matches(tcp().flags(Tcp.SYN | Tcp.ACK).build())).isFalse();
  }

  @Test
  void tcpOptionIsFoundWhereOptionsBegin() {
    Bound timestamps = run.match("tcp -p tcp --tcp-option 8");
    Packets options = tcp().options(1, 1, 8, 10, 2, 2, 2, 2, 3, 3, 3, 3);
    assertThat(timestamps.matches(options.build())).isTrue();
    assertThat(run.match("tcp -p tcp --tcp-option 2").matches(options.build())).isFalse();
    assertThat(run.match("tcp -p tcp ! --tcp-option 8").matches(options.build())).isFalse();
    assertThat(timestamps.matches(tcp().build())).isFalse();
    assertThat(run.match("tcp -p tcp ! --tcp-option 8").matches(tcp().build())).isTrue();
  }

  @Test
  void tcpOptionOfLengthZeroIsWalkedOverByteByByte() {
    Packet packet = tcp().options(30, 0, 8, 2).build();
    assertThat(run.match("tcp -p tcp --tcp-option 8").matches(packet)).isTrue();
    assertThat(run.match("tcp -p tcp --tcp-option 0x1e").matches(packet)).isTrue();
  }

  @Test
  void tcpDropsWhatItCannotLookInto() {
    Bound port = run.match("tcp -p tcp --dport 80");
    assertThat(port.drops(tcp().cutTo(39).build())).isTrue();
    assertThat(port.drops(tcp().cutTo(40).build())).isFalse();
    Bound option = run.match("tcp -p tcp --tcp-option 8");
    assertThat(option.drops(tcp().dataOffset(4).build())).isTrue();
    assertThat(option.drops(tcp().dataOffset(6).build())).isTrue();
    assertThat(option.drops(tcp().options(1, 1, 1, 1).build())).isFalse();
  }

  @Test
  void tcpLooksAtTheOptionOnlyWhenPortsAndFlagsMatch() {
    Bound option = run.match("tcp -p tcp --dport 81 --tcp-option 8");
    assertThat(option.drops(tcp().dataOffset(4).build())).isFalse();
  }

  @Test
  void tcpDropsFragmentsThatOverwriteFlagsAndMatchesNoOtherLaterOnes() {
    Bound any = run.match("tcp -p tcp");
    Packets ip = Packets.ip("192.0.2.1", "198.51.100.2", Protocols.TCP).payload("data");
    assertThat(any.drops(ip.fragment(8, true).build())).isTrue();
    assertThat(any.matches(ip.fragment(16, true).build())).isFalse();
    assertThat(any.matches(tcp().fragment(0, true).build())).isTrue();
    Packets ip6 = Packets.ip("2001:db8::1", "2001:db8::2", Protocols.TCP).payload("data");
    assertThat(run.match6("tcp -p tcp").matches(ip6.fragment(8, true).build())).isFalse();
  }

  @Test
  void udpPortsMatchInsideTheirRange() {
    Packet packet = Packets.udp(A, B).payload("x").build();
    assertThat(run.match("udp -p udp --sport 1000 --dport 80").matches(packet)).isTrue();
    assertThat(run.match("udp -p udp ! --sport 1000").matches(packet)).isFalse();
    assertThat(run.match("udp -p udp --dport 81:").matches(packet)).isFalse();
  }

  @Test
  void udpDropsTinygramsButNoFragments() {
    Bound any = run.match("udp -p udp");
    assertThat(any.drops(Packets.udp(A, B).cutTo(27).build())).isTrue();
    Packets ip = Packets.ip("192.0.2.1", "198.51.100.2", Protocols.UDP).payload("data");
    assertThat(any.matches(ip.fragment(8, true).build())).isFalse();
  }

  @Test
  void icmpTypeAndCodeMatch() {
    Packet unreachable = Packets.icmp("192.0.2.1", "198.51.100.2", 3, 1).build();
    assertThat(run.match("icmp -p icmp --icmp-type 3").matches(unreachable)).isTrue();
    assertThat(run.match("icmp -p icmp --icmp-type 3/1").matches(unreachable)).isTrue();
    assertThat(run.match("icmp -p icmp --icmp-type 3/2").matches(unreachable)).isFalse();
    assertThat(run.match("icmp -p icmp --icmp-type 3/0:1").matches(unreachable)).isTrue();
    assertThat(run.match("icmp -p icmp ! --icmp-type ping").matches(unreachable)).isTrue();
    assertThat(run.match("icmp -p icmp --icmp-type any").matches(unreachable)).isTrue();
    assertThat(run.match("icmp -p icmp ! --icmp-type any").matches(unreachable)).isFalse();
    assertThat(run.match("icmp -p icmp --icmp-type any").drops(cut(unreachable, 27))).isTrue();
  }

  private static Packet cut(Packet packet, int length) {
    packet.end = packet.network + length;
    return packet;
  }

  @Test
  void icmp6HasNoTypeThatStandsForAll() {
    Packet ping = Packets.icmp("2001:db8::1", "2001:db8::2", 128, 0).build();
    assertThat(run.match6("icmp6 -p ipv6-icmp --icmpv6-type ping").matches(ping)).isTrue();
    assertThat(run.match6("icmp6 -p ipv6-icmp --icmpv6-type 255").matches(ping)).isFalse();
    assertThat(run.match6("icmp6 -p ipv6-icmp ! --icmpv6-type 128/1").matches(ping)).isTrue();
    assertThat(run.match6("icmp6 -p ipv6-icmp --icmpv6-type 1").drops(cut(ping, 47))).isTrue();
  }

  @Test
  void multiportLooksAtTheSideAskedFor() {
    Packet packet = tcp().build();
    assertThat(run.match("multiport -p tcp --dports 22,80").matches(packet)).isTrue();
    assertThat(run.match("multiport -p tcp --sports 22,80").matches(packet)).isFalse();
    assertThat(run.match("multiport -p tcp --ports 22,999:1001").matches(packet)).isTrue();
    assertThat(run.match("multiport -p tcp ! --dports 22,80").matches(packet)).isFalse();
    assertThat(run.match("multiport -p tcp ! --dports 81:90").matches(packet)).isTrue();
    assertThat(run.match("multiport -p tcp --dports 80").drops(tcp().cutTo(23).build())).isTrue();
    assertThat(run.match("multiport -p tcp --dports 80").matches(tcp().cutTo(24).build())).isTrue();
    Packet later = tcp().payload("data").fragment(8, false).build();
    assertThat(run.match("multiport -p tcp ! --dports 9").matches(later)).isFalse();
  }

  @Test
  void tcpmssTestsTheFirstWellFormedOption() {
    Packet syn = tcp().flags(Tcp.SYN).options(2, 4, 5, 0xb4).build();
    assertThat(run.match("tcpmss -p tcp --mss 1460").matches(syn)).isTrue();
    assertThat(run.match("tcpmss -p tcp --mss 1400:1459").matches(syn)).isFalse();
    assertThat(run.match("tcpmss -p tcp ! --mss 1400:1459").matches(syn)).isTrue();
    Packet none = tcp().options(1, 1, 1, 1).build();
    assertThat(run.match("tcpmss -p tcp --mss 0:65535").matches(none)).isFalse();
    assertThat(run.match("tcpmss -p tcp ! --mss 1").matches(none)).isTrue();
    Packet wrongLength = tcp().options(2, 3, 5, 2, 4, 5, 0xb4, 0).build();
    assertThat(run.match("tcpmss -p tcp --mss 1460").matches(wrongLength)).isTrue();
  }

  @Test
  void tcpmssDropsBrokenHeaders() {
    Bound any = run.match("tcpmss -p tcp --mss 0:65535");
    assertThat(any.drops(tcp().cutTo(39).build())).isTrue();
    assertThat(any.drops(tcp().dataOffset(4).build())).isTrue();
    assertThat(any.drops(tcp().dataOffset(15).build())).isTrue();
  }

  @Test
  void ecnTestsIpAndTcpBits() {
    Packet packet = tcp().tos(0x02).flags(Tcp.ACK | Tcp.ECE).build();
    assertThat(run.match("ecn --ecn-ip-ect 2").matches(packet)).isTrue();
    assertThat(run.match("ecn --ecn-ip-ect 1").matches(packet)).isFalse();
    assertThat(run.match("ecn ! --ecn-ip-ect 1").matches(packet)).isTrue();
    assertThat(run.match("ecn -p tcp --ecn-tcp-ece ! --ecn-tcp-cwr").matches(packet)).isTrue();
    assertThat(run.match("ecn -p tcp --ecn-tcp-cwr").matches(packet)).isFalse();
    assertThat(run.match("ecn -p tcp ! --ecn-tcp-ece").matches(packet)).isFalse();
    assertThat(run.match("ecn -p tcp --ecn-tcp-ece").matches(tcp().cutTo(39).build())).isFalse();
    Packet six = Packets.tcp(A6, B6).tos(0xb7).build();
    assertThat(run.match6("ecn --ecn-ip-ect 3").matches(six)).isTrue();
  }
}
