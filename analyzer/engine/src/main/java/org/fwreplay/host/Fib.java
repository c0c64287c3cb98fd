package org.fwreplay.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The forwarding information base of one family: policy rules over routing tables. Lookups allocate
 * nothing and change nothing but the result, so one Fib serves all threads.
 *
 * <p>Not modelled: VRFs ({@code l3mdev}), interface groups. Sources: {@code net/core/fib_rules.c},
 * {@code net/ipv4/fib_trie.c}, {@code net/ipv4/fib_rules.c}, {@code net/ipv6/fib6_rules.c}, {@code
 * net/ipv6/route.c}.
 */
public final class Fib {
  /** There is a route, in {@link RouteResult#route} and {@link RouteResult#hop}. */
  public static final int FOUND = 0;

  /** Nothing matched in this table: the next rule is asked ({@code EAGAIN}). */
  static final int NO_MATCH = 1;

  /** No rule led to a route ({@code ENETUNREACH}). */
  public static final int NETWORK_UNREACHABLE = 2;

  /** Route of type unreachable ({@code EHOSTUNREACH}). */
  public static final int HOST_UNREACHABLE = 3;

  /** Route or rule of type prohibit ({@code EACCES}). */
  public static final int ACCESS_DENIED = 4;

  /** Route or rule of type blackhole ({@code EINVAL}). */
  public static final int INVALID = 5;

  private static final RouteTable EMPTY4 = new RouteTable(false, List.of());

  private final boolean six;
  private final PolicyRule[] rules;
  private final RouteTable[] ruleTables;
  private final int[] gotos;
  private final List<Route> routes;
  private final boolean customRules;
  private final boolean portRules;
  private final boolean ruleRealms;
  private final boolean realms;
  private final RouteTable local;
  private final Neighbours reachability;

  /**
   * Builds the tables.
   *
   * @param rules in their order; priorities need not be sorted
   * @param neighbours where IPv6 gateways known not to answer are found; null for a host that
   *     forwards, which does not care
   */
  Fib(boolean six, List<Route> routes, List<PolicyRule> rules, Neighbours neighbours) {
    this.six = six;
    reachability = neighbours;
    this.routes = List.copyOf(routes);
    Map<Integer, List<Route>> byTable = new HashMap<>();
    routes.forEach(r -> byTable.computeIfAbsent(r.table(), t -> new ArrayList<>()).add(r));
    Map<Integer, RouteTable> tables = new HashMap<>();
    byTable.forEach((id, list) -> tables.put(id, new RouteTable(six, list)));
    local = tables.getOrDefault(Route.TABLE_LOCAL, new RouteTable(six, List.of()));
    this.rules = rules.toArray(PolicyRule[]::new);
    Arrays.sort(this.rules, (a, b) -> Long.compare(a.priority(), b.priority()));
    ruleTables = new RouteTable[this.rules.length];
    gotos = new int[this.rules.length];
    boolean custom = false;
    for (int i = 0; i < this.rules.length; i++) {
      ruleTables[i] = tables.get(this.rules[i].table());
      gotos[i] = indexOf(this.rules[i].target());
      custom |= !this.rules[i].isDefault();
    }
    customRules = custom;
    portRules = rules.stream().anyMatch(PolicyRule::looksAtPorts);
    ruleRealms = rules.stream().anyMatch(rule -> rule.realms() != 0);
    realms = ruleRealms || routes.stream().anyMatch(Fib::hasRealms);
    if (!custom && !six) {
      mergeLocalIntoMain(byTable);
    }
  }

  /** Without rules of one's own, Linux keeps the IPv4 tables local and main in one trie. */
  private void mergeLocalIntoMain(Map<Integer, List<Route>> byTable) {
    List<Route> both = new ArrayList<>(byTable.getOrDefault(Route.TABLE_LOCAL, List.of()));
    both.addAll(byTable.getOrDefault(Route.TABLE_MAIN, List.of()));
    RouteTable merged = new RouteTable(false, both);
    for (int i = 0; i < rules.length; i++) {
      if (rules[i].table() == Route.TABLE_LOCAL) {
        ruleTables[i] = merged;
      } else if (rules[i].table() == Route.TABLE_MAIN) {
        ruleTables[i] = EMPTY4;
      }
    }
  }

