package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.TestRun;
import org.fwreplay.xt.TestRun.Bound;
import org.junit.jupiter.api.Test;

/** What matches on link and IP headers, and on the packet as a whole, say of packets. */
class HeaderMatchTest {
  private static final String A = "192.0.2.1:1000";
  private static final String B = "198.51.100.2:80";
  private static final String A6 = "[2001:db8::1]:1000";
  private static final String B6 = "[2001:db8::2]:80";

  private final TestRun run = new TestRun();

  private static Packets udp() {
    return Packets.udp(A, B);
  }

  private static Packets udp6() {
    return Packets.udp(A6, B6);
  }

  @Test
  void macNeedsAnEthernetHeader() {
    Packet packet = udp().ethernet("02:00:00:00:aa:01", "02:00:00:00:00:02").build();
    Bound match = run.match("mac --mac-source 02:00:00:00:AA:01");
    assertThat(match.matches(packet)).isTrue();
    assertThat(run.match("mac ! --mac-source 02:00:00:00:aa:01").matches(packet)).isFalse();
    packet.mac = -1;
    assertThat(match.matches(packet)).isFalse();
    assertThat(run.match("mac ! --mac-source 02:00:00:00:aa:01").matches(packet)).isFalse();
  }

  @Test
  void lengthCountsFromTheIpHeader() {
    Packet packet = udp().payload("12345").build();
    assertThat(run.match("length --length 33").matches(packet)).isTrue();
    assertThat(run.match("length --length 34:").matches(packet)).isFalse();
    assertThat(run.match("length ! --length :32").matches(packet)).isTrue();
    assertThat(run.match6("length --length 48").matches(udp6().build())).isTrue();
  }

  @Test
  void ttlAndHopLimitAreCompared() {
    Packet packet = udp().ttl(64).build();
    assertThat(run.match("ttl --ttl-eq 64").matches(packet)).isTrue();
    assertThat(run.match("ttl ! --ttl-eq 64").matches(packet)).isFalse();
    assertThat(run.match("ttl --ttl-lt 64").matches(packet)).isFalse();
    assertThat(run.match("ttl --ttl-gt 63").matches(packet)).isTrue();
    Packet six = udp6().ttl(255).build();
    assertThat(run.match6("hl --hl-gt 254").matches(six)).isTrue();
    assertThat(run.match6("hl --hl-lt 255").matches(six)).isFalse();
  }

  @Test
  void tosAndDscpReadBothFamilies() {
    Packet packet = udp().tos(0xb9).build();
    Packet six = udp6().tos(0xb9).build();
    assertThat(run.match("tos --tos 0xb9").matches(packet)).isTrue();
    assertThat(run.match("tos --tos 0xb8").matches(packet)).isFalse();
    assertThat(run.match6("tos --tos 0xb8/0xfc").matches(six)).isTrue();
    assertThat(run.match("dscp --dscp-class EF").matches(packet)).isTrue();
    assertThat(run.match6("dscp ! --dscp 46").matches(six)).isFalse();
  }

  @Test
  void markIsMaskedBeforeItIsCompared() {
    Packet packet = udp().mark(0x1234).build();
    assertThat(run.match("mark --mark 0x34/0xff").matches(packet)).isTrue();
    assertThat(run.match("mark --mark 0x1234/0xff").matches(packet)).isFalse();
    assertThat(run.match("mark ! --mark 0x1234").matches(packet)).isFalse();
  }

  @Test
  void iprangeIncludesBothEnds() {
    Packet packet = udp().build();
    assertThat(run.match("iprange --src-range 192.0.2.1-192.0.2.5").matches(packet)).isTrue();
    assertThat(run.match("iprange --src-range 192.0.1.9-192.0.2.1").matches(packet)).isTrue();
    assertThat(run.match("iprange --src-range 192.0.2.2-192.0.2.5").matches(packet)).isFalse();
    assertThat(run.match("iprange ! --dst-range 200.0.0.0-201.0.0.0").matches(packet)).isTrue();
    assertThat(run.match("iprange --src-range 192.0.2.5-192.0.2.1").matches(packet)).isFalse();
    Packet six = udp6().build();
    assertThat(run.match6("iprange --src-range 2001:db8::-2001:db8::1").matches(six)).isTrue();
    assertThat(run.match6("iprange --dst-range ffff::-ffff::1").matches(six)).isFalse();
    assertThat(run.match6("iprange --src-range ::-2001:db7:ffff::").matches(six)).isFalse();
  }

