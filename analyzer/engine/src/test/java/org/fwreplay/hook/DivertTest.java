package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fwreplay.legacy.PacketListener;
import org.fwreplay.legacy.ProgramListener;
import org.fwreplay.legacy.TtlProgram;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Divert sockets: who gets packets, and how they come back. */
class DivertTest {
  private static final String PACKET = "udp 192.168.1.10:1000 > 198.51.100.7:53 len 10";
  private static final String FORWARDED = "wan: " + PACKET + " ttl 63";

  private final List<byte[]> taken = new ArrayList<>();

  private static Scenario diverting(String chain, PacketListener listener) {
    return new Scenario()
        .rules("*filter", "-A " + chain + " -p udp -j DIVERT --port 1234")
        .divert(1234, listener);
  }

  /** Gives back the packet as a change leaves it. */
  private PacketListener changing(java.util.function.UnaryOperator<byte[]> change) {
    return (packet, timeNs) -> {
      taken.add(packet.clone());
      return List.of(change.apply(packet));
    };
  }

  private PacketListener keeping() {
    return (packet, timeNs) -> {
      taken.add(packet);
      return List.of();
    };
  }

  @Test
  void withoutAListenerPacketsAreDroppedInSilence() {
    Scenario scenario = diverting("FORWARD", PacketListener.NONE);
    assertThat(scenario.arrives("lan", PACKET)).isEmpty();
    assertThat(scenario.fates()).containsExactly("DROPPED at FORWARD");
  }