  private int indexOf(long priority) {
    for (int i = 0; i < rules.length; i++) {
      if (rules[i].priority() == priority) {
        return i;
      }
    }
    return -1;
  }

  /** Whether there are other rules than those that a host has at its start. */
  boolean hasCustomRules() {
    return customRules;
  }

  private static boolean hasRealms(Route route) {
    return route.hops().stream().anyMatch(hop -> hop.realms() != 0);
  }

  /** The routes of all tables. */
  List<Route> routes() {
    return routes;
  }

  /** The policy rules, in the order they are asked. */
  List<PolicyRule> rules() {
    return List.of(rules);
  }

  /** Whether a route has several next hops, of which the flow decides. */
  boolean isBalanced() {
    return routes.stream().anyMatch(route -> route.hops().size() > 1);
  }

  /** Whether a rule selects by ports. */
  boolean looksAtPorts() {
    return portRules;
  }

  /** Whether a rule or a route has realms. */
  boolean hasRealms() {
    return realms;
  }

  /** Whether a rule has realms. */
  boolean hasRuleRealms() {
    return ruleRealms;
  }

  /** The table local, for address types. */
  RouteTable local() {
    return local;
  }

  static int error(RouteType type) {
    return switch (type) {
      case BLACKHOLE -> INVALID;
      case UNREACHABLE -> HOST_UNREACHABLE;
      case PROHIBIT -> ACCESS_DENIED;
      case THROW -> NO_MATCH;
      default -> FOUND;
    };
  }

  /**
   * Finds the route of a packet going from {@code query.iif} (for rules) to {@code query.oif}
   * (where it is set), and gives {@link #FOUND} or what is wrong. Of several next hops the first
   * that suits is taken; see {@link #balance}.
   */
  public int lookup(RouteQuery query, RouteResult result) {
    return lookup(query, query.oif, six && query.oif >= 0, result);
  }

  /**
   * The same, for IPv6 with the interface that is preferred or demanded.
   *
   * @param oif interface that routes are scored by; IPv4 looks at {@code query.oif} only
   * @param strict whether only routes by that interface count
   */
  int lookup(RouteQuery query, int oif, boolean strict, RouteResult result) {
    result.route = null;
    result.hop = null;
    result.ruleRealms = 0;
    for (int i = 0; i < rules.length; i++) {
      if (!rules[i].matches(query)) {
        continue;
      }
      if (rules[i].action() == PolicyRule.Action.GOTO) {
        // Targets lie ahead: the kernel refuses to jump back.
        if (gotos[i] > i) {
          i = gotos[i] - 1;
        }
        continue;
      }
      int code = act(i, query, oif, strict, result);
      if (code == FOUND && suppressed(rules[i], result.route)) {
        result.route = null;
        result.hop = null;
        continue;
      }
      if (code != NO_MATCH) {
        result.ruleRealms = rules[i].realms();
        return code;
      }
    }
    return NETWORK_UNREACHABLE;
  }

  private static boolean suppressed(PolicyRule rule, Route route) {
    return route.destination().length() <= rule.suppressPrefixLength();
  }

  private int act(int index, RouteQuery query, int oif, boolean strict, RouteResult result) {
    switch (rules[index].action()) {
      case TABLE:
        break;
      case NOP:
        return NO_MATCH;
      case UNREACHABLE:
        return NETWORK_UNREACHABLE;
      case PROHIBIT:
        return ACCESS_DENIED;
      default:
        return INVALID;
    }
    RouteTable table = ruleTables[index];
    if (table == null) {
      return NO_MATCH;
    }
    if (!six) {
      return table.lookup4(query, result);
    }
    if (!table.lookup6(query, oif, strict, reachability, result)) {
      return NO_MATCH;
    }
    int error = error(result.route.type());
    if (error != FOUND) {
      result.route = null;
      result.hop = null;
    }
    return error;
  }

  /**
   * Picks the next hop of a multipath route by the flow ({@code fib_select_multipath}, {@code
   * fib6_select_path}). Linux keys its hash with a random number, so the real path may be another.
   *
   * @param withPorts whether ports count ({@code fib_multipath_hash_policy} 1)
   */
  static void balance(RouteQuery query, boolean withPorts, RouteResult result) {
    if (result.route != null && result.route.hops().size() > 1) {
      result.hop = result.route.pick(query.flowHash(withPorts));
    }
  }
}
