package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.legacy.PacketListener;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Udp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Multicast that is received as unicast by another interface. */
class ProjectTest {
  private final List<byte[]> received = new ArrayList<>();
  private final PacketListener program =
      (packet, timeNs) -> {
        received.add(packet);
        return List.of();
      };

  /** What is projected from dmz to lan ends in a program's hands. */
  private Scenario projecting(String more) {
    return new Scenario()
        .rules(
            "*raw",
            "-A PREROUTING -i dmz -p udp -m udp --dport 10000 -j PROJECT --to-iface lan" + more,
            "*filter",
            "-A INPUT -i lan -d 192.168.1.1 -j DIVERT --port 1")
        .divert(1, program);
  }

  private static Packets datagram(String to) {
    return Packets.udp("172.16.5.10:9", to + ":10000").payload("payload");
  }

  private byte[] project(Scenario scenario, Packets packet) {
    scenario.arrives("dmz", List.of(packet.build()));
    return received.isEmpty() ? null : received.get(0);
  }

  private static int checksum(byte[] packet, int header) {
    return Bytes.u16(packet, header + Udp.CHECKSUM);
  }

  @ParameterizedTest
  @CsvSource({
    "224.0.0.1, true",
    "239.255.255.255, true",
    "223.255.255.255, false",
    "240.0.0.1, false",
    "172.16.5.1, false"
  })
  void multicastAndNothingElseIsProjected(String to, boolean projected) {
    Scenario scenario = projecting("");
    assertThat(project(scenario, datagram(to)) != null).isEqualTo(projected);
    assertThat(scenario.fates().contains("STOLEN at PREROUTING")).isEqualTo(projected);
  }

  @Test
  void theDatagramIsThatOfOneSentToTheInterface() {
    byte[] unicast = project(projecting(""), datagram("239.1.2.3"));
    Packet sent = datagram("192.168.1.1").build();
    assertThat(unicast)
        .isEqualTo(java.util.Arrays.copyOfRange(sent.buffer, sent.network, sent.end));
  }

  @Test
  void ipOptionsAreCoveredByTheChecksum() {
    byte[] unicast = project(projecting(""), datagram("239.1.2.3").ipOptions(0x94, 4, 0, 0));
    Packet sent = datagram("192.168.1.1").ipOptions(0x94, 4, 0, 0).build();
    assertThat(unicast)
        .isEqualTo(java.util.Arrays.copyOfRange(sent.buffer, sent.network, sent.end));
  }

  @Test
  void theUdpChecksumIsZeroedWhereAskedFor() {
    assertThat(checksum(project(projecting(" --clear-checksum"), datagram("239.1.2.3")), 20))
        .isZero();
  }

  @Test
  void noUdpChecksumStaysNone() {
    Packet p = datagram("239.1.2.3").build();
    Bytes.put16(p.buffer, p.transport + Udp.CHECKSUM, 0);
    projecting("").arrives("dmz", List.of(p));
    assertThat(checksum(received.get(0), 20)).isZero();
  }

  @Test
  void fragmentsAndWrongLengthsAreLeftAlone() {
    Scenario scenario = projecting("");
    assertThat(project(scenario, datagram("239.1.2.3").fragment(0, true))).isNull();
    for (int length : new int[] {7, 16}) {
      Packet p = datagram("239.1.2.3").build();
      Bytes.put16(p.buffer, p.transport + Udp.UDP_LENGTH, length);
      scenario.arrives("dmz", List.of(p));
    }
    assertThat(received).isEmpty();
    assertThat(scenario.fates()).doesNotContain("STOLEN at PREROUTING");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*raw|-A PREROUTING -p udp -j PROJECT",
        "*raw|-A PREROUTING -j PROJECT --to-iface lan",
        "*raw|-A OUTPUT -p udp -j PROJECT --to-iface lan",
        "*mangle|-A PREROUTING -p udp -j PROJECT --to-iface lan",
        "*raw|-A PREROUTING -p udp -j PROJECT --to-iface lan+",
        "*raw|-A PREROUTING -p udp -j PROJECT --to-iface anamethatistoolong"
      })
  void badRulesAreRefused(String rules) {
    Scenario scenario = new Scenario().rules(rules.split("\\|"));
    assertThatThrownBy(scenario::connections).hasMessageContaining("refused");
  }

  @Test
  void anInterfaceThatIsNotThereIsRefused() {
    Scenario scenario =
        new Scenario().rules("*raw", "-A PREROUTING -p udp -j PROJECT --to-iface eth7");
    assertThatThrownBy(scenario::connections).hasMessage("PROJECT: the host has no interface eth7");
  }
}
