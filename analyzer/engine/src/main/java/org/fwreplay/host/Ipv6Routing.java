package org.fwreplay.host;

/** IPv6 routing decisions: {@code net/ipv6/route.c}, {@code net/ipv6/ip6_output.c}. */
final class Ipv6Routing {
  private static final int MAX_MTU = 0xffff;
  private static final int DESTINATION_UNREACHABLE = 1;

  private final Host host;
  private final Fib fib;
  private final SourceSelection sources;
  private final boolean forwarding;
  private final boolean portsBalance;
  private final RouteQuery flow = new RouteQuery();
  private final RouteQuery probe = new RouteQuery();
  private final RouteResult scratch = new RouteResult();

  Ipv6Routing(Host host) {
    this.host = host;
    fib = host.fib6();
    sources = new SourceSelection(host);
    forwarding = host.forwards6();
    portsBalance = host.sysctls().getInt("net.ipv6.fib_multipath_hash_policy", 0) == 1;
  }

  boolean looksAtPorts() {
    return portsBalance || fib.looksAtPorts();
  }

  int input(RouteQuery query, RouteResult result) {
    result.reset();
    flow.copy(query);
    flow.oif = -1;
    boolean strict = Addresses.needsInterface6(query.dstHi, query.dstLo);
    int code = fib.lookup(flow, query.iif, strict, result);
    if (code != Fib.FOUND) {
      return refuse(code, result);
    }
    balance(query.iif, strict, result);
    Route route = result.route;
    if (route.type() == RouteType.LOCAL || route.type() == RouteType.ANYCAST) {
      return result.decide(RouteResult.LOCAL);
    }
    if (Addresses.isMulticast6(route.destination().hi())) {
      return result.decide(
          host.joined(query.iif, true, query.dstHi, query.dstLo)
              ? RouteResult.MULTICAST
              : RouteResult.DROP_NOT_JOINED);
    }
    return forwarding ? forward(query, result) : result.decide(RouteResult.NOT_FORWARDING);
  }

  private int forward(RouteQuery query, RouteResult result) {
    setNextHop(query, result.hop, result);
    result.redirect = result.oif == query.iif;
    if (!result.redirect) {
      if (Addresses.isLinkLocal6(query.srcHi)) {
        result.forwardCheck = RouteResult.SOURCE_BEYOND_SCOPE;
      } else if ((query.srcHi | query.srcLo) == 0
          || Addresses.isMulticast6(query.srcHi)
          || Addresses.isLoopback6(query.srcHi, query.srcLo)) {
        result.forwardCheck = RouteResult.SOURCE_INVALID;
      }
    }
    result.mtu = mtu(result);
    return result.decide(RouteResult.FORWARD);
  }

  /** {@code ip6_pkt_discard} and its like: sent by hosts that do not forward, too. */
  private static int refuse(int code, RouteResult result) {
    switch (code) {
      case Fib.HOST_UNREACHABLE:
        return result.refuse(RouteResult.UNREACHABLE, DESTINATION_UNREACHABLE, 0);
      case Fib.ACCESS_DENIED:
        return result.refuse(RouteResult.PROHIBIT, DESTINATION_UNREACHABLE, 1);
      case Fib.INVALID:
        return result.decide(RouteResult.BLACKHOLE);
      default:
        return result.refuse(RouteResult.NO_ROUTE, DESTINATION_UNREACHABLE, 0);
    }
  }

  /** The path that the flow's hash picks, unless it cannot be taken. */
  private void balance(int oif, boolean strict, RouteResult result) {
    if (result.route.hops().size() > 1) {
      NextHop before = result.hop;
      Fib.balance(flow, portsBalance, result);
      if (RouteTable.score6(result.route, result.hop, oif, strict, null) < 0) {
        result.hop = before;
      }
    }
  }

  private static void setNextHop(RouteQuery query, NextHop hop, RouteResult result) {
    result.oif = hop.oif();
    result.gateway = hop.gateway();
    result.nextHopSix = true;
    result.nextHopHi = hop.gateway() ? hop.hi() : query.dstHi;
    result.nextHopLo = hop.gateway() ? hop.lo() : query.dstLo;
  }

  int output(RouteQuery query, RouteResult result) {
    result.reset();
    flow.copy(query);
    flow.iif = host.loopback();
    boolean unspecified = (query.srcHi | query.srcLo) == 0;
    boolean strict =
        Addresses.needsInterface6(query.dstHi, query.dstLo) || (query.oif >= 0 && unspecified);
    int code = route(strict, result);
    if (unspecified) {
      boolean found = sourceFor(code, result);
      result.srcHi = flow.srcHi;
      result.srcLo = flow.srcLo;
      if (!found) {
        return result.decide(RouteResult.NO_ROUTE);
      }
      if (code != Fib.FOUND) {
        // Rules and routes may ask for the source, which is known only now.
        code = route(strict, result);
      }
    }
    if (code != Fib.FOUND) {
      refuse(code, result);
      result.icmpType = -1;
      return result.decision;
    }
    result.srcHi = flow.srcHi;
    result.srcLo = flow.srcLo;
    return send(result);
  }

  private int route(boolean strict, RouteResult result) {
    int code = fib.lookup(flow, flow.oif, strict, result);
    if (code == Fib.FOUND && flow.oif != result.hop.oif()) {
      balance(flow.oif, strict, result);
    }
    return code;
  }

