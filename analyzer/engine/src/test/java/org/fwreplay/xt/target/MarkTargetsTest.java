package org.fwreplay.xt.target;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MARK and CONNMARK. */
class MarkTargetsTest {
  private static final int PACKET_MARK = 0x1234;
  private static final int CONNECTION_MARK = 0xff00ff;

  private final Evaluation evaluation = TestServices.evaluation(new TestServices(), Hook.FORWARD);
  private final Connection connection = new Connection();
  private Packet packet;

  @BeforeEach
  void markBoth() {
    packet = TestPackets.tcp4(Tcp.SYN, "", "");
    packet.mark = PACKET_MARK;
    packet.tracked = connection;
    connection.mark = CONNECTION_MARK;
  }

  private void apply(String rule) {
    PacketTarget target = TargetOptions.parse(Family.IPV4, rule);
    assertThat(target.bind(null).apply(packet, evaluation)).isEqualTo(Verdict.CONTINUE);
  }

  @ParameterizedTest
  @CsvSource({
    "--set-mark 0x50, 0x50",
    "--set-mark 0x50/0xf, 0x1270",
    "--set-xmark 0x50/0xf, 0x1260",
    "--and-mark 0xff, 0x34",
    "--or-mark 0xff, 0x12ff",
    "--xor-mark 0xff, 0x12cb",
    "--set-mark 0xffffffff, -1"
  })
  void thePacketMarkChanges(String options, String expected) {
    apply("-j MARK " + options);
    assertThat(packet.mark).isEqualTo(Integer.decode(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "--set-mark 0x50, 0x50",
    "--or-mark 0xff00, 0xffffff",
    "--set-xmark 0x1/0xff --left-shift-mark 4, 0xff00010",
    "--and-mark 0xffffff --right-shift-mark 8, 0xff00",
    "--save-mark, 0x1234",
    "--save-mark --mask 0xff, 0xff0034",
    "--save-mark --nfmask 0xff --ctmask 0 --left-shift-mark 8, 0xff34ff"
  })
  void theConnectionMarkChanges(String options, String expected) {
    apply("-j CONNMARK " + options);
    assertThat(connection.mark).isEqualTo(Integer.decode(expected));
    assertThat(packet.mark).isEqualTo(PACKET_MARK);
  }

  @ParameterizedTest
  @CsvSource({
    "--restore-mark, 0xff00ff",
    "--restore-mark --mask 0xf, 0x123f",
    "--restore-mark --ctmask 0xff0000 --right-shift-mark 16, 0xff",
    "--restore-mark --nfmask 0xff --ctmask 0xff0000 --right-shift-mark 16, 0x12ff"
  })
  void thePacketMarkComesFromTheConnection(String options, String expected) {
    apply("-j CONNMARK " + options);
    assertThat(packet.mark).isEqualTo(Integer.decode(expected));
    assertThat(connection.mark).isEqualTo(CONNECTION_MARK);
  }

  @Test
  void withoutAConnectionNothingHappens() {
    packet.tracked = null;
    apply("-j CONNMARK --restore-mark");
    assertThat(packet.mark).isEqualTo(PACKET_MARK);
  }

  @Test
  void connmarkNeedsConnectionTracking() {
    assertThat(TargetOptions.parse(Family.IPV4, "-j CONNMARK --save-mark").needsConntrack())
        .isTrue();
    assertThat(TargetOptions.parse(Family.IPV4, "-j MARK --set-mark 1").needsConntrack()).isFalse();
  }
}
