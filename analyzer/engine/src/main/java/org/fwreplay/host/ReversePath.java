package org.fwreplay.host;

import java.util.List;

/**
 * Whether an IPv4 packet can have come from its source by the interface it came in: martian sources
 * and the reverse path filter (RFC 3704). {@code net/ipv4/fib_frontend.c}.
 */
final class ReversePath {
  /** The source is an own address, or one that no packet comes from. */
  static final int INVALID = -1;

  /** The way back leads by another interface. */
  static final int FILTERED = -2;

  private final Host host;
  private final Fib fib;
  private final boolean addressesSuffice;
  private final boolean realmsMatter;
  private final RouteQuery reverse = new RouteQuery();
  private final RouteResult scratch = new RouteResult();
  private int realms;

  ReversePath(Host host) {
    this.host = host;
    fib = host.fib4();
    // With rules or local routes of one's own, a list of addresses does not tell what is local.
    boolean customLocal = fib.local().any(r -> r.type() == RouteType.LOCAL && !r.kernel());
    addressesSuffice = !customLocal && !fib.hasCustomRules();
    realmsMatter = fib.hasRealms();
  }

  /** Of the last {@link #validate}: the realms that the source gives to the packet's way. */
  int realms() {
    return realms;
  }

  /**
   * {@code fib_validate_source}: negative when the source cannot have come from there, 1 when it is
   * a direct neighbour, else 0.
   */
  int validate(RouteQuery query, long dst, int oif) {
    InterfaceConf conf = host.conf(query.iif);
    realms = 0;
    if (conf.rpFilter() == 0 && !realmsMatter && (query.iif != oif || !conf.sendRedirects())) {
      if (conf.acceptLocal()) {
        return 0;
      }
      if (addressesSuffice) {
        return host.hasAddress(false, 0, query.srcLo) ? INVALID : 0;
      }
    }
    return validateByRoute(query, dst, oif, conf);
  }

  private int validateByRoute(RouteQuery query, long dst, int oif, InterfaceConf conf) {
    reverse.copy(query);
    reverse.iif = oif >= 0 ? oif : host.loopback();
    reverse.oif = -1;
    reverse.srcLo = dst;
    reverse.dstLo = query.srcLo;
    reverse.sourcePort = query.destinationPort;
    reverse.destinationPort = query.sourcePort;
    reverse.mark = conf.sourceVmark() ? query.mark : 0;
    int rpf = conf.rpFilter();
    int lastResort = rpf != 0 ? FILTERED : 0;
    if (fib.lookup(reverse, scratch) != Fib.FOUND) {
      return lastResort;
    }
    RouteType type = scratch.route.type();
    if (type != RouteType.UNICAST && (type != RouteType.LOCAL || !conf.acceptLocal())) {
      return INVALID;
    }
    int found = realmsMatter ? RouteRealms.ofSource(scratch) : 0;
    if (uses(scratch.route, query.iif)
        || (type == RouteType.LOCAL && query.iif == host.loopback())) {
      realms = found;
      return isDirect(scratch) ? 1 : 0;
    }
    if (!host.networkInterface(query.iif).hasAddresses4()) {
      return lastResort;
    }
    if (rpf == 1) {
      return FILTERED;
    }
    realms = found;
    reverse.oif = query.iif;
    boolean direct = fib.lookup(reverse, scratch) == Fib.FOUND;
    return direct && scratch.route.type() == RouteType.UNICAST && isDirect(scratch) ? 1 : 0;
  }

  /**
   * {@code -m rpfilter} (ipt_rpfilter): whether the source of a packet that came in by {@code
   * query.iif} is routed there.
   *
   * @param loose whether another interface will do
   * @param acceptLocal whether an own address will do as source
   */
  boolean passes(RouteQuery query, boolean loose, boolean acceptLocal) {
    boolean toAll =
        Addresses.isMulticast4(query.dstLo)
            || query.dstLo == Addresses.LIMITED_BROADCAST
            || Addresses.isZero4(query.dstLo);
    reverse.clear();
    reverse.iif = host.loopback();
    reverse.srcLo = toAll ? 0 : query.dstLo;
    reverse.dstLo = query.srcLo;
    reverse.mark = query.mark;
    reverse.tos = query.tos;
    if (fib.lookup(reverse, scratch) != Fib.FOUND) {
      return false;
    }
    RouteType type = scratch.route.type();
    boolean good = type == RouteType.UNICAST || type == RouteType.LOCAL && acceptLocal;
    return good && (loose || uses(scratch.route, query.iif));
  }

  private static boolean uses(Route route, int oif) {
    for (int i = 0; i < route.hops().size(); i++) {
      if (route.hops().get(i).oif() == oif) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDirect(RouteResult result) {
    return !result.hop.gateway() || result.hop.gatewayLocal();
  }

  /** {@code inet_addr_onlink}. */
  boolean onLink(int id, long a, long b) {
    List<InterfaceAddress> addresses = host.networkInterface(id).addresses();
    for (int i = 0; i < addresses.size(); i++) {
      InterfaceAddress address = addresses.get(i);
      if (!address.six()
          && !address.secondary()
          && address.matches4(a)
          && (b == 0 || address.matches4(b))) {
        return true;
      }
    }
    return false;
  }
}
