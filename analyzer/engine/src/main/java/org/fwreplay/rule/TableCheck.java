package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.packet.Hook;
import org.fwreplay.xt.Extensions;

/**
 * What the kernel checks when a table is loaded: which rules each hook reaches, that there is no
 * way in circles, and that matches and targets are reached only from hooks that they work in
 * ({@code mark_source_chains} and {@code xt_check_match} of ip_tables.c and x_tables.c).
 *
 * <p>As there, what no hook reaches is not looked at: chains that nobody jumps to, and rules behind
 * an unconditional verdict.
 */
final class TableCheck {
  private final ParseContext context;
  private final Table table;
  private final Map<String, Chain> chains = new HashMap<>();
  private final Set<SourcePosition> complained = new HashSet<>();

  private TableCheck(ParseContext context, Table table) {
    this.context = context;
    this.table = table;
    for (Chain chain : table.chains()) {
      chains.put(chain.name(), chain);
    }
  }

  static void run(ParseContext context, Table table) {
    TableCheck check = new TableCheck(context, table);
    for (Hook hook : TableType.of(table.name()).hooks()) {
      check.walk(hook);
    }
  }

  /**
   * Follows the jumps from a hook's chain depth first; without recursion, as chains may be deep.
   */
  private void walk(Hook hook) {
    Map<String, int[]> open = new HashMap<>();
    Set<String> done = new HashSet<>();
    List<String> path = new ArrayList<>();
    path.add(hook.name());
    open.put(hook.name(), new int[1]);
    while (!path.isEmpty()) {
      String name = path.get(path.size() - 1);
      Rule rule = nextRule(chains.get(name), open.get(name));
      if (rule == null) {
        open.remove(name);
        done.add(name);
        path.remove(path.size() - 1);
        continue;
      }
      checkHooks(rule, hook, name);
      RuleTarget target = rule.target();
      boolean leads = target instanceof RuleTarget.Jump || target instanceof RuleTarget.Goto;
      if (leads && open.containsKey(target.name())) {
        loop(rule, path, target.name());
      } else if (leads && !done.contains(target.name())) {
        path.add(target.name());
        open.put(target.name(), new int[1]);
      }
    }
  }

  /** The next rule that can be reached, or null at the chain's end. */
  private static Rule nextRule(Chain chain, int[] cursor) {
    if (cursor[0] >= chain.rules().size()) {
      return null;
    }
    Rule rule = chain.rules().get(cursor[0]++);
    if (rule.target() instanceof RuleTarget.Standard && rule.isUnconditional()) {
      cursor[0] = Integer.MAX_VALUE;
    }
    return rule;
  }

  private void loop(Rule rule, List<String> path, String back) {
    if (complained.add(rule.position())) {
      List<String> circle = new ArrayList<>(path.subList(path.indexOf(back), path.size()));
      circle.add(back);
      error(rule, back, "chains lead in a circle: " + String.join(" -> ", circle), "");
    }
  }

  private void checkHooks(Rule rule, Hook hook, String chain) {
    Extensions all = context.extensions();
    for (MatchUse use : rule.matches()) {
      Set<Hook> valid = all.match(use.name(), context.family()).hooks();
      Set<Hook> own = use.match().hooks();
      if (!valid.contains(hook) || !own.contains(hook)) {
        complain("match " + use.name(), both(valid, own), rule, hook, chain);
      }
    }
    if (rule.target() instanceof RuleTarget.Extension target) {
      Set<Hook> valid = all.target(target.name(), context.family()).hooks();
      Set<Hook> own = target.target().hooks();
      if (!valid.contains(hook) || !own.contains(hook)) {
        complain("target " + target.name(), both(valid, own), rule, hook, chain);
      }
    }
  }

  private static Set<Hook> both(Set<Hook> valid, Set<Hook> own) {
    Set<Hook> both = EnumSet.copyOf(valid);
    both.retainAll(own);
    return both;
  }

  private void complain(String what, Set<Hook> valid, Rule rule, Hook hook, String chain) {
    if (!complained.add(rule.position())) {
      return;
    }
    String via = chain.equals(hook.name()) ? "" : " (through chain " + chain + ")";
    List<String> names = valid.stream().sorted().map(Hook::name).toList();
    error(
        rule,
        what.substring(what.indexOf(' ') + 1),
        what + " is reached from " + hook + via,
        "so used it works in " + String.join(", ", names) + " only");
  }

  private void error(Rule rule, String word, String message, String hint) {
    context
        .diagnostics()
        .error(rule.position(), word, "table " + table.name() + ": " + message, hint);
  }
}
