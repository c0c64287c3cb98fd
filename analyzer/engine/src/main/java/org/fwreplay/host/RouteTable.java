package org.fwreplay.host;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * One routing table of one family, for longest-prefix matching: a hash of its prefixes, asked for
 * each prefix length that occurs, the longest first.
 *
 * <p>As in Linux, a prefix whose routes do not suit the query (by TOS, interface, source) gives way
 * to the next shorter one.
 */
final class RouteTable {
  private final boolean six;
  private final AddressMap prefixes = new AddressMap();
  private final int[] lengths;
  private final Route[][] groups;

  /** For each group the next one with the same destination and a shorter source prefix, or -1. */
  private final int[] nextGroup;

  /** Routes of several tables may come together; the higher table number goes first then. */
  RouteTable(boolean six, List<Route> routes) {
    this.six = six;
    Map<Prefix, List<Route>> byDestination = new LinkedHashMap<>();
    TreeSet<Integer> present = new TreeSet<>(Comparator.reverseOrder());
    for (Route route : routes) {
      byDestination.computeIfAbsent(route.destination(), p -> new ArrayList<>()).add(route);
      present.add(route.destination().length());
    }
    lengths = present.stream().mapToInt(Integer::intValue).toArray();
    List<Route[]> all = new ArrayList<>();
    List<Integer> next = new ArrayList<>();
    byDestination.forEach(
        (prefix, same) -> {
          prefixes.put(
              prefix.length(), keyHi(prefix.hi(), prefix.lo()), keyLo(prefix.lo()), all.size());
          addGroups(same, all, next);
        });
    groups = all.toArray(Route[][]::new);
    nextGroup = next.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void addGroups(List<Route> same, List<Route[]> all, List<Integer> next) {
    same.sort(RouteTable::compare);
    Map<Prefix, List<Route>> bySource = new LinkedHashMap<>();
    same.forEach(r -> bySource.computeIfAbsent(r.source(), p -> new ArrayList<>()).add(r));
    int left = bySource.size();
    for (List<Route> group : bySource.values()) {
      all.add(group.toArray(Route[]::new));
      next.add(--left == 0 ? -1 : all.size());
    }
  }

  /** Which of two routes to one destination is looked at first. */
  private static int compare(Route a, Route b) {
    int bySource = b.source().length() - a.source().length();
    if (bySource != 0) {
      return bySource;
    }
    int byTable = Integer.compare(b.table(), a.table());
    if (byTable != 0) {
      return byTable;
    }
    return a.tos() == b.tos() ? Long.compare(a.metric(), b.metric()) : b.tos() - a.tos();
  }

  /** IPv4 addresses are moved to the top, so that the masks of both families are the same. */
  private long keyHi(long hi, long lo) {
    return six ? hi : lo << 32;
  }

  private long keyLo(long lo) {
    return six ? lo : 0;
  }

  boolean any(Predicate<Route> test) {
    for (Route[] group : groups) {
      for (Route route : group) {
        if (test.test(route)) {
          return true;
        }
      }
    }
    return false;
  }

  /** IPv4: {@code fib_table_lookup}. */
  int lookup4(RouteQuery query, RouteResult result) {
    long key = query.dstLo << 32;
    for (int i = 0; i < lengths.length; i++) {
      long group = prefixes.get(lengths[i], key & Addresses.maskHi(lengths[i]), 0);
      if (group >= 0) {
        int code = select4(groups[(int) group], query, result);
        if (code >= 0) {
          return code;
        }
      }
    }
    return Fib.NO_MATCH;
  }

  /** A {@code Fib} code, or -1 when none of these routes suits. */
  private static int select4(Route[] group, RouteQuery query, RouteResult result) {
    int tos = query.tos & 0x1c;
    for (Route route : group) {
      if (route.tos() != 0 && route.tos() != tos) {
        continue;
      }
      int error = Fib.error(route.type());
      if (error != Fib.FOUND) {
        return error;
      }
      for (int i = 0; i < route.hops().size(); i++) {
        NextHop hop = route.hops().get(i);
        if (hop.usable() && (query.oif < 0 || query.oif == hop.oif())) {
          result.route = route;
          result.hop = hop;
          return Fib.FOUND;
        }
      }
    }
    return -1;
  }

  /**
   * IPv6: {@code fib6_table_lookup}.
   *
   * @param oif interface that is preferred, or with {@code strict} demanded; -1 for none
   * @param reachability where gateways are known not to answer, or null when that does not matter
   */
  boolean lookup6(
      RouteQuery query, int oif, boolean strict, Neighbours reachability, RouteResult result) {
    for (int i = 0; i < lengths.length; i++) {
      int length = lengths[i];
      int group =
          (int)
              prefixes.get(
                  length,
                  query.dstHi & Addresses.maskHi(length),
                  query.dstLo & Addresses.maskLo(length));
      while (group >= 0) {
        if (groups[group][0].source().contains(query.srcHi, query.srcLo)
            && select6(groups[group], oif, strict, reachability, result)) {
          return true;
        }
        group = nextGroup[group];
      }
    }
    return reachability != null && lookup6(query, oif, strict, null, result);
  }

  /** The best-scored among the routes of the lowest metric, else among all others. */
  private static boolean select6(
      Route[] group, int oif, boolean strict, Neighbours reachability, RouteResult result) {
    int best = -1;
    long lowest = group[0].metric();
    for (Route route : group) {
      if (best >= 0 && route.metric() != lowest && result.route.metric() == lowest) {
        break;
      }
      for (int i = 0; i < route.hops().size(); i++) {
        NextHop hop = route.hops().get(i);
        int score = score6(route, hop, oif, strict, reachability);
        if (score > best) {
          best = score;
          result.route = route;
          result.hop = hop;
        }
      }
    }
    return best >= 0;
  }

  /** {@code rt6_score_route}: negative when the hop cannot be taken. */
  static int score6(Route route, NextHop hop, int oif, boolean strict, Neighbours reachability) {
    boolean matches = oif < 0 || hop.oif() == oif;
    if (!hop.usable() || (!matches && strict)) {
      return -1;
    }
    if (reachability != null
        && hop.gateway()
        && reachability.mac(hop.oif(), true, hop.hi(), hop.lo()) == Neighbours.FAILED) {
      return -1;
    }
    return (matches ? 2 : 0) | route.preference() << 2;
  }
}
