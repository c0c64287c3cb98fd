package org.fwreplay.xt.target;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SNAT, DNAT, MASQUERADE, REDIRECT and NETMAP: what becomes of a new connection. */
class NatTargetsTest {
  private final TestServices services = new TestServices();
  private final Evaluation evaluation = TestServices.evaluation(services, Hook.POSTROUTING);
  private Host host;
  private int wan;
  private int lan;
  private int bare;
  private Packet packet;

  @BeforeEach
  void buildTheHost() {
    HostBuilder builder = Host.builder();
    builder.add("lo", 0, "127.0.0.1/8", "::1/128");
    wan =
        builder.add("wan", 0x020000000001L, "203.0.113.5/24", "203.0.113.9/24", "2001:db8:f::5/64");
    lan = builder.add("lan", 0x020000000002L, "192.0.2.1/24", "2001:db8::1/64", "fe80::1/64");
    bare = builder.add("bare", 0x020000000003L);
    host = builder.build();
  }

  /** Sends the first packet of a connection through a target. */
  private int apply(String rule, Hook hook, String from, String to) {
    packet = Packets.tcp(from, to).flags(Tcp.SYN).build();
    Tuple tuple = new Tuple();
    Conntrack conntrack = services.conntrack();
    assertThat(conntrack.tupleOf(packet, tuple)).isTrue();
    conntrack.in(packet, hook);
    assertThat(packet.trackInfo).isEqualTo(CtInfo.NEW);
    packet.nextHopLo = packet.destinationLo();
    evaluation.hook = hook;
    evaluation.in = hook == Hook.PREROUTING ? lan : -1;
    evaluation.out = hook == Hook.POSTROUTING ? wan : -1;
    Family family = packet.ipv6 ? Family.IPV6 : Family.IPV4;
    PacketTarget target = TargetOptions.parse(family, rule);
    assertThat(target.needsConntrack()).isTrue();
    return target.bind(new TestBinding(host)).apply(packet, evaluation);
  }

  /** Where answers go: the source as the other side sees it. */
  private String newSource() {
    Tuple reply = Connection.of(packet).reply;
    return text(reply.destinationHi, reply.destinationLo, reply.destinationPort);
  }

  /** Where answers come from: the destination as it is in the end. */
  private String newDestination() {
    Tuple reply = Connection.of(packet).reply;
    return text(reply.sourceHi, reply.sourceLo, reply.sourcePort);
  }

  private String text(long hi, long lo, int port) {
    Family family = packet.ipv6 ? Family.IPV6 : Family.IPV4;
    return AddressText.format(family, hi, lo) + " " + port;
  }

  @ParameterizedTest
  @CsvSource({
    "--to-source 203.0.113.7, 203.0.113.7 40000",
    "--to-source 203.0.113.7:5000, 203.0.113.7 5000",
    "--to-source :5000, 192.0.2.2 5000"
  })
  void snatChangesTheSource(String options, String source) {
    assertThat(snat("-p tcp -j SNAT " + options)).isEqualTo(Verdict.ACCEPT);
    assertThat(newSource()).isEqualTo(source);
    assertThat(newDestination()).isEqualTo("198.51.100.7 443");
  }

  private int snat(String rule) {
    return apply(rule, Hook.POSTROUTING, "192.0.2.2:40000", "198.51.100.7:443");
  }

  @ParameterizedTest
  @CsvSource({
    "--to-destination 192.0.2.80, 192.0.2.80 8443",
    "--to-destination 192.0.2.80:443, 192.0.2.80 443",
    "--to-destination :443, 203.0.113.5 443",
    "--to-destination 192.0.2.80:1000-1999/8400, 192.0.2.80 1043"
  })
  void dnatChangesTheDestination(String options, String destination) {
    int verdict =
        apply(
            "-p tcp -j DNAT " + options, Hook.PREROUTING, "198.51.100.7:50000", "203.0.113.5:8443");
    assertThat(verdict).isEqualTo(Verdict.ACCEPT);
    assertThat(newDestination()).isEqualTo(destination);
  }

  @Test
  void ipv6IsTranslatedToo() {
    apply(
        "-p tcp -j DNAT --to-destination [2001:db8::80]:80",
        Hook.PREROUTING,
        "[2001:db8:a::1]:50000",
        "[2001:db8:f::5]:8080");
    assertThat(newDestination()).isEqualTo("2001:db8::80 80");
  }

