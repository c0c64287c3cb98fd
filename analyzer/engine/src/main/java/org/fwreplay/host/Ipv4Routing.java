package org.fwreplay.host;

import java.util.List;

/** IPv4 routing decisions: {@code net/ipv4/route.c}, {@code net/ipv4/fib_frontend.c}. */
final class Ipv4Routing {
  private static final int MAX_MTU = 0xfff0;
  private static final long LOOPBACK_ADDRESS = 0x7f000001L;
  private static final int IGMP = 2;

  private final Host host;
  private final Fib fib;
  private final boolean portsBalance;
  private final ReversePath sources;
  private final RouteRealms realms;
  private final RouteQuery flow = new RouteQuery();
  private final RouteQuery probe = new RouteQuery();
  private final RouteResult scratch = new RouteResult();

  Ipv4Routing(Host host) {
    this.host = host;
    fib = host.fib4();
    portsBalance = host.sysctls().getInt("net.ipv4.fib_multipath_hash_policy", 0) == 1;
    sources = new ReversePath(host);
    realms = new RouteRealms(fib);
  }

  /** See {@link ReversePath#passes}. */
  boolean reversePath(RouteQuery query, boolean loose, boolean acceptLocal) {
    return sources.passes(query, loose, acceptLocal);
  }

  boolean looksAtPorts() {
    return portsBalance || fib.looksAtPorts();
  }

  /** See {@link Router#alike4}. */
  Ipv4Ranges alike() {
    return fib.isBalanced() ? null : RoutedRanges.of(host);
  }

  int input(RouteQuery query, RouteResult result) {
    result.reset();
    long src = query.srcLo;
    long dst = query.dstLo;
    InterfaceConf conf = host.conf(query.iif);
    if (Addresses.isMulticast4(dst)) {
      return inputMulticast(query, conf, result);
    }
    if (Addresses.isMulticast4(src) || src == Addresses.LIMITED_BROADCAST) {
      return result.decide(RouteResult.DROP_MARTIAN_SOURCE);
    }
    if (dst == Addresses.LIMITED_BROADCAST || (src == 0 && dst == 0)) {
      return inputBroadcast(query, result);
    }
    if (Addresses.isZero4(src)) {
      return result.decide(RouteResult.DROP_MARTIAN_SOURCE);
    }
    if (Addresses.isZero4(dst)) {
      return result.decide(RouteResult.DROP_MARTIAN_DESTINATION);
    }
    if (!conf.routeLocalnet()) {
      if (Addresses.isLoopback4(dst)) {
        return result.decide(RouteResult.DROP_MARTIAN_DESTINATION);
      }
      if (Addresses.isLoopback4(src)) {
        return result.decide(RouteResult.DROP_MARTIAN_SOURCE);
      }
    }
    flow.copy(query);
    flow.oif = -1;
    int code = fib.lookup(flow, result);
    if (code != Fib.FOUND) {
      // ip_error: a host that does not forward tells nobody.
      return conf.forwarding() ? refuse(code, result) : result.decide(RouteResult.NOT_FORWARDING);
    }
    return inputByType(query, conf, result);
  }

  private int inputByType(RouteQuery query, InterfaceConf conf, RouteResult result) {
    switch (result.route.type()) {
      case BROADCAST:
        return conf.broadcastForwarding()
            ? forward(query, conf, result)
            : inputBroadcast(query, result);
      case LOCAL:
        int valid = sources.validate(query, query.dstLo, -1);
        result.realms = sources.realms();
        return valid < 0 ? dropSource(valid, result) : result.decide(RouteResult.LOCAL);
      case UNICAST:
        return conf.forwarding()
            ? forward(query, conf, result)
            : result.decide(RouteResult.NOT_FORWARDING);
      default:
        return result.decide(
            conf.forwarding() ? RouteResult.DROP_MARTIAN_DESTINATION : RouteResult.NOT_FORWARDING);
    }
  }

  private static int refuse(int code, RouteResult result) {
    switch (code) {
      case Fib.HOST_UNREACHABLE:
        return result.refuse(RouteResult.UNREACHABLE, 3, 1);
      case Fib.ACCESS_DENIED:
        return result.refuse(RouteResult.PROHIBIT, 3, 13);
      case Fib.INVALID:
        return result.decide(RouteResult.BLACKHOLE);
      default:
        return result.refuse(RouteResult.NO_ROUTE, 3, 0);
    }
  }

  private static int dropSource(int valid, RouteResult result) {
    return result.decide(
        valid == ReversePath.FILTERED ? RouteResult.DROP_RPF : RouteResult.DROP_MARTIAN_SOURCE);
  }

  private int inputBroadcast(RouteQuery query, RouteResult result) {
    if (!Addresses.isZero4(query.srcLo)) {
      int valid = sources.validate(query, 0, -1);
      result.realms = sources.realms();
      if (valid < 0) {
        return dropSource(valid, result);
      }
    }
    return result.decide(RouteResult.BROADCAST);
  }

