package org.fwreplay.host;

import java.util.List;

/**
 * A route as {@code ip -j route show} tells it.
 *
 * @param destination where to
 * @param source IPv6 source-specific routing ({@code from}); the whole space usually
 * @param table table number; 255 local, 254 main, 253 default
 * @param type what is done with the packet
 * @param tos IPv4 type of service, 0 any
 * @param metric priority, lower is better
 * @param scope IPv4 scope, see {@link Scope}
 * @param kernel whether the kernel made it by itself ({@code proto kernel})
 * @param preference IPv6 router preference (RFC 4191): 1 low, 2 medium, 3 high
 * @param prefSrcHi preferred source, upper half
 * @param prefSrcLo preferred source, lower half; both zero when none
 * @param mtu MTU of the route, 0 when none
 * @param mtuLocked whether that MTU is locked
 * @param hops next hops; more than one for a multipath route
 */
public record Route(
    Prefix destination,
    Prefix source,
    int table,
    RouteType type,
    int tos,
    long metric,
    int scope,
    boolean kernel,
    int preference,
    long prefSrcHi,
    long prefSrcLo,
    int mtu,
    boolean mtuLocked,
    List<NextHop> hops) {

  public static final int TABLE_DEFAULT = 253;
  public static final int TABLE_MAIN = 254;
  public static final int TABLE_LOCAL = 255;
  static final int PREFERENCE_MEDIUM = 2;

  public Route {
    hops = List.copyOf(hops);
  }

  /** Tells apart what a host has; a record's own is put together at run time, which takes long. */
  @Override
  public int hashCode() {
    int hop = hops.isEmpty() ? 0 : hops.get(0).oif();
    return ((destination.hashCode() * 31 + table) * 31 + type.ordinal()) * 31 + hop;
  }

  /** An ordinary route of the main table. */
  public static Route unicast(Prefix destination, NextHop hop) {
    int scope = hop.gateway() ? Scope.GLOBAL : Scope.LINK;
    return of(destination, TABLE_MAIN, RouteType.UNICAST, scope, destination.six() ? 1024 : 0, hop);
  }

  static Route of(
      Prefix destination, int table, RouteType type, int scope, long metric, NextHop hop) {
    return new Route(
        destination,
        Prefix.any(destination.six()),
        table,
        type,
        0,
        metric,
        scope,
        true,
        PREFERENCE_MEDIUM,
        0,
        0,
        0,
        false,
        List.of(hop));
  }

  /** The same with a preferred source. */
  Route withSource(long hi, long lo) {
    return new Route(
        destination,
        source,
        table,
        type,
        tos,
        metric,
        scope,
        kernel,
        preference,
        hi,
        lo,
        mtu,
        mtuLocked,
        hops);
  }

  /** The same with other next hops. */
  Route withHops(List<NextHop> others) {
    return new Route(
        destination,
        source,
        table,
        type,
        tos,
        metric,
        scope,
        kernel,
        preference,
        prefSrcHi,
        prefSrcLo,
        mtu,
        mtuLocked,
        others);
  }

  /** The same, with something else done with the packet. */
  public Route withType(RouteType other) {
    return new Route(
        destination,
        source,
        table,
        other,
        tos,
        metric,
        scope,
        kernel,
        preference,
        prefSrcHi,
        prefSrcLo,
        mtu,
        mtuLocked,
        hops);
  }

  /** What routes to several destinations have in common, in whatever table. */
  Route withoutDestination() {
    Prefix any = Prefix.any(destination.six());
    return new Route(
        any,
        any,
        0,
        type,
        0,
        metric,
        scope,
        kernel,
        preference,
        prefSrcHi,
        prefSrcLo,
        mtu,
        mtuLocked,
        hops);
  }

  /** The same in another table. */
  public Route inTable(int other) {
    return new Route(
        destination,
        source,
        other,
        type,
        tos,
        metric,
        scope,
        kernel,
        preference,
        prefSrcHi,
        prefSrcLo,
        mtu,
        mtuLocked,
        hops);
  }

  /** The next hop that a flow takes, picked by weight; unusable ones do not count. */
  NextHop pick(int hash) {
    int total = 0;
    for (int i = 0; i < hops.size(); i++) {
      total += hops.get(i).usable() ? hops.get(i).weight() : 0;
    }
    int left = total == 0 ? 0 : (int) ((hash & 0xffffffffL) * total >>> 32);
    for (int i = 0; i < hops.size(); i++) {
      NextHop hop = hops.get(i);
      if (hop.usable()) {
        left -= hop.weight();
        if (left < 0) {
          return hop;
        }
      }
    }
    return hops.get(0);
  }
}
