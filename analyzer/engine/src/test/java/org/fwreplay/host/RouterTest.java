package org.fwreplay.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Decisions on a small firewall: lan 192.168.1.1/24 and 2001:db8:1::1/64, wan 203.0.113.1/24. */
class RouterTest {
  private final HostBuilder builder = Host.builder();
  private final int lo = builder.add("lo", 0, "127.0.0.1/8", "::1/128");
  private final int lan = builder.add("lan", 1, "192.168.1.1/24", "2001:db8:1::1/64", "fe80::1/64");
  private final int wan = builder.add("wan", 2, "203.0.113.1/24", "2001:db8:2::1/64", "fe80::2/64");
  private final RouteQuery query = new RouteQuery();
  private final RouteResult result = new RouteResult();

  RouterTest() {
    builder.route(
        Route.unicast(Prefix.parse("0.0.0.0/0"), NextHop.via(wan, Prefix.parse("203.0.113.254"))));
  }

  private int input(String source, String destination, int iif) {
    return input(builder.build(), source, destination, iif);
  }

  private int input(Host host, String source, String destination, int iif) {
    Prefix from = Prefix.parse(source);
    Prefix to = Prefix.parse(destination);
    query.six = to.six();
    query.srcHi = from.hi();
    query.srcLo = from.lo();
    query.dstHi = to.hi();
    query.dstLo = to.lo();
    query.iif = iif;
    return host.newRouter().input(query, result);
  }

  @Test
  void aPacketToTheWorldIsForwardedToTheGateway() {
    assertThat(input("192.168.1.7", "8.8.8.8", lan)).isEqualTo(RouteResult.FORWARD);
    assertThat(result.oif).isEqualTo(wan);
    assertThat(result.nextHopLo).isEqualTo(0xcb0071feL);
    assertThat(result.mtu).isEqualTo(1500);
    assertThat(result.redirect).isFalse();
  }

  @Test
  void anOwnAddressAsSourceIsAMartian() {
    assertThat(input("192.168.1.1", "8.8.8.8", lan)).isEqualTo(RouteResult.DROP_MARTIAN_SOURCE);
    builder.sysctl("net.ipv4.conf.lan.accept_local", "1");
    assertThat(input("192.168.1.1", "8.8.8.8", lan)).isEqualTo(RouteResult.FORWARD);
  }

  @Test
  void loopbackAddressesFromOutsideAreMartiansUnlessLocalnetIsRouted() {
    assertThat(input("127.0.0.1", "8.8.8.8", lan)).isEqualTo(RouteResult.DROP_MARTIAN_SOURCE);
    assertThat(input("192.168.1.7", "127.0.0.1", lan))
        .isEqualTo(RouteResult.DROP_MARTIAN_DESTINATION);
    builder.sysctl("net.ipv4.conf.lan.route_localnet", "1");
    assertThat(input("192.168.1.7", "127.0.0.1", lan)).isEqualTo(RouteResult.LOCAL);
  }

  @Test
  void theStrictReversePathFilterWantsTheWayBack() {
    builder.sysctl("net.ipv4.conf.all.rp_filter", "1");
    assertThat(input("192.168.1.7", "203.0.113.1", wan)).isEqualTo(RouteResult.DROP_RPF);
    assertThat(input("198.51.100.7", "203.0.113.1", wan)).isEqualTo(RouteResult.LOCAL);
    builder.sysctl("net.ipv4.conf.all.rp_filter", "2");
    assertThat(input("192.168.1.7", "203.0.113.1", wan)).isEqualTo(RouteResult.LOCAL);
  }

  @Test
  void backOutTheSameInterfaceARedirectIsDue() {
    builder.sysctl("net.ipv4.conf.all.send_redirects", "1");
    builder.sysctl("net.ipv4.conf.lan.send_redirects", "1");
    builder.route(
        Route.unicast(Prefix.parse("10.0.0.0/8"), NextHop.via(lan, Prefix.parse("192.168.1.254"))));
    assertThat(input("192.168.1.7", "10.1.1.1", lan)).isEqualTo(RouteResult.FORWARD);
    assertThat(result.redirect).isTrue();
    assertThat(input("198.51.100.1", "10.1.1.1", wan)).isEqualTo(RouteResult.FORWARD);
    assertThat(result.redirect).isFalse();
  }

