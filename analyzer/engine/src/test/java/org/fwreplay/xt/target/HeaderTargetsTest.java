package org.fwreplay.xt.target;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TOS, DSCP, TTL, HL and ECN: the bytes that they write. */
class HeaderTargetsTest {
  private final Evaluation evaluation =
      TestServices.evaluation(new TestServices(), Hook.PREROUTING);

  private int apply(Family family, String rule, Packet packet) {
    return TargetOptions.parse(family, rule).bind(null).apply(packet, evaluation);
  }

  @ParameterizedTest
  @CsvSource({
    "-j TOS --set-tos 0x10, 0x10",
    "-j TOS --set-tos Minimize-Cost, 0x82",
    "-j TOS --and-tos 0x0f, 0x0b",
    "-j TOS --or-tos 0x14, 0xbf",
    "-j TOS --xor-tos 0xff, 0x54",
    "-j DSCP --set-dscp 0, 0x03",
    "-j DSCP --set-dscp-class EF, 0xbb"
  })
  void theTypeOfServiceChangesInBothFamilies(String rule, String expected) {
    int before = 0xab;
    for (Family family : Family.values()) {
      Packet packet = syn(family);
      packet.setTos(before);
      assertThat(apply(family, rule, packet)).isEqualTo(Verdict.CONTINUE);
      assertThat(packet.tos()).isEqualTo(Integer.decode(expected));
      TestPackets.assertSound(packet);
    }
  }

  @ParameterizedTest
  @CsvSource({"set 9, 9", "set 0, 0", "dec 1, 63", "dec 200, 0", "inc 1, 65", "inc 200, 255"})
  void theHopLimitStaysWithinAByte(String change, int expected) {
    Packet four = syn(Family.IPV4);
    Packet six = syn(Family.IPV6);
    assertThat(apply(Family.IPV4, "-j TTL --ttl-" + change, four)).isEqualTo(Verdict.CONTINUE);
    assertThat(apply(Family.IPV6, "-j HL --hl-" + change, six)).isEqualTo(Verdict.CONTINUE);
    assertThat(four.ttl()).isEqualTo(expected);
    assertThat(six.ttl()).isEqualTo(expected);
    TestPackets.assertSound(four);
    TestPackets.assertSound(six);
  }

  @ParameterizedTest
  @CsvSource({
    "--ecn-tcp-remove, 0x02",
    "--ecn-tcp-ece 0, 0x82",
    "--ecn-tcp-cwr 0, 0x42",
    "--ecn-tcp-cwr 1 --ecn-tcp-ece 1, 0xc2"
  })
  void ecnChangesTheFlagsOfTcp(String options, String expected) {
    Packet packet = TestPackets.tcp4(Tcp.SYN | Tcp.ECE | Tcp.CWR, "", "");
    assertThat(apply(Family.IPV4, "-p tcp -j ECN " + options, packet)).isEqualTo(Verdict.CONTINUE);
    assertThat(packet.u8(packet.transport + Tcp.FLAGS)).isEqualTo(Integer.decode(expected));
    TestPackets.assertSound(packet);
  }

  @Test
  void ecnLeavesTheDscpBitsWhenItSetsTheCodepoint() {
    Packet packet = syn(Family.IPV4);
    packet.setTos(0xb9);
    apply(Family.IPV4, "-j ECN --ecn-ip-ect 2", packet);
    assertThat(packet.tos()).isEqualTo(0xba);
    TestPackets.assertSound(packet);
  }

  @Test
  void ecnDropsWhatIsTooShortForTcp() {
    Packet packet = syn(Family.IPV4);
    packet.end = packet.transport + Tcp.MIN_LENGTH - 1;
    assertThat(apply(Family.IPV4, "-p tcp -j ECN --ecn-tcp-remove", packet))
        .isEqualTo(Verdict.DROP);
  }

  private static Packet syn(Family family) {
    return family == Family.IPV4
        ? TestPackets.tcp4(Tcp.SYN, "", "")
        : TestPackets.tcp6(Tcp.SYN, "", "");
  }
}