  private int inputMulticast(RouteQuery query, InterfaceConf conf, RouteResult result) {
    long src = query.srcLo;
    if (!host.joined(query.iif, false, 0, query.dstLo)) {
      return result.decide(RouteResult.DROP_NOT_JOINED);
    }
    if (Addresses.isMulticast4(src)
        || src == Addresses.LIMITED_BROADCAST
        || (Addresses.isLoopback4(src) && !conf.routeLocalnet())) {
      return result.decide(RouteResult.DROP_MARTIAN_SOURCE);
    }
    if (Addresses.isZero4(src)) {
      return result.decide(
          Addresses.isLocalMulticast4(query.dstLo) || query.protocol == IGMP
              ? RouteResult.MULTICAST
              : RouteResult.DROP_MARTIAN_SOURCE);
    }
    int valid = sources.validate(query, 0, -1);
    result.realms = sources.realms();
    return valid < 0 ? dropSource(valid, result) : result.decide(RouteResult.MULTICAST);
  }

  private int forward(RouteQuery query, InterfaceConf conf, RouteResult result) {
    Fib.balance(query, portsBalance, result);
    NextHop hop = result.hop;
    int valid = sources.validate(query, query.dstLo, hop.oif());
    if (valid < 0) {
      return dropSource(valid, result);
    }
    if (hop.oif() == query.iif && valid == 1 && conf.sendRedirects()) {
      long gateway = hop.gateway() && !hop.gatewaySix() ? hop.lo() : 0;
      result.redirect = conf.sharedMedia() || sources.onLink(query.iif, query.srcLo, gateway);
    }
    setNextHop(query.dstLo, hop.oif(), hop, result);
    result.realms = realms.forward(result, sources.realms());
    result.mtu = mtu(result.route, hop.oif(), result.gateway);
    return result.decide(RouteResult.FORWARD);
  }

  private static void setNextHop(long dst, int oif, NextHop hop, RouteResult result) {
    result.oif = oif;
    result.gateway = hop != null && hop.gateway() && !hop.gatewayLocal();
    result.nextHopSix = result.gateway && hop.gatewaySix();
    result.nextHopHi = result.gateway ? hop.hi() : 0;
    result.nextHopLo = result.gateway ? hop.lo() : dst;
  }

  /** {@code ip_dst_mtu_maybe_forward}, without path MTU discovery. */
  private int mtu(Route route, int oif, boolean gateway) {
    int mtu = route == null ? 0 : route.mtu();
    if (mtu == 0) {
      mtu = host.networkInterface(oif).mtu();
      if (route != null && route.mtuLocked() && gateway) {
        mtu = Math.min(mtu, 576);
      }
    }
    return Math.min(mtu, MAX_MTU);
  }

  int output(RouteQuery query, RouteResult result) {
    result.reset();
    flow.copy(query);
    flow.iif = host.loopback();
    long src = query.srcLo;
    long dst = query.dstLo;
    if (src != 0) {
      if (Addresses.isMulticast4(src)
          || src == Addresses.LIMITED_BROADCAST
          || Addresses.isZero4(src)) {
        return result.decide(RouteResult.BLACKHOLE);
      }
      boolean toAll = Addresses.isMulticast4(dst) || dst == Addresses.LIMITED_BROADCAST;
      if (query.oif < 0 && toAll) {
        int owner = ownerOf(src);
        return owner < 0 ? result.decide(RouteResult.NO_ROUTE) : make(owner, null, result);
      }
      if (!query.anySource && ownerOf(src) < 0) {
        return result.decide(RouteResult.NO_ROUTE);
      }
    }
    if (query.oif >= 0) {
      if (!host.networkInterface(query.oif).up()) {
        return result.decide(RouteResult.NO_ROUTE);
      }
      if (Addresses.isLocalMulticast4(dst)
          || dst == Addresses.LIMITED_BROADCAST
          || query.protocol == IGMP) {
        sourceUnlessSet(query.oif, 0, Scope.LINK);
        return make(query.oif, null, result);
      }
      if (Addresses.isMulticast4(dst)) {
        sourceUnlessSet(query.oif, 0, Scope.GLOBAL);
      } else if (dst == 0) {
        sourceUnlessSet(query.oif, 0, Scope.HOST);
      }
    }
    return outputByRoute(result);
  }

  private int outputByRoute(RouteResult result) {
    if (flow.dstLo == 0) {
      if (flow.srcLo == 0) {
        flow.srcLo = LOOPBACK_ADDRESS;
      }
      flow.dstLo = flow.srcLo;
      return local(result);
    }
    int code = fib.lookup(flow, result);
    if (code != Fib.FOUND) {
      if (flow.oif < 0) {
        refuse(code, result);
        result.icmpType = -1;
        return result.decision;
      }
      sourceUnlessSet(flow.oif, 0, Scope.LINK);
      return make(flow.oif, null, result);
    }
    Route route = result.route;
    if (route.type() == RouteType.LOCAL) {
      if (flow.srcLo == 0) {
        flow.srcLo = route.prefSrcLo() != 0 ? route.prefSrcLo() : flow.dstLo;
      }
      return local(result);
    }
    if (flow.oif < 0) {
      Fib.balance(flow, portsBalance, result);
    }
    if (flow.srcLo == 0) {
      flow.srcLo = preferredSource(result);
    }
    return make(result.hop.oif(), result.hop, result);
  }