  @Test
  void aHostThatDoesNotForwardIsSilent() {
    builder.sysctl("net.ipv4.ip_forward", "0");
    assertThat(input("192.168.1.7", "8.8.8.8", lan)).isEqualTo(RouteResult.NOT_FORWARDING);
    assertThat(result.icmpType).isEqualTo(-1);
  }

  @Test
  void routesThatRefuseNameTheirIcmpError() {
    builder.route(refusing("10.1.0.0/16", RouteType.UNREACHABLE));
    builder.route(refusing("10.2.0.0/16", RouteType.PROHIBIT));
    builder.route(refusing("10.3.0.0/16", RouteType.BLACKHOLE));
    builder.route(refusing("10.4.0.0/16", RouteType.THROW));
    Host host = builder.build();
    assertThat(input(host, "192.168.1.7", "10.1.1.1", lan)).isEqualTo(RouteResult.UNREACHABLE);
    assertThat(List.of(result.icmpType, result.icmpCode)).containsExactly(3, 1);
    assertThat(input(host, "192.168.1.7", "10.2.1.1", lan)).isEqualTo(RouteResult.PROHIBIT);
    assertThat(List.of(result.icmpType, result.icmpCode)).containsExactly(3, 13);
    assertThat(input(host, "192.168.1.7", "10.3.1.1", lan)).isEqualTo(RouteResult.BLACKHOLE);
    assertThat(result.icmpType).isEqualTo(-1);
    assertThat(input(host, "192.168.1.7", "10.4.1.1", lan)).isEqualTo(RouteResult.NO_ROUTE);
    assertThat(List.of(result.icmpType, result.icmpCode)).containsExactly(3, 0);
    assertThat(input(host, "2001:db8:1::7", "2a00::1", lan)).isEqualTo(RouteResult.NO_ROUTE);
    assertThat(List.of(result.icmpType, result.icmpCode)).containsExactly(1, 0);
  }

  private static Route refusing(String destination, RouteType type) {
    Prefix to = Prefix.parse(destination);
    return new Route(
        to, Prefix.any(to.six()), 254, type, 0, 0, 0, false, 2, 0, 0, 0, false, List.of());
  }

  @Test
  void broadcastsAndJoinedGroupsAreDelivered() {
    Host host = builder.build();
    assertThat(input(host, "192.168.1.7", "192.168.1.255", lan)).isEqualTo(RouteResult.BROADCAST);
    assertThat(input(host, "0.0.0.0", "255.255.255.255", lan)).isEqualTo(RouteResult.BROADCAST);
    assertThat(input(host, "192.168.1.7", "224.0.0.1", lan)).isEqualTo(RouteResult.MULTICAST);
    assertThat(input(host, "192.168.1.7", "224.0.0.5", lan)).isEqualTo(RouteResult.DROP_NOT_JOINED);
    assertThat(input(host, "fe80::7", "ff02::1", lan)).isEqualTo(RouteResult.MULTICAST);
    assertThat(input(host, "fe80::7", "ff02::2", lan)).isEqualTo(RouteResult.MULTICAST);
    assertThat(input(host, "fe80::7", "ff02::1:ff00:1", lan)).isEqualTo(RouteResult.MULTICAST);
    assertThat(input(host, "fe80::7", "ff02::1:ff00:9", lan))
        .isEqualTo(RouteResult.DROP_NOT_JOINED);
  }

  @Test
  void aLinkLocalSourceMustNotLeaveItsLink() {
    assertThat(input("fe80::7", "2001:db8:2::7", lan)).isEqualTo(RouteResult.FORWARD);
    assertThat(result.forwardCheck).isEqualTo(RouteResult.SOURCE_BEYOND_SCOPE);
    assertThat(input("::", "2001:db8:2::7", lan)).isEqualTo(RouteResult.FORWARD);
    assertThat(result.forwardCheck).isEqualTo(RouteResult.SOURCE_INVALID);
  }

