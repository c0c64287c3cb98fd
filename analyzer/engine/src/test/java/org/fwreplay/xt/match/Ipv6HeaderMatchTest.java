package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.TestRun;
import org.junit.jupiter.api.Test;

/** What matches on IPv6's extension headers say of packets. */
class Ipv6HeaderMatchTest {
  private static final String A = "2001:db8::1";
  private static final String B = "2001:db8::2";

  /** Segment list 2001:db8:7::1, ::2, the second still to be visited; tag 0x0102. */
  private static final int[] SEGMENTS = {
    4, 1, 1, 0, 1, 2, 0x20, 1, 0xd, 0xb8, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x20, 1, 0xd, 0xb8, 0,
    7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2
  };

  private final TestRun run = new TestRun();

  private static Packets udp() {
    return Packets.udp("[" + A + "]:1000", "[" + B + "]:53");
  }

  private boolean matches(String text, Packet packet) {
    return run.match6(text).matches(packet);
  }

  @Test
  void ahIsFoundBehindOtherHeaders() {
    Packet packet =
        udp()
            .extensionHeader(Protocols.HOPOPTS, 1, 4, 0, 0, 0, 0)
            .extensionHeader(Protocols.AH, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0)
            .build();
    packet.buffer[packet.network + 49] = 2;
    assertThat(matches("ah", packet)).isTrue();
    assertThat(matches("ah --ahspi 257", packet)).isTrue();
    assertThat(matches("ah ! --ahspi 200:300", packet)).isFalse();
    assertThat(matches("ah --ahlen 16 --ahres", packet)).isTrue();
    assertThat(matches("ah ! --ahlen 16", packet)).isFalse();
    assertThat(matches("ah", udp().build())).isFalse();
  }

  @Test
  void headersThatArriveOnlyInPartAreDropped() {
    Packet packet = udp().extensionHeader(Protocols.DSTOPTS, 1, 4, 0, 0, 0, 0).build();
    packet.buffer[packet.network + 41] = 9;
    assertThat(run.match6("dst").drops(packet)).isTrue();
    assertThat(run.match6("hbh").drops(packet)).isFalse();
    Packet routed = udp().extensionHeader(Protocols.ROUTING, 4, 0, 0, 0, 0, 0).build();
    routed.buffer[routed.network + 41] = 9;
    assertThat(run.match6("rt").drops(routed)).isTrue();
    assertThat(run.match6("srh").drops(routed)).as("srh does not drop").isFalse();
  }

  @Test
  void optionsMustBeginAsListed() {
    Packet packet = udp().extensionHeader(Protocols.HOPOPTS, 5, 2, 0, 0, 0, 0).build();
    assertThat(matches("hbh", packet)).isTrue();
    assertThat(matches("dst", packet)).isFalse();
    assertThat(matches("hbh --hbh-len 8 --hbh-opts 5:2", packet)).isTrue();
    assertThat(matches("hbh ! --hbh-len 8", packet)).isFalse();
    assertThat(matches("hbh --hbh-opts 5,0,0", packet)).isTrue();
    assertThat(matches("hbh --hbh-opts 5,0,0,0", packet)).as("nothing is left").isFalse();
    assertThat(matches("hbh --hbh-opts 5:3", packet)).isFalse();
    assertThat(matches("hbh --hbh-opts 1,5", packet)).isFalse();
  }

  @Test
  void routingHeadersOfTypeZeroListAddresses() {
    int[] addresses = new int[38];
    addresses[1] = 1;
    addresses[6] = 0x20;
    addresses[7] = 1;
    addresses[21] = 1;
    addresses[37] = 2;
    Packet packet = udp().extensionHeader(Protocols.ROUTING, addresses).build();
    assertThat(matches("rt --rt-type 0 --rt-segsleft 1 --rt-len 40", packet)).isTrue();
    assertThat(matches("rt --rt-type 0 --rt-0-res --rt-0-addrs 2001::1,::2", packet)).isTrue();
    assertThat(matches("rt --rt-type 0 --rt-0-addrs 2001::1", packet)).isFalse();
    assertThat(matches("rt --rt-type 0 --rt-0-addrs ::2 --rt-0-not-strict", packet)).isTrue();
    assertThat(matches("rt --rt-type 0 --rt-0-addrs ::2,2001::1", packet)).isFalse();
    assertThat(matches("rt ! --rt-type 0", packet)).isFalse();
    assertThat(matches("rt ! --rt-segsleft 2:", packet)).isTrue();
  }

  @Test
  void segmentsAreComparedByTheirPlaceInTheList() {
    Packet packet = udp().extensionHeader(Protocols.ROUTING, SEGMENTS).build();
    assertThat(matches("srh", packet)).isTrue();
    assertThat(matches("srh --srh-next-hdr 17 --srh-hdr-len-eq 4", packet)).isTrue();
    assertThat(matches("srh --srh-segs-left-gt 0 ! --srh-last-entry-lt 1", packet)).isTrue();
    assertThat(matches("srh --srh-segs-left-lt 1", packet)).isFalse();
    assertThat(matches("srh --srh-lsid 2001:db8:7::1", packet)).isTrue();
    assertThat(matches("srh --srh-nsid 2001:db8:7::1", packet)).isTrue();
    assertThat(matches("srh ! --srh-nsid 2001:db8::/32", packet)).isFalse();
    assertThat(matches("srh --srh-psid 2001:db8:7::2", packet)).as("none before").isFalse();
    assertThat(matches("srh --srh-tag 0x0201", packet)).as("little-endian").isTrue();
    assertThat(matches("srh --srh-tag 0x0102", packet)).isFalse();
  }

  @Test
  void srhWantsASoundHeaderOfItsType() {
    Packet packet = udp().extensionHeader(Protocols.ROUTING, SEGMENTS).build();
    packet.buffer[packet.network + 43] = 2;
    assertThat(matches("srh", packet)).as("more left than there are").isFalse();
    packet.buffer[packet.network + 43] = 1;
    packet.buffer[packet.network + 42] = 3;
    assertThat(matches("srh", packet)).isFalse();
  }

  @Test
  void mobilityHeadersAreDroppedWithSomethingBehind() {
    byte[] update = {59, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    Packet packet = Packets.ip(A, B, Protocols.MH).payload(update).build();
    assertThat(matches("mh -p mh --mh-type binding-update", packet)).isTrue();
    assertThat(matches("mh -p mh ! --mh-type 1:5", packet)).isFalse();
    packet.buffer[packet.transport] = 17;
    assertThat(run.match6("mh -p mh").drops(packet)).isTrue();
    assertThat(run.match6("mh -p mh").drops(Packets.ip(A, B, Protocols.MH).build())).isTrue();
  }

  @Test
  void eui64ComparesTheAddressWithTheSendersMac() {
    Packets from = Packets.udp("[2001:db8::ff:fe00:110]:1", "[" + B + "]:53");
    Packet packet = from.ethernet("02:00:00:00:01:10", "02:00:00:00:00:02").build();
    assertThat(matches("eui64", packet)).isTrue();
    packet.buffer[packet.mac + 11] = 0x11;
    assertThat(matches("eui64", packet)).isFalse();
    packet.mac = -1;
    assertThat(matches("eui64", packet)).isFalse();
  }
}
