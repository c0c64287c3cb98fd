package org.fwreplay.xt.target;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.PacketBuilder;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.QueueAnswer;
import org.fwreplay.xt.RateEstimator;
import org.fwreplay.xt.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What targets that are seldom used do with packets. */
class RareTargetsTest {
  private final TestServices services = new TestServices();
  private final Evaluation evaluation = TestServices.evaluation(services, Hook.PREROUTING);

  private int apply(String rule, Packet packet) {
    Family family = packet.ipv6 ? Family.IPV6 : Family.IPV4;
    evaluation.transport = packet.transport;
    evaluation.isUndecided = false;
    return TargetOptions.parse(family, rule).bind(new TestBinding(null)).apply(packet, evaluation);
  }

  private static Packet syn() {
    return TestPackets.tcp4(Tcp.SYN, "", "");
  }

  private static Packet from(String source, String destination) {
    return Packets.tcp("[" + source + "]:40000", "[" + destination + "]:443")
        .flags(Tcp.SYN)
        .build();
  }

  private static String source(Packet p) {
    return AddressText.format(Family.IPV6, p.sourceHi(), p.sourceLo());
  }

  private static String destination(Packet p) {
    return AddressText.format(Family.IPV6, p.destinationHi(), p.destinationLo());
  }

  @Test
  void theExampleOfRfc6296() {
    Packet packet = from("fd01:203:405:1::1234", "2001:db8:9::1");
    apply("-j SNPT --src-pfx fd01:203:405::/48 --dst-pfx 2001:db8:1::/48", packet);
    assertThat(source(packet)).isEqualTo("2001:db8:1:d550::1234");
    TestPackets.assertSound(packet);
  }

  @Test
  void aPrefixTranslatedBackIsWhatItWas() {
    String inner = "fd01:203:405:1::1234";
    Packet packet = from("2001:db8:9::1", "2001:db8:1:d550::1234");
    apply("-j DNPT --src-pfx 2001:db8:1::/48 --dst-pfx fd01:203:405::/48", packet);
    assertThat(destination(packet)).isEqualTo(inner);
    TestPackets.assertSound(packet);
  }

  @ParameterizedTest
  @CsvSource({
    "fd01::/64, 2001:db8:1::/64, fd01::1:2:3:4",
    "fd01::/56, 2001:db8:1::/60, fd01:0:0:a:ffff:2:3:4",
    "fd01::/32, 2001:db8::/32, fd01:0:1:2:3:4:5:6"
  })
  void checksumsStayRightWhateverThePrefix(String from, String to, String address) {
    Packet packet = from(address, "2001:db8:9::1");
    apply("-j SNPT --src-pfx " + from + " --dst-pfx " + to, packet);
    assertThat(source(packet)).startsWith("2001:db8:");
    TestPackets.assertSound(packet);
  }

  @Test
  void anAddressWithoutAWordToAdjustIsRefused() {
    Packet packet = from("fd01::ffff:ffff:ffff:ffff", "2001:db8:9::1");
    int verdict = apply("-j SNPT --src-pfx fd01::/64 --dst-pfx 2001:db8:1::/64", packet);
    assertThat(verdict).isEqualTo(Verdict.DROP);
    assertThat(services.calls).containsExactly("error 4/0 8");
  }

  @Test
  void whatAnErrorBringsBackIsTranslatedTheOtherWay() {
    String quoted = "a whole IPv6 header and more of a packet";
    Packet packet = Packets.icmp("fd01::5", "2001:db8:9::1", 1, 0).payload(quoted).build();
    int at = packet.network;
    int inner = at + Ipv6.LENGTH + 8 + Ipv6.DESTINATION;
    AddressText.Address own = AddressText.parse(Family.IPV6, "fd01::77:5");
    Bytes.put64(packet.buffer, inner, own.hi());
    Bytes.put64(packet.buffer, inner + 8, own.lo());
    apply("-j SNPT --src-pfx fd01::/48 --dst-pfx 2001:db8:1::/48", packet);
    assertThat(Bytes.i64(packet.buffer, inner) >>> 16).isEqualTo(0x2001_0db8_0001L);
    assertThat(Bytes.i64(packet.buffer, inner + 8)).isEqualTo(own.lo());
  }

  @ParameterizedTest
  @CsvSource({"src, false", "'src,dst', true", "'src,dst,sport,dport,proto', true", "sport, false"})
  void bothDirectionsGetTheSameMarkIfBothEndsAreHashed(String tuple, boolean same) {
    Packet there = Packets.udp("192.0.2.1:5000", "198.51.100.2:53").build();
    Packet back = Packets.udp("198.51.100.2:53", "192.0.2.1:5000").build();
    String rule = "-j HMARK --hmark-rnd 0xcafe --hmark-mod 0x7fffffff --hmark-tuple " + tuple;
    apply(rule, there);
    apply(rule, back);
    assertThat(there.mark == back.mark).isEqualTo(same);
  }

  @Test
  void theMarkStaysBelowTheModulusAboveTheOffset() {
    for (int port = 1; port < 400; port++) {
      Packet packet = Packets.udp("192.0.2.1:" + port, "198.51.100.2:53").build();
      apply("-j HMARK --hmark-rnd 5 --hmark-mod 3 --hmark-offset 100 --hmark-tuple sport", packet);
      assertThat(packet.mark).isBetween(100, 102);
    }
  }

