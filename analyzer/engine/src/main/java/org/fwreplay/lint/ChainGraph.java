package org.fwreplay.lint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fwreplay.packet.Hook;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RuleTarget;
import org.fwreplay.rule.Table;

/** Which chain leads to which. There is no way in circles: the parser has seen to that. */
final class ChainGraph {
  /** A rule that jumps, with where it stands. */
  record Jump(Chain from, Rule rule) {}

  private final Table table;
  private final Map<String, Chain> chains = new HashMap<>();
  private final Map<String, List<Jump>> jumps = new HashMap<>();
  private final Map<String, Set<Hook>> hooks = new HashMap<>();
  private final List<Chain> bottomUp = new ArrayList<>();

  ChainGraph(Table table) {
    this.table = table;
    for (Chain chain : table.chains()) {
      chains.put(chain.name(), chain);
      jumps.put(chain.name(), new ArrayList<>());
      hooks.put(chain.name(), EnumSet.noneOf(Hook.class));
    }
    for (Chain chain : table.chains()) {
      for (Rule rule : chain.rules()) {
        if (target(rule) != null) {
          jumps.get(rule.target().name()).add(new Jump(chain, rule));
        }
      }
    }
    sort();
    for (Chain chain : table.chains()) {
      if (chain.isBuiltin()) {
        spread(Hook.valueOf(chain.name()), chain);
      }
    }
  }

  Table table() {
    return table;
  }

  /** The chain that a rule jumps or goes to, or null. */
  Chain target(Rule rule) {
    RuleTarget target = rule.target();
    boolean leads = target instanceof RuleTarget.Jump || target instanceof RuleTarget.Goto;
    return leads ? chains.get(target.name()) : null;
  }

  /** The rules that lead to a chain. */
  List<Jump> jumps(Chain chain) {
    return jumps.get(chain.name());
  }

  /** The hooks from which jumps lead to a chain, whatever they ask for. */
  Set<Hook> hooks(Chain chain) {
    return hooks.get(chain.name());
  }

  /** All chains, each behind those that it leads to. */
  List<Chain> bottomUp() {
    return bottomUp;
  }

  private void spread(Hook hook, Chain first) {
    Deque<Chain> open = new ArrayDeque<>(List.of(first));
    while (!open.isEmpty()) {
      Chain chain = open.pop();
      if (hooks(chain).add(hook)) {
        for (Rule rule : chain.rules()) {
          Chain next = target(rule);
          if (next != null) {
            open.push(next);
          }
        }
      }
    }
  }

  /** By taking away, again and again, the chains that nothing is left to lead to. */
  private void sort() {
    Map<String, Integer> left = new HashMap<>();
    Deque<Chain> free = new ArrayDeque<>();
    for (Chain chain : table.chains()) {
      left.put(chain.name(), jumps(chain).size());
      if (jumps(chain).isEmpty()) {
        free.add(chain);
      }
    }
    while (!free.isEmpty()) {
      Chain chain = free.poll();
      bottomUp.add(0, chain);
      for (Rule rule : chain.rules()) {
        Chain next = target(rule);
        if (next != null && left.merge(next.name(), -1, Integer::sum) == 0) {
          free.add(next);
        }
      }
    }
  }
}