  @Test
  void compiledWithPassThroughTheyGoOn() {
    Scenario scenario = diverting("FORWARD", PacketListener.NONE).dialect("DIVERT", "pass-through");
    assertThat(scenario.arrives("lan", PACKET)).containsExactly(FORWARDED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FORWARD", "INPUT", "OUTPUT"})
  void whatAListenerKeepsIsGone(String chain) {
    Scenario scenario = diverting(chain, keeping());
    List<String> left =
        switch (chain) {
          case "FORWARD" -> scenario.arrives("lan", PACKET);
          case "INPUT" -> scenario.arrives("lan", "udp 192.168.1.10:1 > 192.168.1.1:99");
          default -> scenario.sends("udp 203.0.113.1:1 > 198.51.100.7:53");
        };
    assertThat(left).isEmpty();
    assertThat(scenario.fates()).containsExactly("STOLEN at " + chain);
    assertThat(taken).hasSize(1);
  }

  @Test
  void whatComesBackInboundIsReceivedAnewAndNotDivertedAgain() {
    Scenario scenario =
        new Scenario()
            .rules("*raw", "-A PREROUTING -i lan -p udp -j DIVERT --port 1234", "*filter")
            .rules("-A FORWARD -i lan -p udp")
            .divert(1234, changing(packet -> packet));
    assertThat(scenario.arrives("lan", PACKET)).containsExactly(FORWARDED);
    assertThat(scenario.fates())
        .containsExactly("STOLEN at PREROUTING", "FORWARDED at POSTROUTING");
    assertThat(scenario.counters())
        .contains("raw [2:76] -A PREROUTING -i lan -p udp -j DIVERT --port 1234")
        .contains("filter [1:38] -A FORWARD -i lan -p udp");
    assertThat(taken).hasSize(1);
  }

  @Test
  void whatWasForwardedIsCountedDownAgain() {
    Scenario scenario = diverting("FORWARD", PacketListener.PASS);
    assertThat(scenario.arrives("lan", PACKET)).containsExactly("wan: " + PACKET + " ttl 62");
  }

  @Test
  void whatComesBackOutboundIsSentAnew() {
    Scenario scenario = diverting("OUTPUT", PacketListener.PASS);
    assertThat(scenario.sends("udp 203.0.113.1:1 > 198.51.100.7:53 len 3"))
        .containsExactly("wan: udp 203.0.113.1:1 > 198.51.100.7:53 len 3");
    assertThat(scenario.fates()).containsExactly("STOLEN at OUTPUT", "SENT at POSTROUTING");
  }

  @Test
  void withTeeOnlyACopyIsGivenAway() {
    Scenario scenario =
        new Scenario()
            .rules("*filter", "-A FORWARD -p udp -j DIVERT --port 1234 --tee", "-A FORWARD -p udp")
            .divert(1234, keeping());
    assertThat(scenario.arrives("lan", PACKET)).containsExactly(FORWARDED);
    assertThat(scenario.counters()).contains("filter [1:38] -A FORWARD -p udp");
    assertThat(taken).hasSize(1);
  }

  @Test
  void lengthIdentificationAndChecksumAreFilledIn() {
    Scenario scenario =
        diverting(
            "OUTPUT",
            changing(
                packet -> {
                  packet[Ipv4.ID] = 0;
                  packet[Ipv4.ID + 1] = 0;
                  packet[Ipv4.CHECKSUM] = 1;
                  return Arrays.copyOf(packet, packet.length + 4);
                }));
    scenario.sends("udp 203.0.113.1:1 > 198.51.100.7:53 len 3");
    Packet left = scenario.left().get(0);
    assertThat(left.u16(left.network + Ipv4.TOTAL_LENGTH)).isEqualTo(20 + 8 + 3 + 4);
    assertThat(left.u16(left.network + Ipv4.ID)).isNotZero();
    assertThat(Checksums.fold(Checksums.sum(left.buffer, left.network, 20, 0))).isEqualTo(0xffff);
  }

  @ParameterizedTest
  @CsvSource({"0", "19"})
  void whatIsNoPacketIsRefused(int length) {
    Scenario scenario = diverting("FORWARD", changing(packet -> Arrays.copyOf(packet, length)));
    assertThat(scenario.arrives("lan", PACKET)).isEmpty();
    assertThat(scenario.listenerProblems()).singleElement().asString().contains("EINVAL");
  }

  @Test
  void fragmentsAreDivertedOneByOne() {
    Scenario scenario =
        new Scenario()
            .rules("*raw", "-A PREROUTING -i lan -p udp -j DIVERT --port 1234")
            .divert(1234, changing(packet -> packet));
    String cut = "udp 192.168.1.10:1000 > 198.51.100.7:53 len 2000 cut 1000";
    assertThat(scenario.arrives("lan", cut)).hasSize(3);
    assertThat(taken).hasSize(3);
  }

  @Test
  void compiledToAlwaysDefragmentTheyAreDivertedWholeAndFragmentedAgain() {
    Scenario scenario =
        diverting("OUTPUT", changing(packet -> packet)).dialect("DIVERT", "defragment");
    String cut = "udp 203.0.113.1:1000 > 198.51.100.7:53 len 2000 cut 1000";
    assertThat(scenario.sends(cut)).hasSizeGreaterThan(1);
    assertThat(taken).hasSize(1);
    assertThat(taken.get(0)).hasSize(2028);
  }

  @Test
  void whatIsLongerThanTheMtuIsRefused() {
    Scenario scenario =
        diverting("OUTPUT", changing(packet -> Arrays.copyOf(packet, 1501))).mtu("wan", 1500);
    assertThat(scenario.sends("udp 203.0.113.1:1 > 198.51.100.7:53 len 3")).isEmpty();
    assertThat(scenario.listenerProblems())
        .singleElement()
        .asString()
        .contains("1501 bytes are more than the MTU of 1500 (EMSGSIZE)");
  }

  @Test
  void whereNobodySaysWhoListensThePacketIsUndecidedAndDropped() {
    Scenario scenario = new Scenario().rules("*filter", "-A FORWARD -j DIVERT --port 9");
    assertThat(scenario.arrives("lan", PACKET)).isEmpty();
    assertThat(scenario.fates()).containsExactly("DROPPED at FORWARD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-A FORWARD -j DIVERT",
        "-A FORWARD -j DIVERT --port 0",
        "-A FORWARD -j DIVERT --port 65536",
        "-A FORWARD -j DIVERT --port ssh"
      })
  void badRulesAreRefused(String rule) {
    Scenario scenario = new Scenario().rules("*filter", rule);
    assertThatThrownBy(scenario::connections).hasMessageContaining("refused");
  }

  // -- programs ----------------------------------------------------------------------------------

  @Test
  void aProgramGivesPacketsBackOrKeepsThem() throws IOException {
    try (ProgramListener program = new ProgramListener(TtlProgram.command(), 20_000)) {
      Scenario scenario =
          new Scenario()
              .rules("*mangle", "-A PREROUTING -i lan -p udp -j DIVERT --port 1234")
              .divert(1234, program);
      assertThat(scenario.arrives("lan", PACKET)).containsExactly("wan: " + PACKET + " ttl 98");
      assertThat(scenario.arrives("lan", PACKET.replace(":53", ":6666"))).isEmpty();
      assertThat(scenario.arrives("lan", PACKET)).hasSize(1);
    }
  }

  @Test
  void theSameProgramAnswersAtAQueue() throws IOException {
    try (ProgramListener program = new ProgramListener(TtlProgram.command(), 20_000)) {
      Scenario scenario =
          new Scenario().rules("*filter", "-A FORWARD -j NFQUEUE --queue-num 3").queue(3, program);
      assertThat(scenario.arrives("lan", PACKET)).hasSize(1);
      assertThat(scenario.left().get(0).ttl()).isEqualTo(99);
      assertThat(scenario.arrives("lan", PACKET.replace(":53", ":6666"))).isEmpty();
    }
  }

  @Test
  void aProgramThatHangsListensNoLonger() throws IOException {
    try (ProgramListener program = new ProgramListener("sleep 60", 50)) {
      Scenario scenario = diverting("FORWARD", program);
      assertThat(scenario.arrives("lan", PACKET)).isEmpty();
      assertThat(scenario.fates()).containsExactly("DROPPED at FORWARD");
      assertThat(scenario.listenerProblems())
          .containsExactly(
              "divert port 1234: program \"sleep 60\" gave no answer within 50 ms at its packet 1;"
                  + " from there on nobody listened");
      assertThat(program.isThere()).isFalse();
    }
  }

  @Test
  void aProgramThatEndsListensNoLonger() throws IOException {
    try (ProgramListener program = new ProgramListener("true", 20_000)) {
      Scenario scenario =
          new Scenario()
              .rules("*filter", "-A FORWARD -j NFQUEUE --queue-num 3 --queue-bypass")
              .queue(3, program);
      assertThat(scenario.arrives("lan", PACKET)).as("bypass").hasSize(1);
      assertThat(scenario.listenerProblems()).singleElement().asString().contains("queue 3");
    }
  }

  @Test
  void aProgramThatAnswersNonsenseListensNoLonger() throws IOException {
    try (ProgramListener program = new ProgramListener("yes", 20_000)) {
      Scenario scenario = diverting("FORWARD", program);
      assertThat(scenario.arrives("lan", PACKET)).isEmpty();
      assertThat(scenario.listenerProblems())
          .singleElement()
          .asString()
          .contains("answered with a packet of");
    }
  }
}