  /** {@code ip6_route_get_saddr}; puts the source into the flow. */
  private boolean sourceFor(int code, RouteResult result) {
    Route route = code == Fib.FOUND ? result.route : null;
    if (route != null && (route.prefSrcHi() | route.prefSrcLo()) != 0) {
      flow.srcHi = route.prefSrcHi();
      flow.srcLo = route.prefSrcLo();
      return true;
    }
    int dev = route == null ? -1 : result.hop.oif();
    InterfaceAddress best = sources.select(dev, flow.dstHi, flow.dstLo);
    if (best == null) {
      return false;
    }
    flow.srcHi = best.hi();
    flow.srcLo = best.lo();
    return true;
  }

  private int send(RouteResult result) {
    setNextHop(flow, result.hop, result);
    RouteType type = result.route.type();
    if (type == RouteType.LOCAL || type == RouteType.ANYCAST) {
      result.oif = host.loopback();
    }
    result.mtu = mtu(result);
    if (result.oif == host.loopback()) {
      return result.decide(RouteResult.LOCAL);
    }
    if (Addresses.isMulticast6(flow.dstHi)) {
      result.loop = host.joined(result.oif, true, flow.dstHi, flow.dstLo);
      return result.decide(RouteResult.MULTICAST);
    }
    return result.decide(RouteResult.TRANSMIT);
  }

  /**
   * The MTU of the route, else of the interface. (Kernels before 6.18 may look at an unlocked MTU
   * of the route for their own packets only.)
   */
  private int mtu(RouteResult result) {
    int mtu = result.route.mtu();
    return Math.min(mtu == 0 ? host.conf(result.oif).mtu6() : mtu, MAX_MTU);
  }

  boolean selectSource(int oif, long dstHi, long dstLo, RouteResult result) {
    InterfaceAddress best = sources.select(oif, dstHi, dstLo);
    if (best == null) {
      return false;
    }
    result.srcHi = best.hi();
    result.srcLo = best.lo();
    return true;
  }

  /**
   * {@code match_type6} of xt_addrtype: whether an address has all, or for LOCAL, ANYCAST and
   * UNREACHABLE any, of the types in a mask.
   */
  boolean hasType(int dev, long hi, long lo, int mask) {
    if ((mask & RouteType.MULTICAST.bit()) != 0 && !Addresses.isMulticast6(hi)) {
      return false;
    }
    if ((mask & RouteType.UNICAST.bit()) != 0 && !Addresses.isUnicast6(hi, lo)) {
      return false;
    }
    if ((mask & RouteType.UNSPEC.bit()) != 0 && (hi | lo) != 0) {
      return false;
    }
    int routed = RouteType.LOCAL.bit() | RouteType.ANYCAST.bit() | RouteType.UNREACHABLE.bit();
    return (mask & routed) == 0 || (mask & typesByRoute(dev, hi, lo, mask)) != 0;
  }

  /** {@code ip6t_rpfilter}; see {@link ReversePath#passes}. */
  boolean reversePath(RouteQuery query, boolean loose, boolean acceptLocal) {
    probe.clear();
    probe.six = true;
    probe.iif = host.loopback();
    probe.dstHi = query.srcHi;
    probe.dstLo = query.srcLo;
    if (Addresses.isUnicast6(query.dstHi, query.dstLo)) {
      probe.srcHi = query.dstHi;
      probe.srcLo = query.dstLo;
    }
    probe.mark = query.mark;
    probe.tos = query.tos;
    probe.flowLabel = query.flowLabel;
    probe.protocol = query.protocol;
    boolean strict = Addresses.isLinkLocal6(query.srcHi);
    probe.oif = strict || !loose ? query.iif : -1;
    if (fib.lookup(probe, probe.oif, strict, scratch) != Fib.FOUND) {
      return false;
    }
    return switch (scratch.route.type()) {
      case ANYCAST -> false;
      case LOCAL -> acceptLocal;
      default -> loose || scratch.hop.oif() == query.iif;
    };
  }

  private int typesByRoute(int dev, long hi, long lo, int mask) {
    int types = 0;
    if (dev >= 0 && (mask & RouteType.LOCAL.bit()) != 0 && host.hasAddressOn(dev, true, hi, lo)) {
      types = RouteType.LOCAL.bit();
    }
    probe.clear();
    probe.six = true;
    probe.iif = host.loopback();
    probe.oif = dev;
    probe.dstHi = hi;
    probe.dstLo = lo;
    boolean strict = dev >= 0 || Addresses.needsInterface6(hi, lo);
    if (fib.lookup(probe, dev, strict, scratch) != Fib.FOUND) {
      return RouteType.UNREACHABLE.bit();
    }
    RouteType type = scratch.route.type();
    if (dev < 0 && type == RouteType.LOCAL) {
      types |= RouteType.LOCAL.bit();
    }
    Prefix to = scratch.route.destination();
    boolean subnetRouter =
        to.length() < 127 && !scratch.hop.gateway() && to.hi() == hi && to.lo() == lo;
    if (type == RouteType.ANYCAST || subnetRouter) {
      types |= RouteType.ANYCAST.bit();
    }
    return types;
  }
}
