package org.fwreplay.host;

import java.util.ArrayList;
import java.util.List;

/**
 * The routes that the kernel makes from addresses: {@code fib_add_ifaddr}, {@code
 * addrconf_add_linklocal} and their like.
 */
final class DerivedRoutes {
  private static final int KERNEL_METRIC6 = 256;

  private final List<NetInterface> interfaces;
  private final Sysctls sysctls;

  DerivedRoutes(List<NetInterface> interfaces, Sysctls sysctls) {
    this.interfaces = interfaces;
    this.sysctls = sysctls;
  }

  private interface Visitor {
    void visit(NetInterface each, InterfaceAddress address);
  }

  private void eachAddress(boolean six, Visitor visitor) {
    for (NetInterface each : interfaces) {
      for (InterfaceAddress address : each.addresses()) {
        if (address.six() == six && (!address.tentative() || address.optimistic())) {
          visitor.visit(each, address);
        }
      }
    }
  }

  /** Table local of IPv4: own addresses, loopback networks and broadcasts. */
  List<Route> local4() {
    List<Route> routes = new ArrayList<>();
    eachAddress(
        false,
        (each, address) -> {
          long source = primary(each, address).lo();
          routes.add(
              local4(
                  each,
                  RouteType.LOCAL,
                  new Prefix(false, 0, address.lo(), 32),
                  Scope.HOST,
                  source));
          if (!each.up()) {
            return;
          }
          if (address.broadcast() >= 0 && address.broadcast() != Addresses.LIMITED_BROADCAST) {
            routes.add(broadcast(each, address.broadcast(), source));
          }
          Prefix net = address.prefix();
          if (makesPrefixRoute(address)) {
            if (each.loopback()) {
              routes.add(local4(each, RouteType.LOCAL, net, Scope.HOST, source));
            }
            if (net.length() < 31) {
              routes.add(broadcast(each, net.lo() | 0xffffffffL >>> net.length(), source));
            }
          }
        });
    return routes;
  }

  /** The first address of a secondary one's subnet: the preferred source of its routes. */
  private static InterfaceAddress primary(NetInterface each, InterfaceAddress address) {
    if (address.secondary()) {
      for (InterfaceAddress other : each.addresses()) {
        if (!other.six() && !other.secondary() && other.prefix().equals(address.prefix())) {
          return other;
        }
      }
    }
    return address;
  }

  private static boolean makesPrefixRoute(InterfaceAddress address) {
    Prefix net = address.prefix();
    return !Addresses.isZero4(net.lo())
        && !address.secondary()
        && (net.lo() != address.lo() || net.length() < 32);
  }

  private static Route broadcast(NetInterface each, long address, long source) {
    Prefix prefix = new Prefix(false, 0, address, 32);
    return local4(each, RouteType.BROADCAST, prefix, Scope.LINK, source);
  }

  private static Route local4(
      NetInterface each, RouteType type, Prefix to, int scope, long source) {
    NextHop hop = NextHop.dev(each.id());
    return Route.of(to, Route.TABLE_LOCAL, type, scope, 0, hop).withSource(0, source);
  }

  /** The connected routes of IPv4, of table main. */
  List<Route> connected4() {
    List<Route> routes = new ArrayList<>();
    eachAddress(
        false,
        (each, address) -> {
          if (each.up()
              && !each.loopback()
              && !address.noPrefixRoute()
              && makesPrefixRoute(address)) {
            routes.add(
                Route.of(
                        address.prefix(),
                        Route.TABLE_MAIN,
                        RouteType.UNICAST,
                        Scope.LINK,
                        0,
                        NextHop.dev(each.id()))
                    .withSource(0, address.lo()));
          }
        });
    return routes;
  }

  /** Table local of IPv6: own addresses, subnet-router anycast, multicast. */
  List<Route> local6() {
    List<Route> routes = new ArrayList<>();
    int forwarding = sysctls.all("ipv6", "forwarding", 0);
    eachAddress(
        true,
        (each, address) -> {
          Prefix own = new Prefix(true, address.hi(), address.lo(), 128);
          routes.add(route6(each, Route.TABLE_LOCAL, RouteType.LOCAL, own, 0));
          if (forwarding != 0 && address.prefixLength() < 127 && !each.loopback()) {
            Prefix net = address.prefix();
            Prefix anycast = new Prefix(true, net.hi(), net.lo(), 128);
            routes.add(route6(each, Route.TABLE_LOCAL, RouteType.ANYCAST, anycast, 0));
          }
        });
    Prefix multicast = Prefix.parse("ff00::/8");
    for (NetInterface each : interfaces) {
      if (each.up() && each.multicast() && !each.loopback()) {
        routes.add(route6(each, Route.TABLE_LOCAL, RouteType.MULTICAST, multicast, KERNEL_METRIC6));
      }
    }
    return routes;
  }

  /** The connected routes of IPv6, of table main. */
  List<Route> connected6() {
    List<Route> routes = new ArrayList<>();
    eachAddress(
        true,
        (each, address) -> {
          if (each.up() && !each.loopback() && !address.noPrefixRoute()) {
            routes.add(
                route6(
                    each, Route.TABLE_MAIN, RouteType.UNICAST, address.prefix(), KERNEL_METRIC6));
          }
        });
    return routes;
  }

  private static Route route6(NetInterface each, int table, RouteType type, Prefix to, int metric) {
    return Route.of(to, table, type, Scope.GLOBAL, metric, NextHop.dev(each.id()));
  }
}
