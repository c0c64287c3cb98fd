package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fwreplay.host.PolicyRule.Action.TABLE;

import java.util.Random;
import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.host.NextHop;
import org.fwreplay.host.PolicyRule;
import org.fwreplay.host.Prefix;
import org.fwreplay.host.Route;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.RouteType;
import org.fwreplay.host.Router;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteCacheTest {
  private static final Prefix ANY = Prefix.any(false);
  private static final int LAN = 1;
  private static final int WAN = 2;

  private static final String[] PLACES = {
    "0.0.0.0",
    "8.8.8.8",
    "10.0.0.1",
    "127.0.0.1",
    "192.168.1.1",
    "192.168.1.3",
    "192.168.1.255",
    "192.168.2.0",
    "203.0.113.0",
    "203.0.113.1",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255"
  };

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
            .rule(toTable100(100, ANY, ANY, new PolicyRule.Range(25, 25)))
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

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsRememberedIsWhatRoutingSaysAboutAnyAddresses(long seed) {
    Random random = new Random(seed);
    Host host = anyHost(random);
    RouteCache cache = new RouteCache(host.newRouter());
    Router router = host.newRouter();
    RouteResult expected = new RouteResult();
    for (int i = 0; i < 20_000; i++) {
      query.iif = random.nextInt(3);
      query.srcLo = anyAddress(random);
      query.dstLo = anyAddress(random);
      router.input(query, expected);

      RouteCache.Entry entry = cache.input(query);
      assertThat(words(entry.result))
          .as("from %x to %x by %d", query.srcLo, query.dstLo, query.iif)
          .isEqualTo(words(expected));
      if (expected.decision == RouteResult.FORWARD) {
        assertThat(entry.linkAddress)
            .isEqualTo(router.linkAddress(expected.oif, false, 0, expected.nextHopLo));
      }
    }
  }

  /** Addresses at or near where some host makes a difference. */
  private static long anyAddress(Random random) {
    long near = Prefix.parse(PLACES[random.nextInt(PLACES.length)]).lo();
    return near + random.nextInt(5) - 2 + (random.nextInt(4) << 8) & 0xffffffffL;
  }

  private static String words(RouteResult r) {
    String way = r.decision == RouteResult.FORWARD ? r.oif + " " + r.gateway + " " + r.mtu : "";
    String next = way.isEmpty() ? "" : " " + r.nextHopLo + " " + r.redirect + " " + r.realms;
    return r.decision + " " + r.icmpType + "/" + r.icmpCode + " " + way + next;
  }

  private static Host anyHost(Random random) {
    HostBuilder builder = world(Host.builder());
    for (int i = 0; i < 6; i++) {
      Prefix to = anyPrefix(random);
      NextHop hop =
          random.nextBoolean()
              ? NextHop.dev(WAN)
              : NextHop.via(LAN, Prefix.parse("192.168.1." + (2 + random.nextInt(3))));
      Route route = Route.unicast(to, hop).inTable(random.nextBoolean() ? 254 : 100);
      RouteType type = random.nextInt(3) > 0 ? RouteType.UNICAST : RouteType.UNREACHABLE;
      builder.route(route.withType(type));
      builder.neighbour(1 + random.nextInt(2), PLACES[random.nextInt(PLACES.length)], i + 1);
    }
    if (random.nextBoolean()) {
      builder.rule(PolicyRule.toTable(false, 0, Route.TABLE_LOCAL));
      builder.rule(toTable100(100, anyPrefix(random), ANY, null));
      builder.rule(toTable100(200, ANY, anyPrefix(random), null));
      builder.rule(PolicyRule.toTable(false, 32766, Route.TABLE_MAIN));
    }
    builder.sysctl("net.ipv4.conf.all.rp_filter", String.valueOf(random.nextInt(3)));
    return builder.build();
  }

  private static Prefix anyPrefix(Random random) {
    Prefix place = Prefix.parse(PLACES[random.nextInt(PLACES.length)]);
    return new Prefix(false, 0, place.lo(), 8 * (1 + random.nextInt(4)));
  }

  private static PolicyRule toTable100(
      long priority, Prefix source, Prefix destination, PolicyRule.Range ports) {
    int any = PolicyRule.ANY;
    return new PolicyRule(
        priority,
        false,
        source,
        destination,
        any,
        any,
        0,
        0,
        0,
        0,
        null,
        ports,
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
