package org.fwreplay.host;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The realms of IPv4 ways ({@code rt_set_nexthop}, {@code set_class_tag}): of the next hop, else of
 * the policy rule, else of the way back to the source.
 *
 * <p>Linux keeps the way that the first packet got by a next hop, with the realms of that packet's
 * policy rule, and gives it to all packets that follow ({@code rt_cache_route}); so does this. A
 * way with realms of the way back is not kept.
 */
final class RouteRealms {
  private static final int LOW = 0xffff;

  private final boolean used;
  private final Map<NextHop, int[]> kept = new IdentityHashMap<>();

  RouteRealms(Fib fib) {
    used = fib.hasRealms();
    if (!fib.hasRuleRealms()) {
      return;
    }
    Map<Object, int[]> shared = new HashMap<>();
    for (Route route : fib.routes()) {
      for (NextHop hop : route.hops()) {
        // Routes that differ in their destination only share their next hops (fib_info).
        Object alike = List.of(hop, route.hops(), route.withoutDestination());
        kept.put(hop, shared.computeIfAbsent(alike, k -> new int[] {-1, 0, -1, 0}));
      }
    }
  }

  /** Of a way through the host; {@code back} are those of the way back to the source. */
  int forward(RouteResult result, int back) {
    if (!used) {
      return 0;
    }
    int own = add(result.hop.realms(), result.ruleRealms);
    return back == 0 ? first(result.hop, 0, own) : add(own, back);
  }

  /** Of a way out; {@code hop} is null where no route told it. */
  int output(RouteResult result, NextHop hop) {
    if (!used) {
      return 0;
    }
    return hop == null ? result.ruleRealms : first(hop, 2, add(hop.realms(), result.ruleRealms));
  }

  private int first(NextHop hop, int place, int realms) {
    int[] memory = kept.get(hop);
    if (memory == null) {
      return realms;
    }
    if (memory[place] < 0) {
      memory[place] = 0;
      memory[place + 1] = realms;
    }
    return memory[place + 1];
  }

  private static int add(int realms, int more) {
    int low = (realms & LOW) != 0 ? realms : more;
    int high = (realms & ~LOW) != 0 ? realms : more;
    return high & ~LOW | low & LOW;
  }

  /** The realms of the way back to a source ({@code fib_combine_itag}): here it is where from. */
  static int ofSource(RouteResult back) {
    int from = back.hop.realms() << 16;
    return (from == 0 ? back.ruleRealms << 16 : from) | back.ruleRealms >>> 16;
  }
}
