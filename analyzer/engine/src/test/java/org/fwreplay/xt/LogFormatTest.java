package org.fwreplay.xt;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.junit.jupiter.api.Test;

/** Lines as Linux 6.18 writes them for these packets. */
class LogFormatTest {
  private static final int ALL = 0x2f;
  private static final String MAC4 = "MAC=02:00:00:00:00:02:02:00:00:00:00:01:08:00 ";
  private static final String MAC6 = "MAC=02:00:00:00:00:02:02:00:00:00:00:01:86:dd ";
  private static final String ADDRESSES4 = "SRC=192.0.2.2 DST=198.51.100.7 ";
  private static final String ADDRESSES6 =
      "SRC=2001:0db8:0000:0000:0000:0000:0000:0002 DST=2001:0db8:000a:0000:0000:0000:0000:0001 ";

  private static String line(Packets packet, int flags) {
    return line(packet.build(), "wan", "lan", flags);
  }

  private static String line(Packet packet, String in, String out, int flags) {
    StringBuilder text = new StringBuilder();
    LogFormat.append(text, packet, in, out, new LogRequest("fw ", 4, flags, -1));
    return text.toString();
  }

  private static Packets tcp4() {
    return Packets.tcp("192.0.2.2:40000", "198.51.100.7:443").sequence(7).window(1024);
  }

  private static Packets udp6() {
    return Packets.udp("[2001:db8::2]:40000", "[2001:db8:a::1]:53");
  }

  private static Packets ip4(int protocol) {
    return Packets.ip("192.0.2.2", "198.51.100.7", protocol);
  }

  private static Packets ip6(int protocol) {
    return Packets.ip("2001:db8::2", "2001:db8:a::1", protocol);
  }

  private static Packets icmp4(int type, int code) {
    return Packets.icmp("192.0.2.2", "198.51.100.7", type, code).icmpId(0x102, 0x304).id(5);
  }

  private static Packets icmp6(int type, int code) {
    return Packets.icmp("2001:db8::2", "2001:db8:a::1", type, code).icmpId(0, 0x5dc);
  }

  @Test
  void aTcpSegmentOfIpv4() {
    Packets syn =
        tcp4().flags(Tcp.SYN | Tcp.ECE | Tcp.CWR).dontFragment().tos(0x1a).id(9).mark(0x2a);
    assertThat(line(syn, 0))
        .isEqualTo(
            "fw IN=wan OUT=lan "
                + MAC4
                + ADDRESSES4
                + "LEN=40 TOS=0x1A PREC=0x00 TTL=64 ID=9 DF PROTO=TCP SPT=40000 DPT=443"
                + " WINDOW=1024 RES=0x00 CWR ECE SYN URGP=0 MARK=0x2a ");
  }

  @Test
  void whatTheFlagsAddForTcp() {
    Packets packet = tcp4().acknowledgment(0xffffffffL).options(1, 1, 4, 2).ipOptions(1, 1, 1, 0);
    assertThat(line(packet, ALL))
        .isEqualTo(
            "fw IN=wan OUT=lan"
                + " MACSRC=02:00:00:00:00:01 MACDST=02:00:00:00:00:02 MACPROTO=0800 "
                + ADDRESSES4
                + "LEN=48 TOS=0x00 PREC=0x00 TTL=64 ID=0 OPT (01010100) PROTO=TCP SPT=40000"
                + " DPT=443 SEQ=7 ACK=4294967295 WINDOW=1024 RES=0x00 ACK URGP=0 OPT (01010402) ");
  }

  @Test
  void theReservedBitsOfTcpAndTheFlagAmongThem() {
    Packet packet = tcp4().flags(Tcp.FIN).build();
    packet.buffer[packet.transport + Tcp.DATA_OFFSET] = 0x5f;
    assertThat(line(packet, "wan", "", 0)).endsWith("RES=0x38 AE FIN URGP=0 ");
  }

  @Test
  void withoutAnInterfaceThereIsNoLinkHeader() {
    Packet packet = tcp4().build();
    assertThat(line(packet, "", "wan", 0)).startsWith("fw IN= OUT=wan " + ADDRESSES4);
    packet.mac = -1;
    assertThat(line(packet, "tun0", "", 0)).startsWith("fw IN=tun0 OUT= MAC= " + ADDRESSES4);
    assertThat(line(packet, "tun0", "", ALL)).startsWith("fw IN=tun0 OUT= " + ADDRESSES4);
    packet.local = true;
    assertThat(line(packet, "lo", "", 0))
        .startsWith("fw IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 " + ADDRESSES4);
  }

  @Test
  void theTagOfAVlanIsLeftOut() {
    Packet packet = Packets.tcp("192.0.2.2:1", "198.51.100.7:2").build();
    packet.makeOwn();
    packet.mac -= 4;
    System.arraycopy(packet.buffer, packet.mac + 4, packet.buffer, packet.mac, 12);
    assertThat(line(packet, "wan.5", "", 0)).startsWith("fw IN=wan.5 OUT= " + MAC4 + ADDRESSES4);
  }

  @Test
  void fragments() {
    Packets later = ip4(Protocols.TCP).fragment(1480, true).id(77).payload("data");
    assertThat(line(later, 0))
        .endsWith("LEN=24 TOS=0x00 PREC=0x00 TTL=64 ID=77 MF FRAG:185 PROTO=TCP ");
    assertThat(line(ip4(Protocols.AH).fragment(8, false), 0)).endsWith("ID=0 FRAG:1 ");
    assertThat(line(udp6().fragment(16, true).id(0xab), 0))
        .endsWith("FLOWLBL=0 FRAG:16 INCOMPLETE ID:000000ab PROTO=UDP ");
    assertThat(line(udp6().fragment(0, false).id(0xab), ALL))
        .endsWith("FLOWLBL=0 OPT ( FRAG:0 ID:000000ab ) PROTO=UDP SPT=40000 DPT=53 LEN=8 ");
  }

