package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.host.NextHop;
import org.fwreplay.host.Prefix;
import org.fwreplay.host.Route;
import org.fwreplay.host.RouteQuery;
import org.junit.jupiter.api.Test;

class RouteCacheTest {
  private final RouteQuery query = new RouteQuery();

  /** A host whose way into the world has no gateway: each destination is its own next hop. */
  private final RouteCache routes = new RouteCache(host().newRouter());

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

  private RouteCache.Entry ask(long destination) {
    query.iif = 1;
    query.srcLo = 0xc0a80102L;
    query.dstLo = destination;
    return routes.input(query);
  }

  private static Host host() {
    HostBuilder builder = Host.builder();
    builder.add("lo", 0, "127.0.0.1/8");
    int lan = builder.add("lan", 0x020000000001L, "192.168.1.1/24");
    int wan = builder.add("wan", 0x020000000002L, "203.0.113.1/24");
    return builder
        .route(Route.unicast(Prefix.parse("192.168.1.0/24"), NextHop.dev(lan)))
        .route(Route.unicast(Prefix.parse("0.0.0.0/0"), NextHop.dev(wan)))
        .sysctl("net.ipv4.ip_forward", "1")
        .build();
  }
}