  @Test
  void pkttypeOfLoopedPacketsFollowsTheAddress() {
    Packet packet = udp().build();
    assertThat(run.match("pkttype --pkt-type unicast").matches(packet)).isTrue();
    packet.type = Packet.BROADCAST;
    assertThat(run.match("pkttype --pkt-type broadcast").matches(packet)).isTrue();
    packet.type = Packet.LOOPBACK;
    assertThat(run.match("pkttype --pkt-type broadcast").matches(packet)).isTrue();
    assertThat(run.match("pkttype ! --pkt-type multicast").matches(packet)).isTrue();
    Packet group = Packets.udp(A, "224.0.0.251:5353").build();
    group.type = Packet.LOOPBACK;
    assertThat(run.match("pkttype --pkt-type multicast").matches(group)).isTrue();
  }

  @Test
  void stringIsSearchedFromTheIpHeaderOn() {
    Packet packet = udp().payload("GET /index.html").build();
    assertThat(run.match("string --algo bm --string GET").matches(packet)).isTrue();
    assertThat(run.match("string --algo kmp --string \"html\"").matches(packet)).isTrue();
    assertThat(run.match("string --algo bm --string htmlx").matches(packet)).isFalse();
    assertThat(run.match("string --algo bm ! --string get").matches(packet)).isTrue();
    assertThat(run.match("string --algo bm --icase --string get").matches(packet)).isTrue();
    // 192.0.2.1, the source address in the header
    assertThat(run.match("string --algo bm --hex-string |c0000201|").matches(packet)).isTrue();
  }

  @Test
  void stringMustLieBetweenFromAndTo() {
    Packet packet = udp().payload("abcabc").build();
    assertThat(run.match("string --algo bm --string abc --from 28").matches(packet)).isTrue();
    assertThat(run.match("string --algo bm --string abc --from 29").matches(packet)).isTrue();
    assertThat(run.match("string --algo bm --string abc --from 32").matches(packet)).isFalse();
    assertThat(run.match("string --algo bm --string abc --to 31").matches(packet)).isTrue();
    assertThat(run.match("string --algo bm --string abc --to 30").matches(packet)).isFalse();
    assertThat(run.match("string --algo bm --string abc --from 29 --to 33").matches(packet))
        .isFalse();
    assertThat(run.match("string --algo bm --string abc --from 5000").matches(packet)).isFalse();
  }

  @Test
  void stringFindsOverlapsAndKnowsLatin1() {
    Packet packet = udp().payload("aaabaaacÄ").build();
    assertThat(run.match("string --algo bm --string aaac").matches(packet)).isTrue();
    assertThat(run.match("string --algo bm --string aabaac").matches(packet)).isFalse();
    assertThat(run.match("string --algo bm --icase --hex-string |e4|").matches(packet)).isTrue();
    assertThat(run.match("string --algo bm --hex-string |e4|").matches(packet)).isFalse();
  }

  @Test
  void u32TakesWordsMovesAndShifts() {
    Packet packet = udp().ttl(7).payload("\u0001\u0002\u0003\u0004").build();
    assertThat(run.match("u32 --u32 0>>28=4").matches(packet)).isTrue();
    assertThat(run.match("u32 --u32 8>>24=0:7").matches(packet)).isTrue();
    assertThat(run.match("u32 --u32 \"8&0xff0000>>16=6,17\"").matches(packet)).isTrue();
    assertThat(run.match("u32 --u32 0>>22&0x3c@0&0xffff=80").matches(packet)).isTrue();
    assertThat(run.match("u32 --u32 0>>22&0x3c@8=0x01020304").matches(packet)).isTrue();
    assertThat(run.match("u32 --u32 0>>28=4&&8>>24=8").matches(packet)).isFalse();
    assertThat(run.match("u32 ! --u32 0>>28=4&&8>>24=8").matches(packet)).isTrue();
    assertThat(run.match("u32 --u32 12=0x80000000:0xffffffff").matches(packet)).isTrue();
  }