  @Test
  void aUdpDatagramOfIpv6() {
    assertThat(line(udp6().tos(0xb8).ttl(255).payload("query"), 0))
        .isEqualTo(
            "fw IN=wan OUT=lan "
                + MAC6
                + ADDRESSES6
                + "LEN=53 TC=184 HOPLIMIT=255 FLOWLBL=0 PROTO=UDP SPT=40000 DPT=53 LEN=13 ");
  }

  @Test
  void otherProtocols() {
    byte[] twelve = {0, 0, 0, 0, 0, 0, 0x12, 0x34, 0, 0, 0, 1};
    assertThat(line(ip4(Protocols.AH).payload(twelve), 0)).endsWith("PROTO=AH SPI=0x1234 ");
    assertThat(line(ip4(Protocols.ESP).payload(twelve), 0)).endsWith("PROTO=ESP SPI=0x0 ");
    assertThat(line(ip4(Protocols.ESP).payload("four"), 0))
        .endsWith("PROTO=ESP INCOMPLETE [4 bytes] ");
    assertThat(line(ip4(Protocols.UDPLITE).payload(twelve), 0))
        .endsWith("PROTO=UDPLITE SPT=0 DPT=0 LEN=0 ");
    assertThat(line(ip4(Protocols.GRE), 0)).endsWith("ID=0 PROTO=47 ");
    assertThat(line(ip6(Protocols.ESP).payload(twelve), 0)).endsWith("FLOWLBL=0 ");
    assertThat(line(ip6(Protocols.ESP).payload(twelve), ALL))
        .endsWith("FLOWLBL=0 OPT ( ESP SPI=0x0 )");
    assertThat(line(ip6(Protocols.NONE), 0)).endsWith("FLOWLBL=0 PROTO=59 ");
    assertThat(line(ip6(Protocols.TCP).payload("short"), 0))
        .endsWith("PROTO=TCP INCOMPLETE [5 bytes] ");
  }

  @Test
  void icmpMessages() {
    assertThat(line(icmp4(8, 0), 0)).endsWith("ID=5 PROTO=ICMP TYPE=8 CODE=0 ID=258 SEQ=772 ");
    assertThat(line(icmp4(3, 1).payload("none"), 0))
        .endsWith("PROTO=ICMP TYPE=3 CODE=1 INCOMPLETE [12 bytes] ");
    assertThat(line(icmp4(14, 0).payload("twelve bytes"), 0)).endsWith("TYPE=14 CODE=0 ");
    assertThat(line(icmp4(12, 0).payload(tcp4().build()), 0)).endsWith("PARAMETER=1 ");
    assertThat(line(icmp6(128, 0), 0))
        .endsWith("FLOWLBL=0 PROTO=ICMPv6 TYPE=128 CODE=0 ID=0 SEQ=1500 ");
    assertThat(line(icmp6(135, 0), 0)).endsWith("TYPE=135 CODE=0 ");
  }

  @Test
  void icmpErrorsShowThePacketTheyAreAbout() {
    Packet cause = Packets.udp("198.51.100.7:7", "192.0.2.2:8").id(3).dontFragment().build();
    String quoted =
        "[SRC=198.51.100.7 DST=192.0.2.2 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=3 DF"
            + " PROTO=UDP SPT=7 DPT=8 LEN=8 ] ";
    assertThat(line(icmp4(3, 4).payload(cause).mark(1), 0))
        .endsWith("TYPE=3 CODE=4 " + quoted + "MTU=772 MARK=0x1 ");
    assertThat(line(icmp4(5, 1).payload(cause), 0))
        .endsWith("TYPE=5 CODE=1 GATEWAY=1.2.3.4 " + quoted);
    assertThat(line(icmp4(11, 0).payload(icmp4(11, 0).payload(cause).build()), 0))
        .endsWith("ID=5 PROTO=ICMP TYPE=11 CODE=0 ] ");
  }

  @Test
  void icmpv6ErrorsShowThePacketTheyAreAbout() {
    Packet cause = Packets.udp("[2001:db8:a::1]:7", "[2001:db8::2]:8").build();
    String quoted =
        "[SRC=2001:0db8:000a:0000:0000:0000:0000:0001"
            + " DST=2001:0db8:0000:0000:0000:0000:0000:0002"
            + " LEN=48 TC=0 HOPLIMIT=64 FLOWLBL=0 PROTO=UDP SPT=7 DPT=8 LEN=8 ] ";
    assertThat(line(icmp6(2, 0).payload(cause), 0))
        .endsWith("TYPE=2 CODE=0 " + quoted + "MTU=1500 ");
    assertThat(line(icmp6(4, 1).payload(cause), 0))
        .endsWith("TYPE=4 CODE=1 POINTER=000005dc " + quoted);
    assertThat(line(icmp6(1, 4).payload("cut"), 0)).endsWith("TYPE=1 CODE=4 [TRUNCATED] ");
  }

  @Test
  void extensionHeadersOfIpv6() {
    Packets packet =
        udp6()
            .extensionHeader(Protocols.DSTOPTS, 1, 4, 0, 0, 0, 0)
            .extensionHeader(Protocols.AH, 0, 0, 0, 0, 0xab, 0xcd, 0, 0, 0, 1);
    assertThat(line(packet, 0)).endsWith("FLOWLBL=0 PROTO=UDP SPT=40000 DPT=53 LEN=8 ");
    assertThat(line(packet, ALL))
        .endsWith("FLOWLBL=0 OPT ( ) OPT ( AH SPI=0xabcd ) PROTO=UDP SPT=40000 DPT=53 LEN=8 ");
  }
}