  @Test
  void withoutAConnectionThereIsNothingToHash() {
    Packet packet = syn();
    packet.mark = 9;
    apply("-j HMARK --hmark-rnd 5 --hmark-mod 3 --hmark-tuple ct", packet);
    assertThat(packet.mark).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource({
    "--queue-num 4, ACCEPT, ACCEPT, false",
    "--queue-num 4, DROP, DROP, false",
    "--queue-num 4, NONE, DROP, false",
    "--queue-num 4 --queue-bypass, NONE, ACCEPT, false",
    "--queue-num 4 --queue-bypass, DROP, DROP, false",
    "--queue-num 5, ACCEPT, DROP, true",
    "--queue-num 5 --queue-bypass, DROP, ACCEPT, true",
    "--queue-balance 3:4, ACCEPT, ACCEPT, false"
  })
  void aQueueAnswersOrIsUndecided(
      String options, QueueAnswer answer, QueueAnswer expected, boolean undecided) {
    services.queues.put(3, answer);
    services.queues.put(4, answer);
    Packet packet = syn();
    int verdict = expected == QueueAnswer.ACCEPT ? Verdict.ACCEPT : Verdict.DROP;
    assertThat(apply("-j NFQUEUE " + options, packet)).isEqualTo(verdict);
    assertThat(packet.undecided).isEqualTo(undecided);
  }

  @Test
  void queuesThatAnswerDifferentlyAreUndecidedTogether() {
    services.queues.put(3, QueueAnswer.ACCEPT);
    services.queues.put(4, QueueAnswer.DROP);
    Packet packet = syn();
    apply("-j NFQUEUE --queue-balance 3:4", packet);
    assertThat(packet.undecided).isTrue();
  }

  @Test
  void tproxyDropsWhereNothingListens() {
    Packet packet = syn();
    assertThat(apply("-p tcp -j TPROXY --on-port 9 --tproxy-mark 1", packet))
        .isEqualTo(Verdict.DROP);
    assertThat(packet.undecided).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"false, 0, 5", "true, 1, 4"})
  void tproxyCannotTellWhetherASocketIsTransparent(boolean taken, int verdict, int mark) {
    services.undecidedMatches = taken;
    Packet packet = syn();
    packet.mark = 5;
    assertThat(apply("-p tcp -j TPROXY --on-port 8080 --tproxy-mark 0/1", packet))
        .isEqualTo(verdict);
    assertThat(packet.undecided).isTrue();
    assertThat(packet.mark).isEqualTo(mark);
    assertThat(packet.hasSocket).isEqualTo(taken);
  }

  @ParameterizedTest
  @CsvSource({"2, 2, true", "16, 2, true", "18, -1, false", "20, -1, false"})
  void synproxyTakesSynAndAck(int flags, int verdict, boolean undecided) {
    Packet packet = TestPackets.tcp4(flags, "", "");
    assertThat(apply("-p tcp -j SYNPROXY", packet)).isEqualTo(verdict);
    assertThat(packet.undecided).isEqualTo(undecided);
  }

  @ParameterizedTest
  @CsvSource({"16, 0x1234", "12, 0x4012", "12, 0x6012"})
  void synproxyDropsAWrongChecksumAndAHeaderThatIsNotThere(int field, String value) {
    Packet packet = TestPackets.tcp4(Tcp.SYN | Tcp.ACK, "", "");
    Bytes.put16(packet.buffer, packet.transport + field, Integer.decode(value));
    if (field == Tcp.DATA_OFFSET) {
      PacketBuilder.transportChecksum(packet, Tcp.CHECKSUM);
    }
    assertThat(apply("-p tcp -j SYNPROXY", packet)).isEqualTo(Verdict.DROP);
    assertThat(packet.undecided).isFalse();
  }

  @Test
  void teeSendsACopyAndGoesOn() {
    assertThat(apply("-j TEE --gateway 192.0.2.9", syn())).isEqualTo(Verdict.CONTINUE);
    assertThat(services.calls).containsExactly("copy to c0000209 by -1");
  }

  @Test
  void ctNotesTheHelperOnTheTemplate() {
    Packet packet = syn();
    apply("-p tcp -j CT --helper ftp", packet);
    assertThat(Connection.of(packet).helper).isEqualTo("ftp");
    assertThat(packet.undecided).isFalse();
  }

  @Test
  void ctWithATimeoutPolicyIsUndecided() {
    Packet packet = syn();
    apply("-p tcp -j CT --timeout mine", packet);
    assertThat(packet.undecided).isTrue();
    assertThat(evaluation.isUndecided).isTrue();
  }

  @Test
  void aRateIsTheMovingAverageOfIntervals() {
    RateEstimator rate = new RateEstimator();
    rate.configure(0, 1);
    long second = 1_000_000_000L;
    for (int i = 0; i <= 40; i++) {
      rate.count(1000, i * second / 10);
    }
    assertThat(rate.packetsPerSecond(4 * second)).isBetween(9L, 11L);
    assertThat(rate.bytesPerSecond(4 * second)).isBetween(9_000L, 11_000L);
    assertThat(rate.packetsPerSecond(30 * second)).isZero();
    assertThat(rate.bytesPerSecond(1_000_000 * second)).isZero();
  }
}