  @Test
  void u32DoesNotReadBehindTheEnd() {
    Packet packet = udp().build();
    assertThat(run.match("u32 --u32 24=0:0xffffffff").matches(packet)).isTrue();
    assertThat(run.match("u32 --u32 25=0:0xffffffff").matches(packet)).isFalse();
    assertThat(run.match("u32 ! --u32 25=0").matches(packet)).isTrue();
    assertThat(run.match("u32 --u32 0xffffffff=0:0xffffffff").matches(packet)).isFalse();
    assertThat(run.match("u32 --u32 12@0=0:0xffffffff").matches(packet)).isFalse();
    assertThat(run.match("u32 --u32 12@0@0@0@0@0xffffffff=0:0xffffffff").matches(packet)).isFalse();
  }

  @Test
  void fragTestsTheFragmentHeader() {
    Packet first = udp6().id(77).fragment(0, true).build();
    Packet last = udp6().id(78).payload("data").fragment(1232, false).build();
    assertThat(run.match6("frag").matches(udp6().build())).isFalse();
    assertThat(run.match6("frag").matches(first)).isTrue();
    assertThat(run.match6("frag --fragid 77").matches(first)).isTrue();
    assertThat(run.match6("frag ! --fragid 70:77").matches(last)).isTrue();
    assertThat(run.match6("frag --fragfirst --fragmore").matches(first)).isTrue();
    assertThat(run.match6("frag --fragfirst").matches(last)).isFalse();
    assertThat(run.match6("frag --fraglast").matches(last)).isTrue();
    assertThat(run.match6("frag --fragres").matches(first)).isTrue();
    first.buffer[first.network + 41] = 1;
    assertThat(run.match6("frag --fragres").matches(first)).isFalse();
  }

  @Test
  void fragIsFoundBehindOtherHeadersAndBrokenOnesAreDropped() {
    Packets options = udp6().extensionHeader(Protocols.DSTOPTS, 1, 4, 0, 0, 0, 0);
    assertThat(run.match6("frag").matches(options.fragment(0, true).build())).isTrue();
    Packet cut = udp6().fragment(0, true).cutTo(43).build();
    assertThat(run.match6("frag").drops(cut)).isTrue();
    Packet liesAboutLength = udp6().extensionHeader(Protocols.DSTOPTS, 1, 4, 0, 0, 0, 0).build();
    liesAboutLength.buffer[liesAboutLength.network + 41] = 9;
    assertThat(run.match6("frag").matches(liesAboutLength)).as("nothing more to read").isFalse();
  }

  @Test
  void ipv6headerWantsExactlyTheseHeadersUnlessSoft() {
    Packets headers =
        udp6()
            .extensionHeader(Protocols.HOPOPTS, 1, 4, 0, 0, 0, 0)
            .extensionHeader(Protocols.ROUTING, 4, 0, 0, 0, 0, 0);
    Packet packet = headers.build();
    assertThat(run.match6("ipv6header --header hop,route,prot").matches(packet)).isTrue();
    assertThat(run.match6("ipv6header --header hop,route").matches(packet)).isFalse();
    assertThat(run.match6("ipv6header ! --header hop,route").matches(packet)).isTrue();
    assertThat(run.match6("ipv6header --header route --soft").matches(packet)).isTrue();
    assertThat(run.match6("ipv6header --header route,frag --soft").matches(packet)).isFalse();
    assertThat(run.match6("ipv6header ! --header frag,esp --soft").matches(packet)).isTrue();
    assertThat(run.match6("ipv6header ! --header frag,route --soft").matches(packet)).isFalse();
  }

  @Test
  void ipv6headerEndsAtEspAndNone() {
    Packet esp =
        Packets.ip("2001:db8::1", "2001:db8::2", Protocols.ESP)
            .extensionHeader(Protocols.AH, 0, 0, 0, 0, 0, 1)
            .payload("12345678")
            .build();
    assertThat(run.match6("ipv6header --header esp,auth").matches(esp)).isTrue();
    Packet none = Packets.ip("2001:db8::1", "2001:db8::2", Protocols.NONE).build();
    assertThat(run.match6("ipv6header --header none").matches(none)).isTrue();
    Packet cut = udp6().extensionHeader(Protocols.HOPOPTS, 0).cutTo(41).build();
    assertThat(run.match6("ipv6header ! --header esp").matches(cut)).isFalse();
  }

  @Test
  void commentAlwaysMatches() {
    assertThat(run.match("comment --comment \"why\"").matches(udp().build())).isTrue();
  }
}