  @Test
  void theMtuIsThatOfTheRouteElseOfTheInterface() {
    Prefix six = Prefix.parse("2001:db8:9::/48");
    builder.route(
        new Route(
            six,
            Prefix.any(true),
            254,
            RouteType.UNICAST,
            0,
            1024,
            0,
            false,
            2,
            0,
            0,
            1300,
            false,
            List.of(NextHop.dev(wan))));
    Host host = builder.build();
    input(host, "2001:db8:1::7", "2001:db8:9::7", lan);
    assertThat(result.mtu).isEqualTo(1300);
    input(host, "2001:db8:1::7", "2001:db8:2::7", lan);
    assertThat(result.mtu).isEqualTo(1500);
  }

  @Test
  void aLinkLocalDestinationBelongsToItsInterface() {
    Host host = builder.build();
    assertThat(input(host, "fe80::7", "fe80::1", lan)).isEqualTo(RouteResult.LOCAL);
    assertThat(input(host, "fe80::7", "fe80::1", wan)).isEqualTo(RouteResult.FORWARD);
    assertThat(result.oif).isEqualTo(wan);
  }

  @Test
  void masqueradeTakesTheAddressTowardsTheGateway() {
    int other = builder.add("dsl", 3, "198.51.100.1/24", "192.0.2.1/24");
    Router router = builder.build().newRouter();
    assertThat(router.selectSource4(other, 0xc00002feL, Scope.GLOBAL)).isEqualTo(0xc0000201L);
    assertThat(router.selectSource4(other, 0x08080808L, Scope.GLOBAL)).isEqualTo(0xc6336401L);
    assertThat(router.selectSource4(lo, 0, Scope.GLOBAL)).isEqualTo(0xc0a80101L);
  }

  @Test
  void ipv6SourcesFollowScopeAndPrefix() {
    Router router = builder.build().newRouter();
    assertThat(router.selectSource6(wan, 0xfe80L << 48, 9, result)).isTrue();
    assertThat(Addresses.format(true, result.srcHi, result.srcLo)).isEqualTo("fe80::2");
    assertThat(router.selectSource6(wan, 0x2a00L << 48, 9, result)).isTrue();
    assertThat(Addresses.format(true, result.srcHi, result.srcLo)).isEqualTo("2001:db8:2::1");
  }

  @Test
  void addressTypesAreThoseOfTheLocalTable() {
    Router router = builder.build().newRouter();
    assertThat(router.addressType4(-1, 0xc0a80101L)).isEqualTo(RouteType.LOCAL);
    assertThat(router.addressType4(wan, 0xc0a80101L)).isEqualTo(RouteType.UNICAST);
    assertThat(router.addressType4(-1, 0xc0a801ffL)).isEqualTo(RouteType.BROADCAST);
    assertThat(router.addressType4(-1, 0xffffffffL)).isEqualTo(RouteType.BROADCAST);
    assertThat(router.addressType4(-1, 0)).isEqualTo(RouteType.BROADCAST);
    assertThat(router.addressType4(-1, 0xe0000001L)).isEqualTo(RouteType.MULTICAST);
    assertThat(router.addressType4(-1, 0x08080808L)).isEqualTo(RouteType.UNICAST);
    long lanNet = 0x20010db8_00010000L;
    int local = RouteType.LOCAL.bit();
    assertThat(router.hasType(true, -1, lanNet, 1, local)).isTrue();
    assertThat(router.hasType(true, -1, lanNet, 2, local)).isFalse();
    assertThat(router.hasType(true, wan, lanNet, 1, local)).isFalse();
    assertThat(router.hasType(true, -1, lanNet, 0, RouteType.ANYCAST.bit())).isTrue();
    assertThat(router.hasType(true, -1, 0x2a00L << 48, 1, RouteType.UNREACHABLE.bit())).isTrue();
  }
}
