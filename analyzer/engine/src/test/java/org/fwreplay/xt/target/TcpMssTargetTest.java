package org.fwreplay.xt.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.Verdict;
import org.junit.jupiter.api.Test;

class TcpMssTargetTest {
  private static final String MSS_1460 = "020405b4";
  private static final String NOPS = "01010101";

  private final TestServices services = new TestServices();
  private final Evaluation evaluation = TestServices.evaluation(services, Hook.FORWARD);

  private int apply(String options, Packet packet) {
    return TargetOptions.parse(Family.IPV4, "-p tcp -j TCPMSS " + options)
        .bind(null)
        .apply(packet, evaluation);
  }

  @Test
  void aGreaterSizeIsLowered() {
    Packet packet = TestPackets.tcp4(Tcp.SYN, NOPS + MSS_1460, "");
    assertThat(apply("--set-mss 1400", packet)).isEqualTo(Verdict.CONTINUE);
    assertThat(TestPackets.options(packet)).isEqualTo(NOPS + "02040578");
    TestPackets.assertSound(packet);
  }

  @Test
  void aSmallerSizeIsNeverRaised() {
    Packet packet = TestPackets.tcp4(Tcp.SYN, MSS_1460, "");
    String before = TestPackets.bytes(packet);
    assertThat(apply("--set-mss 1461", packet)).isEqualTo(Verdict.CONTINUE);
    assertThat(TestPackets.bytes(packet)).isEqualTo(before);
  }

  @Test
  void theSizeIsClampedToTheSmallerMtuOfBothWays() {
    services.pathMtu = 1492;
    services.reversePathMtu = 1480;
    Packet four = TestPackets.tcp4(Tcp.SYN, MSS_1460, "");
    apply("--clamp-mss-to-pmtu", four);
    assertThat(TestPackets.options(four)).isEqualTo("020405a0");
    Packet six = TestPackets.tcp6(Tcp.SYN, MSS_1460, "");
    apply("--clamp-mss-to-pmtu", six);
    assertThat(TestPackets.options(six)).isEqualTo("0204058c");
    TestPackets.assertSound(four);
    TestPackets.assertSound(six);
  }

  @Test
  void aWayBackThatIsUnknownDoesNotCount() {
    services.pathMtu = 1492;
    services.reversePathMtu = -1;
    Packet packet = TestPackets.tcp4(Tcp.SYN, MSS_1460, "");
    apply("--clamp-mss-to-pmtu", packet);
    assertThat(TestPackets.options(packet)).isEqualTo("020405ac");
  }

  @Test
  void anMtuThatLeavesNoRoomDropsThePacket() {
    services.pathMtu = 40;
    assertThat(apply("--clamp-mss-to-pmtu", TestPackets.tcp4(Tcp.SYN, MSS_1460, "")))
        .isEqualTo(Verdict.DROP);
  }

  @Test
  void aMissingOptionIsPutBeforeTheOthersWithNoMoreThanTheDefault() {
    Packet four = TestPackets.tcp4(Tcp.SYN, NOPS, "");
    apply("--set-mss 1400", four);
    assertThat(TestPackets.options(four)).isEqualTo("02040218" + NOPS);
    TestPackets.assertSound(four);
    Packet six = TestPackets.tcp6(Tcp.SYN, NOPS, "");
    apply("--set-mss 1400", six);
    assertThat(TestPackets.options(six)).isEqualTo("020404c4" + NOPS);
    TestPackets.assertSound(six);
    Packet small = TestPackets.tcp4(Tcp.SYN, "", "");
    apply("--set-mss 500", small);
    assertThat(TestPackets.options(small)).isEqualTo("020401f4");
    TestPackets.assertSound(small);
  }

  @Test
  void aMissingOptionIsNotAddedBeforeDataNorToAFullHeader() {
    Packet withData = TestPackets.tcp4(Tcp.SYN, "", "hi");
    Packet full = TestPackets.tcp4(Tcp.SYN, NOPS.repeat(10), "");
    for (Packet packet : new Packet[] {withData, full}) {
      String before = TestPackets.bytes(packet);
      assertThat(apply("--set-mss 1400", packet)).isEqualTo(Verdict.CONTINUE);
      assertThat(TestPackets.bytes(packet)).isEqualTo(before);
    }
  }

  @Test
  void anOptionOfLengthZeroIsSteppedOver() {
    Packet packet = TestPackets.tcp4(Tcp.SYN, "1e000101" + MSS_1460, "");
    apply("--set-mss 1000", packet);
    assertThat(TestPackets.options(packet)).isEqualTo("1e000101020403e8");
    TestPackets.assertSound(packet);
  }

  @Test
  void aBrokenHeaderDropsThePacketAndALaterFragmentPasses() {
    Packet broken = TestPackets.tcp4(Tcp.SYN, MSS_1460, "");
    broken.end -= 1;
    assertThat(apply("--set-mss 1000", broken)).isEqualTo(Verdict.DROP);
    evaluation.fragmentOffset = 8;
    assertThat(apply("--set-mss 1000", broken)).isEqualTo(Verdict.CONTINUE);
  }

  @Test
  void clampingNeedsToKnowTheWayOut() {
    PacketTarget clamp = TargetOptions.parse(Family.IPV4, "-p tcp -j TCPMSS --clamp-mss-to-pmtu");
    PacketTarget set = TargetOptions.parse(Family.IPV4, "-p tcp -j TCPMSS --set-mss 9");
    assertThat(clamp.hooks()).isEqualTo(EnumSet.of(Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING));
    assertThat(set.hooks()).isEqualTo(EnumSet.allOf(Hook.class));
    assertThat(set.onlyForSyn()).isTrue();
  }
}