  @Test
  void theSecondTranslationOfAKindDropsThePacket() {
    snat("-j SNAT --to-source 203.0.113.7");
    PacketTarget again = TargetOptions.parse(Family.IPV4, "-j SNAT --to-source 203.0.113.8");
    assertThat(again.bind(new TestBinding(host)).apply(packet, evaluation)).isEqualTo(Verdict.DROP);
  }

  @Test
  void masqueradeTakesTheAddressOfTheWayOutAndRemembersIt() {
    assertThat(snat("-p tcp -j MASQUERADE --to-ports 6000")).isEqualTo(Verdict.ACCEPT);
    assertThat(newSource()).isEqualTo("203.0.113.5 6000");
    assertThat(Connection.of(packet).extension().masqueradeInterface).isEqualTo(wan);
  }

  @Test
  void masqueradeOfIpv6TakesTheAddressThatSuitsTheDestination() {
    apply("-j MASQUERADE", Hook.POSTROUTING, "[2001:db8::2]:40000", "[2001:db8:a::1]:443");
    assertThat(newSource()).isEqualTo("2001:db8:f::5 40000");
  }

  @Test
  void masqueradeDropsWhereTheWayOutHasNoAddress() {
    HostBuilder builder = Host.builder();
    wan = builder.add("wan", 0x020000000001L);
    host = builder.build();
    assertThat(snat("-j MASQUERADE")).isEqualTo(Verdict.DROP);
    assertThat(Connection.of(packet).extension().masqueradeInterface).isEqualTo(-1);
  }

  @Test
  void masqueradeLeavesPacketsWithoutASourceAlone() {
    assertThat(apply("-j MASQUERADE", Hook.POSTROUTING, "0.0.0.0:68", "198.51.100.7:443"))
        .isEqualTo(Verdict.ACCEPT);
    assertThat(newSource()).isEqualTo("0.0.0.0 68");
  }

  @ParameterizedTest
  @CsvSource({
    "PREROUTING, 192.0.2.2:40000, 198.51.100.7:80, 192.0.2.1 3128",
    "OUTPUT, 192.0.2.2:40000, 198.51.100.7:80, 127.0.0.1 3128",
    "PREROUTING, [2001:db8::2]:40000, [2001:db8:a::1]:80, 2001:db8::1 3128",
    "PREROUTING, [fe80::2]:40000, [fe80::1]:80, fe80::1 3128",
    "OUTPUT, [2001:db8::2]:40000, [2001:db8:a::1]:80, ::1 3128"
  })
  void redirectBringsTheConnectionHere(Hook hook, String from, String to, String destination) {
    assertThat(apply("-p tcp -j REDIRECT --to-ports 3128", hook, from, to))
        .isEqualTo(Verdict.ACCEPT);
    assertThat(newDestination()).isEqualTo(destination);
  }

  @Test
  void redirectDropsWhereTheInterfaceHasNoAddress() {
    lan = bare;
    assertThat(apply("-j REDIRECT", Hook.PREROUTING, "192.0.2.2:40000", "198.51.100.7:80"))
        .isEqualTo(Verdict.DROP);
  }

  @ParameterizedTest
  @CsvSource({
    "PREROUTING, 192.0.2.2 40000, 10.7.100.7 443",
    "OUTPUT, 192.0.2.2 40000, 10.7.100.7 443",
    "POSTROUTING, 10.7.2.2 40000, 198.51.100.7 443",
    "INPUT, 10.7.2.2 40000, 198.51.100.7 443"
  })
  void netmapMapsTheSideThatTheHookIsFor(Hook hook, String source, String destination) {
    apply("-j NETMAP --to 10.7.0.0/16", hook, "192.0.2.2:40000", "198.51.100.7:443");
    assertThat(newSource()).isEqualTo(source);
    assertThat(newDestination()).isEqualTo(destination);
  }

  @Test
  void netmapOfIpv6KeepsTheHostBits() {
    apply(
        "-j NETMAP --to 2001:db8:ffff::/48",
        Hook.POSTROUTING,
        "[fd00:1:2:3::4]:40000",
        "[2001:db8:a::1]:443");
    assertThat(newSource()).isEqualTo("2001:db8:ffff:3::4 40000");
  }
}