  private void sourceUnlessSet(int oif, long dst, int scope) {
    if (flow.srcLo == 0) {
      flow.srcLo = selectSource(oif, dst, scope);
    }
  }

  private int local(RouteResult result) {
    result.srcLo = flow.srcLo;
    setNextHop(flow.dstLo, host.loopback(), null, result);
    result.realms = realms.output(result, result.hop);
    result.mtu = mtu(result.route, host.loopback(), false);
    return result.decide(RouteResult.LOCAL);
  }

  /** {@code fib_result_prefsrc}. */
  private long preferredSource(RouteResult result) {
    Route route = result.route;
    if (route.prefSrcLo() != 0) {
      return route.prefSrcLo();
    }
    NextHop hop = result.hop;
    long gateway = hop.gateway() && !hop.gatewaySix() ? hop.lo() : 0;
    return selectSource(hop.oif(), gateway, route.scope());
  }

  /** {@code __mkroute_output}. */
  private int make(int oif, NextHop given, RouteResult result) {
    NextHop hop = given;
    long dst = flow.dstLo;
    NetInterface out = host.networkInterface(oif);
    if (Addresses.isLoopback4(flow.srcLo) && !out.loopback() && !host.conf(oif).routeLocalnet()) {
      return result.decide(RouteResult.BLACKHOLE);
    }
    int decision = RouteResult.TRANSMIT;
    if (dst == Addresses.LIMITED_BROADCAST) {
      decision = RouteResult.BROADCAST;
      hop = null;
    } else if (Addresses.isMulticast4(dst)) {
      decision = RouteResult.MULTICAST;
      if (hop != null && result.route.destination().length() < 4) {
        hop = null;
      }
    } else if (Addresses.isZero4(dst)) {
      return result.decide(RouteResult.BLACKHOLE);
    } else if (hop != null && result.route.type() == RouteType.BROADCAST) {
      decision = RouteResult.BROADCAST;
    }
    result.srcLo = flow.srcLo;
    setNextHop(dst, oif, hop, result);
    result.realms = realms.output(result, decision == RouteResult.BROADCAST ? null : hop);
    result.mtu = mtu(hop == null ? null : result.route, oif, result.gateway);
    if (out.loopback()) {
      return result.decide(RouteResult.LOCAL);
    }
    result.loop =
        decision == RouteResult.BROADCAST
            || (decision == RouteResult.MULTICAST && host.joined(oif, false, 0, dst));
    return result.decide(decision);
  }

  /** {@code __ip_dev_find}: the interface that an own address belongs to, or -1. */
  private int ownerOf(long address) {
    int owner = host.ownerOf(false, 0, address);
    if (owner >= 0) {
      return owner;
    }
    return localType(address) == RouteType.LOCAL ? scratch.hop.oif() : -1;
  }

  private RouteType localType(long address) {
    probe.dstLo = address;
    int code = fib.local().lookup4(probe, scratch);
    return code == Fib.FOUND ? scratch.route.type() : RouteType.UNICAST;
  }

  /** {@code inet_dev_addr_type}. */
  RouteType addressType(int dev, long address) {
    if (Addresses.isZero4(address) || address == Addresses.LIMITED_BROADCAST) {
      return RouteType.BROADCAST;
    }
    if (Addresses.isMulticast4(address)) {
      return RouteType.MULTICAST;
    }
    RouteType type = localType(address);
    return type == RouteType.UNICAST || dev < 0 || scratch.hop.oif() == dev
        ? type
        : RouteType.UNICAST;
  }

  /** {@code inet_select_addr}; 0 when there is none. */
  long selectSource(int oif, long dst, int scope) {
    int localnet = host.conf(oif).routeLocalnet() ? Scope.LINK : Scope.HOST;
    long found = 0;
    List<InterfaceAddress> addresses = host.networkInterface(oif).addresses();
    for (int i = 0; i < addresses.size(); i++) {
      InterfaceAddress address = addresses.get(i);
      if (address.six() || address.secondary() || Math.min(address.scope(), localnet) > scope) {
        continue;
      }
      if (dst == 0 || address.matches4(dst)) {
        return address.lo();
      }
      if (found == 0) {
        found = address.lo();
      }
    }
    return found != 0 ? found : sourceOfAnyInterface(scope);
  }

  private long sourceOfAnyInterface(int scope) {
    for (int id = 0; id < host.interfaces().size(); id++) {
      List<InterfaceAddress> addresses = host.networkInterface(id).addresses();
      for (int i = 0; i < addresses.size(); i++) {
        InterfaceAddress address = addresses.get(i);
        if (!address.six()
            && !address.secondary()
            && address.scope() != Scope.LINK
            && address.scope() <= scope) {
          return address.lo();
        }
      }
    }
    return 0;
  }
}
