package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fwreplay.host.PolicyRule.Action.TABLE;

import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.host.NextHop;
import org.fwreplay.host.PolicyRule;
import org.fwreplay.host.Prefix;
import org.fwreplay.host.Route;
import org.fwreplay.host.RouteQuery;
import org.junit.jupiter.api.Test;

class RouteCacheTest {
  private static final Prefix ANY = Prefix.any(false);
  private static final int LAN = 1;
  private static final int WAN = 2;

  private final RouteQuery query = new RouteQuery();

  /** A host whose way into the world has no gateway: each destination is its own next hop. */
  private final RouteCache routes = new RouteCache(world(Host.builder()).build().newRouter());

  @Test
  void destinationsOnTheLinkShareOneAnswerThatHasTheNextHopAskedFor() {
    RouteCache.Entry first = ask(0x08080808L);
    assertThat(first.result.nextHopLo).isEqualTo(0x08080808L);

    RouteCache.Entry second = ask(0x09090909L);
    assertThat(second).isSameAs(first);
    assertThat(second.result.nextHopLo).isEqualTo(0x09090909L);

    assertThat(ask(0x08080808L).result.nextHopLo).isEqualTo(0x08080808L);
  }

  @Test
  void theAnswerIsTheSameAfterMoreQuestionsThanAreRemembered() {
    long linkAddress = ask(0x08080808L).linkAddress;
    for (long destination = 0x0a000000L; destination < 0x0a020000L; destination++) {
      assertThat(ask(destination).result.nextHopLo).isEqualTo(destination);
    }

    RouteCache.Entry again = ask(0x08080808L);
    assertThat(again.result.nextHopLo).isEqualTo(0x08080808L);
    assertThat(again.linkAddress).isEqualTo(linkAddress);
  }

  @Test
  void portsTellQuestionsApartWhereAPolicyRuleLooksAtThem() {
    Host host =
        world(Host.builder())
            .route(Route.unicast(ANY, NextHop.dev(LAN)).inTable(100))
            .rule(PolicyRule.toTable(false, 0, Route.TABLE_LOCAL))
            .rule(mailToTable100())
            .rule(PolicyRule.toTable(false, 32766, Route.TABLE_MAIN))
            .build();
    RouteCache choosing = new RouteCache(host.newRouter());

    for (int i = 0; i < 2; i++) {
      query.destinationPort = 53;
      assertThat(ask(choosing, 0x08080808L).result.oif).isEqualTo(WAN);
      query.destinationPort = 25;
      assertThat(ask(choosing, 0x08080808L).result.oif).isEqualTo(LAN);
    }
  }

  private static PolicyRule mailToTable100() {
    PolicyRule.Range mail = new PolicyRule.Range(25, 25);
    return new PolicyRule(
        100,
        false,
        ANY,
        ANY,
        PolicyRule.ANY,
        PolicyRule.ANY,
        0,
        0,
        0,
        0,
        null,
        mail,
        null,
        TABLE,
        100,
        -1,
        -1,
        0);
  }

  private RouteCache.Entry ask(long destination) {
    return ask(routes, destination);
  }

  private RouteCache.Entry ask(RouteCache cache, long destination) {
    query.iif = 1;
    query.srcLo = 0xc0a80102L;
    query.dstLo = destination;
    return cache.input(query);
  }

  private static HostBuilder world(HostBuilder builder) {
    builder.add("lo", 0, "127.0.0.1/8");
    assertThat(builder.add("lan", 0x020000000001L, "192.168.1.1/24")).isEqualTo(LAN);
    assertThat(builder.add("wan", 0x020000000002L, "203.0.113.1/24")).isEqualTo(WAN);
    return builder
        .route(Route.unicast(Prefix.parse("192.168.1.0/24"), NextHop.dev(LAN)))
        .route(Route.unicast(ANY, NextHop.dev(WAN)))
        .sysctl("net.ipv4.ip_forward", "1");
  }
}
