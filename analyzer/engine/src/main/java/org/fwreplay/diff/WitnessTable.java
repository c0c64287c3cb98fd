package org.fwreplay.diff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.InterfaceMatch;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RuleTarget;
import org.fwreplay.rule.Table;

/**
 * What of a table packets of one hook and one pair of interfaces can come to: so that a firewall
 * for them is quickly made of a large ruleset.
 */
final class WitnessTable {
  /** No user's chain has a space in its name. */
  private static final String NOWHERE = "led to by none";

  private final Table table;
  private final WitnessFirewall.Key key;
  private final Map<String, List<Rule>> reached = new LinkedHashMap<>();

  WitnessTable(Table table, WitnessFirewall.Key key) {
    this.table = table;
    this.key = key;
  }

  /** The table, with the rules of another one before those of its built-in chains. */
  Table behind(Table first) {
    reach(table.chain(key.hook().name()));
    List<Chain> chains = new ArrayList<>();
    for (Chain chain : table.chains()) {
      List<Rule> rules = new ArrayList<>();
      if (chain.isBuiltin()) {
        rules.addAll(first.chain(chain.name()).rules());
      }
      for (Rule rule : reached.getOrDefault(chain.name(), List.of())) {
        rules.add(rule.numbered(rules.size() + 1));
      }
      if (chain.isBuiltin() || reached.containsKey(chain.name())) {
        chains.add(new Chain(chain.name(), chain.policy(), 0, 0, rules, chain.position()));
      }
    }
    chains.add(new Chain(NOWHERE, null, 0, 0, needs(), null));
    return new Table(table.name(), chains);
  }

  /** Rules that no packet comes to, but because of which connection tracking is hooked up. */
  private List<Rule> needs() {
    return Stream.<Predicate<Rule>>of(Rule::needsConntrack, Rule::needsDefragmentation)
        .flatMap(need -> all().filter(need).limit(1))
        .map(rule -> leads(rule) ? rule.aimed(new RuleTarget.None()) : rule)
        .toList();
  }

  private Stream<Rule> all() {
    return table.chains().stream().flatMap(chain -> chain.rules().stream());
  }

  private static boolean leads(Rule rule) {
    return rule.target() instanceof RuleTarget.Jump || rule.target() instanceof RuleTarget.Goto;
  }

  private void reach(Chain chain) {
    if (reached.containsKey(chain.name())) {
      return;
    }
    List<Rule> rules = chain.rules().stream().filter(this::fits).toList();
    reached.put(chain.name(), rules);
    for (Rule rule : rules) {
      if (leads(rule)) {
        reach(table.chain(rule.target().name()));
      }
    }
  }

  private boolean fits(Rule rule) {
    return fits(rule.ip().in(), key.in()) && fits(rule.ip().out(), key.out());
  }

  private static boolean fits(InterfaceMatch asked, String name) {
    return asked == null || asked.matches(name);
  }
}
