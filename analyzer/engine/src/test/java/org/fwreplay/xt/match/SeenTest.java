package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.TestRun;
import org.junit.jupiter.api.Test;

/** What matches say of a packet when they explain themselves. */
class SeenTest {
  private final TestRun run = new TestRun(null, null);

  private static Packet udp() {
    return Packets.udp("192.0.2.7:1000", "198.51.100.2:53").build();
  }

  @Test
  void realmsOfTheRoute() {
    Packet packet = udp();
    TestRun.Bound match =
        new TestRun(null, org.fwreplay.host.Host.builder().build()).match("realm --realm 5");
    assertThat(match.sees(packet)).isEqualTo("no realm");
    packet.realms = 0x20009;
    assertThat(match.sees(packet)).isEqualTo("realms 2/9");
  }

  @Test
  void whoSentThePacketAsFarAsItIsKnown() {
    Packet packet = udp();
    TestRun.Bound match = run.match("owner --uid-owner 0");
    assertThat(match.sees(packet)).isEqualTo("no socket");
    packet.local = true;
    assertThat(match.sees(packet)).isEmpty();
    packet.sender = Packet.KERNEL_SOCKET;
    assertThat(match.sees(packet)).isEqualTo("a socket of the kernel's own");
  }

  @Test
  void congestionNotification() {
    Packet packet =
        Packets.tcp("192.0.2.7:1000", "198.51.100.2:80").flags(Tcp.ACK | Tcp.ECE).build();
    assertThat(run.match("ecn --ecn-ip-ect 2").sees(packet)).isEqualTo("ECN 0");
    assertThat(run.match("ecn -p tcp --ecn-tcp-cwr").sees(packet)).isEqualTo("ECN 0, ECE, no CWR");
  }

  @Test
  void theTimeOfThePacket() {
    Packet packet = udp();
    packet.timeNs = 1_700_000_000_000_000_000L;
    assertThat(run.match("time --weekdays Mon").sees(packet))
        .isEqualTo("Tue 2023-11-14 22:13:20 UTC");
  }

  @Test
  void numbersOfIpsecAndTypesOfDccpWhereTheHeaderIsThere() {
    Packet packet = udp();
    assertThat(run.match("esp -p esp --espspi 5").sees(packet)).startsWith("SPI ");
    assertThat(run.match("dccp -p dccp --sport 5").sees(packet)).isEqualTo("sport 1000, dport 53");
    packet.end = packet.transport + 2;
    assertThat(run.match("esp -p esp --espspi 5").sees(packet)).isEqualTo("no transport header");
    assertThat(run.match("helper --helper ftp").sees(packet))
        .isEqualTo("no helper that expected it");
  }
}
