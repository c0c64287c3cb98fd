package org.fwreplay.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLoadTest {
  private static final String ADDR =
      """
      [{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP"],"mtu":65536,"link_type":"loopback",
        "address":"00:00:00:00:00:00","addr_info":[
        {"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host"}]},
       {"ifindex":4,"ifname":"lan","flags":["BROADCAST","MULTICAST","UP"],"mtu":1400,
        "link_type":"ether","address":"02:00:00:00:01:01","addr_info":[
        {"family":"inet","local":"192.168.1.1","prefixlen":24,"scope":"global"},
        {"family":"inet6","local":"2001:db8:1::1","prefixlen":64,"scope":"global"}]},
       {"ifindex":7,"ifname":"wan","flags":["BROADCAST","MULTICAST","UP"],"mtu":1500,
        "link_type":"ether","address":"02:00:00:00:02:01","addr_info":[
        {"family":"inet","local":"203.0.113.1","prefixlen":24,"scope":"global"}]}]
      """;

  @TempDir Path dir;

  private void write(String name, String text) throws IOException {
    Files.writeString(dir.resolve(name), text);
  }

  private RouteResult output(Host host, String destination) {
    RouteQuery query = new RouteQuery();
    RouteResult result = new RouteResult();
    Prefix to = Prefix.parse(destination);
    query.six = to.six();
    query.dstHi = to.hi();
    query.dstLo = to.lo();
    host.newRouter().output(query, result);
    return result;
  }

  @Test
  void anEmptyFolderIsAHostWithALoopbackInterface() {
    Host host = Host.load(dir);
    assertThat(host.interfaces()).extracting(NetInterface::name).containsExactly("lo");
    assertThat(host.assumptions())
        .contains(
            "no addr.json: interfaces without addresses",
            "no rule.json: the rules that every host has",
            "sysctl net.ipv4.ip_forward is not known: IPv4 is forwarded");
    assertThat(host.sysctls().getInt("net.ipv4.icmp_ratelimit", 1000)).isZero();
    assertThat(output(host, "127.0.0.1").decision).isEqualTo(RouteResult.LOCAL);
  }

  @Test
  void withAddressesAloneRoutesAreDerived() throws IOException {
    write("addr.json", ADDR);
    Host host = Host.load(dir);
    NetInterface lan = host.interfaceByName("lan");
    assertThat(lan.mac()).isEqualTo(0x020000000101L);
    assertThat(lan.ifindex()).isEqualTo(4);
    assertThat(output(host, "192.168.1.7").oif).isEqualTo(lan.id());
    assertThat(output(host, "192.168.1.1").decision).isEqualTo(RouteResult.LOCAL);
    assertThat(output(host, "192.168.1.255").decision).isEqualTo(RouteResult.BROADCAST);
    assertThat(output(host, "8.8.8.8").decision).isEqualTo(RouteResult.NO_ROUTE);
    assertThat(output(host, "2001:db8:1::7").oif).isEqualTo(lan.id());
    assertThat(output(host, "2001:db8:1::7").srcLo).isEqualTo(1);
    assertThat(output(host, "2001:db8:1::").decision).isEqualTo(RouteResult.LOCAL);
  }

  @Test
  void aMainTableAloneGetsItsLocalRoutes() throws IOException {
    write("addr.json", ADDR);
    write(
        "route.json",
        """
        [{"dst":"default","gateway":"203.0.113.254","dev":"wan","flags":[]}]
        """);
    Host host = Host.load(dir);
    assertThat(output(host, "8.8.8.8").nextHopLo).isEqualTo(0xcb0071feL);
    assertThat(output(host, "203.0.113.1").decision).isEqualTo(RouteResult.LOCAL);
    // The connected route is not in the main table that was given, so it is not there.
    assertThat(output(host, "192.168.1.7").gateway).isTrue();
    assertThat(host.assumptions())
        .contains("no IPv4 routes of table local: made from the addresses");
  }

  @Test
  void ipv6ForwardingShowsInTheAnycastRoutes() throws IOException {
    String own =
        "{\"type\":\"local\",\"dst\":\"2001:db8:1::1\",\"dev\":\"lan\",\"table\":\"local\"}";
    String anycast =
        "{\"type\":\"anycast\",\"dst\":\"2001:db8:1::\",\"dev\":\"lan\",\"table\":\"local\"}";
    write("addr.json", ADDR);
    write("route.json", "[" + own + "]");
    assertThat(Host.load(dir).forwards6()).isFalse();
    write("route.json", "[" + own + "," + anycast + "]");
    assertThat(Host.load(dir).forwards6()).isTrue();
  }

  @Test
  void badJsonIsNamedWithLineAndColumn() throws IOException {
    write("addr.json", "[{\"ifname\":\"lan\",\n  \"mtu\":oops}]");
    assertThatThrownBy(() -> Host.load(dir))
        .isInstanceOf(HostException.class)
        .hasMessageContaining(dir.resolve("addr.json") + ":2:")
        .hasMessageContaining("not JSON");
  }

  @Test
  void aBadAddressIsNamedWithItsEntry() throws IOException {
    write("addr.json", ADDR);
    write(
        "route.json",
        "[{\"dst\":\"default\",\"dev\":\"wan\"},{\"dst\":\"10.0.0/8\",\"dev\":\"wan\"}]");
    assertThatThrownBy(() -> Host.load(dir))
        .isInstanceOf(HostException.class)
        .hasMessage(
            dir.resolve("route.json") + ": entry 2: dst: expected an address, found '10.0.0/8'");
  }

  @Test
  void somethingElseThanAListIsRefused() throws IOException {
    write("rule.json", "{\"priority\":0}");
    assertThatThrownBy(() -> Host.load(dir)).hasMessageContaining("rule.json:1:1: expected a list");
  }

  @Test
  void anInterfaceThatOnlyARouteNamesIsMadeUp() throws IOException {
    write("addr.json", ADDR);
    write("route.json", "[{\"dst\":\"10.0.0.0/8\",\"dev\":\"tun7\",\"flags\":[]}]");
    Host host = Host.load(dir);
    assertThat(output(host, "10.1.1.1").oif).isEqualTo(host.interfaceByName("tun7").id());
    assertThat(host.assumptions()).anyMatch(line -> line.startsWith("interface tun7 "));
  }

  @Test
  void neighboursAreKnownByInterface() throws IOException {
    write("addr.json", ADDR);
    write(
        "neigh.json",
        """
        [{"dst":"192.168.1.9","dev":"lan","lladdr":"02:00:00:00:01:09","state":["REACHABLE"]},
         {"dst":"192.168.1.8","dev":"lan","state":["FAILED"]},
         {"dst":"fe80::9","dev":"wan","lladdr":"02:00:00:00:02:09","state":["STALE"]}]
        """);
    Host host = Host.load(dir);
    Router router = host.newRouter();
    int lan = host.interfaceByName("lan").id();
    int wan = host.interfaceByName("wan").id();
    assertThat(router.linkAddress(lan, false, 0, 0xc0a80109L)).isEqualTo(0x020000000109L);
    assertThat(router.linkAddress(lan, false, 0, 0xc0a80108L)).isEqualTo(Neighbours.FAILED);
    assertThat(router.linkAddress(wan, false, 0, 0xc0a80109L)).isEqualTo(Neighbours.UNKNOWN);
    assertThat(router.linkAddress(wan, true, 0xfe80L << 48, 9)).isEqualTo(0x020000000209L);
    assertThat(router.linkAddress(lan, false, 0, 0xc0a801ffL)).isEqualTo(0xffffffffffffL);
    assertThat(router.linkAddress(lan, false, 0, 0xe1010203L)).isEqualTo(0x01005e010203L);
    assertThat(router.linkAddress(lan, true, 0xff02L << 48, 0x1ff000001L))
        .isEqualTo(0x3333ff000001L);
  }

  private static final String REALMS =
      """
      [{"dst":"10.1.0.0/16","gateway":"203.0.113.254","dev":"wan","flags":[],"flow":{"to":"5"}},
       {"dst":"10.2.0.0/16","gateway":"203.0.113.254","dev":"wan","flags":[],
        "flow":{"from":"6","to":"uplink"}}]
      """;

  @Test
  void routesHaveRealms() throws IOException {
    write("addr.json", ADDR);
    write("route.json", REALMS);
    write("rt_realms", "# of our own\n0\tcosmos\n0x12 uplink # the line\n\n");
    Host host = Host.load(dir);
    assertThat(host.knowsRealms()).isTrue();
    assertThat(output(host, "10.1.1.1").realms).isEqualTo(5);
    assertThat(output(host, "10.2.1.1").realms).isEqualTo(0x60012);
  }

  @Test
  void aRuleGivesTheRealmsThatTheRouteHasNot() throws IOException {
    write("addr.json", ADDR);
    write("route.json", REALMS.replace("uplink", "7"));
    write(
        "rule.json",
        """
        [{"priority":0,"src":"all","table":"local"},
         {"priority":100,"src":"all","table":"main","flow_from":"3","flow_to":"4"}]
        """);
    Host host = Host.load(dir);
    assertThat(output(host, "10.1.1.1").realms).isEqualTo(0x30005);
    assertThat(output(host, "10.2.1.1").realms).isEqualTo(0x60007);
  }

  @Test
  void whatIsNotModelledIsSaidAloud() throws IOException {
    write("addr.json", ADDR);
    write(
        "route.json",
        """
        [{"dst":"10.0.0.0/8","dev":"wan","flags":[],"metrics":[{"hoplimit":7}]}]
        """);
    write("sysctl.txt", "net.ipv4.icmp_echo_enable_probe = 1\n");
    assertThat(Host.load(dir).assumptions())
        .anyMatch(line -> line.contains("route.json: entry 1: hop limits of routes"))
        .anyMatch(line -> line.startsWith("the host does not answer to probes"));
  }

  @Test
  void aRealmsNameWithoutANumberIsSaidAloud() throws IOException {
    write("addr.json", ADDR);
    write("route.json", REALMS);
    Host host = Host.load(dir);
    assertThat(host.knowsRealms()).isFalse();
    assertThat(host.assumptions())
        .contains(
            "realm uplink has no number without the firewall's rt_realms: -m realm is undecided");
    write("rt_realms", "0 cosmos\nuplink 18\n");
    assertThatThrownBy(() -> Host.load(dir))
        .isInstanceOf(HostException.class)
        .hasMessageEndingWith(
            "rt_realms:2: expected a realm from 0 to 65535 and its name, found 'uplink 18'");
  }
}
