package org.fwreplay.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteTableTest {
  private static final long SEED = 20261120;

  private final Random random = new Random(SEED);
  private final RouteQuery query = new RouteQuery();
  private final RouteResult result = new RouteResult();

  @Test
  void theLongestPrefixWinsInIpv4() {
    List<Route> routes = routes(false, 3000);
    RouteTable table = new RouteTable(false, routes);
    for (int i = 0; i < 20_000; i++) {
      Prefix target = target(routes, false);
      query.dstLo = target.lo();
      int code = table.lookup4(query, result);
      Route expected = naive(routes, 0, target.lo());
      assertThat(code == Fib.FOUND ? result.route.destination() : null)
          .as("%s, seed %d", target, SEED)
          .isEqualTo(expected == null ? null : expected.destination());
    }
  }

  @Test
  void theLongestPrefixWinsInIpv6() {
    List<Route> routes = routes(true, 3000);
    RouteTable table = new RouteTable(true, routes);
    for (int i = 0; i < 20_000; i++) {
      Prefix target = target(routes, true);
      query.dstHi = target.hi();
      query.dstLo = target.lo();
      boolean found = table.lookup6(query, -1, false, null, result);
      Route expected = naive(routes, target.hi(), target.lo());
      assertThat(found ? result.route.destination() : null)
          .as("%s, seed %d", target, SEED)
          .isEqualTo(expected == null ? null : expected.destination());
    }
  }

  @Test
  void amongEqualPrefixesTheLowestMetricWins() {
    Route far = Route.unicast(Prefix.parse("10.0.0.0/8"), NextHop.dev(1));
    Route near = Route.of(far.destination(), 254, RouteType.UNICAST, Scope.LINK, 5, NextHop.dev(2));
    query.dstLo = 0x0a000001L;
    assertThat(new RouteTable(false, List.of(near, far)).lookup4(query, result))
        .isEqualTo(Fib.FOUND);
    assertThat(result.hop.oif()).isEqualTo(1);
  }

  @Test
  void aRouteByAnotherInterfaceGivesWayToAShorterPrefix() {
    Route exact = Route.unicast(Prefix.parse("10.1.0.0/16"), NextHop.dev(1));
    Route wide = Route.unicast(Prefix.parse("0.0.0.0/0"), NextHop.dev(2));
    query.dstLo = 0x0a010001L;
    query.oif = 2;
    new RouteTable(false, List.of(exact, wide)).lookup4(query, result);
    assertThat(result.route).isEqualTo(wide);
  }

  @Test
  void anIpv6RouteFromAPrefixNeedsItsSource() {
    Route any = Route.unicast(Prefix.parse("2001:db8::/32"), NextHop.dev(1));
    Route special =
        new Route(
            any.destination(),
            Prefix.parse("fd00::/8"),
            254,
            RouteType.UNICAST,
            0,
            1024,
            0,
            false,
            2,
            0,
            0,
            0,
            false,
            List.of(NextHop.dev(2)));
    RouteTable table = new RouteTable(true, List.of(any, special));
    query.dstHi = 0x20010db8L << 32;
    query.srcHi = 0xfdL << 56;
    table.lookup6(query, -1, false, null, result);
    assertThat(result.hop.oif()).isEqualTo(2);
    query.srcHi = 0;
    table.lookup6(query, -1, false, null, result);
    assertThat(result.hop.oif()).isEqualTo(1);
  }

  private List<Route> routes(boolean six, int count) {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(six ? 129 : 33);
      // Few distinct leading bits, so that prefixes nest.
      long hi = six ? 0x2000L << 48 | random.nextLong() >>> 3 & 0x0f0f_0000_ffff_00ffL : 0;
      long lo = six ? random.nextLong() : 0x0a000000L | random.nextInt() & 0x03ff0f0fL;
      routes.add(Route.unicast(new Prefix(six, hi, lo, length), NextHop.dev(i)));
    }
    return routes;
  }

  private Prefix target(List<Route> routes, boolean six) {
    Prefix near = routes.get(random.nextInt(routes.size())).destination();
    int flip = random.nextInt(six ? 128 : 32);
    long lo = near.lo() ^ (flip < 64 ? 1L << flip : 0);
    long hi = near.hi() ^ (flip < 64 ? 0 : 1L << flip - 64);
    return new Prefix(six, hi, lo, six ? 128 : 32);
  }

  private static Route naive(List<Route> routes, long hi, long lo) {
    Route best = null;
    for (Route route : routes) {
      boolean better = best == null || route.destination().length() > best.destination().length();
      if (better && route.destination().contains(hi, lo)) {
        best = route;
      }
    }
    return best;
  }
}
