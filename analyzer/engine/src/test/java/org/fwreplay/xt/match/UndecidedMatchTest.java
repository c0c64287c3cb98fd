package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.TestRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a capture does not tell, and what it tells all the same. */
class UndecidedMatchTest {
  private static final String LINUX =
      "S10:64:1:60:M*,S,T,N,W6:Linux:5:x:a fingerprint of our own\n";

  private static final int[] OPTIONS = {
    2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 6
  };

  private final TestRun run = new TestRun(null, host("").build());

  private static HostBuilder host(String fingerprints) {
    HostBuilder builder = Host.builder();
    builder.add("lo", -1, "127.0.0.1/8");
    builder.add("eth0", 0x020000000001L, "192.0.2.1/24");
    return fingerprints.isEmpty() ? builder : builder.osFingerprints(fingerprints);
  }

  private static Packets udp() {
    return Packets.udp("192.0.2.7:1000", "198.51.100.2:53").interfaces(1, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cpu --cpu 0",
        "nfacct --nfacct-name web",
        "ipvs --ipvs",
        "rateest --rateest e1 --rateest-lt --rateest-bps 8bit",
        "policy --dir in --pol ipsec",
        "socket"
      })
  void theseAreUndecided(String match) {
    Packet packet = udp().build();
    assertThat(run.match(match).matches(packet)).as("taken as no match").isFalse();
    assertThat(packet.undecided).isTrue();
  }

  @Test
  void ownersOfPacketsThatPassThroughAreKnownToBeNone() {
    Packet packet = udp().build();
    assertThat(run.match("owner --uid-owner 0").matches(packet)).isFalse();
    assertThat(run.match("owner ! --uid-owner 0").matches(packet)).isTrue();
    assertThat(run.match("owner ! --socket-exists").matches(packet)).isTrue();
    assertThat(run.match("owner ! --uid-owner 0 --gid-owner 0").matches(packet)).isFalse();
    assertThat(run.match("cgroup ! --cgroup 1").matches(packet)).isFalse();
    assertThat(packet.undecided).isFalse();
    packet.local = true;
    run.match("owner ! --uid-owner 0").matches(packet);
    assertThat(packet.undecided).isTrue();
  }

  @Test
  void whatTheKernelSendsBelongsToNobody() {
    Packet packet = udp().build();
    packet.local = true;
    packet.sender = Packet.KERNEL_SOCKET;
    assertThat(run.match("owner --uid-owner 0").matches(packet)).isFalse();
    assertThat(run.match("owner ! --uid-owner 0").matches(packet)).isTrue();
    assertThat(run.match("owner ! --socket-exists").matches(packet)).isFalse();
    assertThat(run.match("owner --socket-exists ! --gid-owner 0").matches(packet)).isTrue();
    packet.sender = Packet.NO_SOCKET;
    assertThat(run.match("owner --socket-exists").matches(packet)).isFalse();
    assertThat(run.match("owner ! --socket-exists ! --uid-owner 0").matches(packet)).isTrue();
    assertThat(packet.undecided).isFalse();
  }

  @Test
  void onlyWhatHasPortsCanBeForASocket() {
    Packet ping = Packets.icmp("192.0.2.7", "198.51.100.2", 8, 0).build();
    assertThat(run.match("socket").matches(ping)).isFalse();
    assertThat(ping.undecided).isFalse();
    Packet error = Packets.icmp("192.0.2.7", "198.51.100.2", 3, 3).payload(udp().build()).build();
    run.match("socket").matches(error);
    assertThat(error.undecided).isTrue();
  }

  @Test
  void withoutIpsecNoPolicyApplies() {
    Packet packet = udp().build();
    assertThat(run.match("policy --dir out --pol none").matches(packet)).isTrue();
    assertThat(packet.undecided).isFalse();
  }

  @Test
  void packetsThatCameByNoBridgeHaveNoPorts() {
    Packet packet = udp().build();
    assertThat(run.match("physdev --physdev-in eth0").matches(packet)).isFalse();
    assertThat(run.match("physdev ! --physdev-is-bridged").matches(packet)).isTrue();
    assertThat(run.match("physdev ! --physdev-is-in --physdev-is-out").matches(packet)).isFalse();
    assertThat(packet.undecided).isFalse();
  }

  @Test
  void interfacesAreInGroupZeroUnlessTheHostSaysOtherwise() {
    Packet packet = udp().build();
    assertThat(run.match("devgroup --src-group default").matches(packet)).isTrue();
    assertThat(run.match("devgroup --src-group 0 ! --dst-group 0").matches(packet)).isFalse();
    assertThat(run.match("devgroup --dst-group 5/1").matches(packet)).isFalse();
  }

  @Test
  void operatingSystemsAreToldByTheHostsFingerprints() {
    Packet syn =
        Packets.tcp("192.0.2.7:1000", "198.51.100.2:80")
            .flags(Tcp.SYN)
            .dontFragment()
            .options(OPTIONS)
            .window(14_600)
            .build();
    TestRun knowing = new TestRun(null, host(LINUX).build());
    assertThat(knowing.match("osf -p tcp --genre Linux").matches(syn)).isTrue();
    assertThat(knowing.match("osf -p tcp --genre Windows").matches(syn)).isFalse();
    assertThat(knowing.match("osf -p tcp --genre Windows --log 2").matches(syn))
        .as("logging, Linux takes any genre")
        .isTrue();
    syn.setTtl(60);
    assertThat(knowing.match("osf -p tcp --genre Linux").matches(syn)).isFalse();
    assertThat(knowing.match("osf -p tcp --genre Linux --ttl 1").matches(syn)).isTrue();
    assertThat(syn.undecided).isFalse();
    run.match("osf -p tcp --genre Linux").matches(syn);
    assertThat(syn.undecided).as("no fingerprints").isTrue();
  }

  @Test
  void rpfilterAsksTheRoutes() {
    Packet near = udp().build();
    Packet far = Packets.udp("203.0.113.9:1", "198.51.100.2:2").interfaces(1, -1).build();
    Packet own = Packets.udp("192.0.2.1:1", "198.51.100.2:2").interfaces(1, -1).build();
    Packet looped = Packets.udp("203.0.113.9:1", "127.0.0.1:2").interfaces(0, -1).build();
    Packet dhcp = Packets.udp("0.0.0.0:68", "255.255.255.255:67").interfaces(1, -1).build();
    assertThat(run.match("rpfilter").matches(near)).isTrue();
    assertThat(run.match("rpfilter --invert").matches(near)).isFalse();
    assertThat(run.match("rpfilter").matches(far)).isFalse();
    assertThat(run.match("rpfilter --loose").matches(far)).isFalse();
    assertThat(run.match("rpfilter").matches(own)).isFalse();
    assertThat(run.match("rpfilter --accept-local").matches(own)).isTrue();
    assertThat(run.match("rpfilter").matches(looped)).isTrue();
    assertThat(run.match("rpfilter").matches(dhcp)).isTrue();
  }

  @Test
  void protocolsWithoutPortsAreForNoSocket() {
    Packet esp = Packets.ip("192.0.2.7", "198.51.100.2", Protocols.ESP).payload("12345678").build();
    assertThat(run.match("socket --transparent").matches(esp)).isFalse();
    assertThat(esp.undecided).isFalse();
  }
}
