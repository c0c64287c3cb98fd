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

class TcpOptStripTargetTest {
  private static final String USUAL = "020405b4 0402 080a0000000100000002 01 030307";

  private final Evaluation evaluation = TestServices.evaluation(new TestServices(), Hook.FORWARD);

  private int strip(String options, Packet packet) {
    return TargetOptions.parse(Family.IPV4, "-p tcp -j TCPOPTSTRIP --strip-options " + options)
        .bind(null)
        .apply(packet, evaluation);
  }

  @ParameterizedTest
  @CsvSource({
    "mss, 01010101 0402 080a0000000100000002 01 030307",
    "timestamp, 020405b4 0402 01010101010101010101 01 030307",
    "'wscale,sack-permitted', 020405b4 0101 080a0000000100000002 01 010101",
    "md5, 020405b4 0402 080a0000000100000002 01 030307"
  })
  void optionsBecomeNoOperations(String which, String expected) {
    for (Packet packet :
        new Packet[] {
          TestPackets.tcp4(Tcp.SYN, USUAL, ""), TestPackets.tcp6(Tcp.SYN, USUAL, "odd")
        }) {
      assertThat(strip(which, packet)).isEqualTo(Verdict.CONTINUE);
      assertThat(TestPackets.options(packet)).isEqualTo(expected.replace(" ", ""));
      TestPackets.assertSound(packet);
    }
  }

  @Test
  void optionsAtOddPlacesKeepTheChecksumRight() {
    Packet packet = TestPackets.tcp4(Tcp.SYN, "01020405b4 030307", "");
    strip("mss,wscale", packet);
    assertThat(TestPackets.options(packet)).isEqualTo("01".repeat(8));
    TestPackets.assertSound(packet);
  }

  @Test
  void anOptionThatReachesBeyondTheHeaderEndsTheWalk() {
    Packet packet = TestPackets.tcp4(Tcp.SYN, "01 080805b4 020405", "");
    String before = TestPackets.bytes(packet);
    assertThat(strip("timestamp,mss", packet)).isEqualTo(Verdict.CONTINUE);
    assertThat(TestPackets.bytes(packet)).isEqualTo(before);
  }

  @Test
  void aBrokenHeaderDropsThePacketAndALaterFragmentPasses() {
    Packet broken = TestPackets.tcp4(Tcp.SYN, USUAL, "");
    broken.end -= 1;
    assertThat(strip("mss", broken)).isEqualTo(Verdict.DROP);
    evaluation.fragmentOffset = 16;
    assertThat(strip("mss", broken)).isEqualTo(Verdict.CONTINUE);
  }
}
