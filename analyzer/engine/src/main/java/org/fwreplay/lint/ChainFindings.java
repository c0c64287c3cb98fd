package org.fwreplay.lint;

import java.util.Collection;
import java.util.List;
import org.fwreplay.diagnostic.Severity;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.region.TargetEffect;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RuleTarget;

/** What is to be said of chains and their policies. */
final class ChainFindings {
  private final Linter out;
  private final TableLint lint;
  private final SourcePosition top;

  ChainFindings(Linter out, TableLint lint, SourcePosition top) {
    this.out = out;
    this.lint = lint;
    this.top = top;
  }

  void report() {
    for (Chain chain : lint.table.chains()) {
      if (chain.isBuiltin()) {
        policy(chain);
      } else if (lint.graph.hooks(chain).isEmpty()) {
        unused(chain);
      }
      chain.rules().forEach(this::emptyTarget);
    }
  }

  private SourcePosition position(Chain chain) {
    return chain.position() == null ? top : chain.position();
  }

  private void unused(Chain chain) {
    boolean isEmpty = chain.rules().isEmpty();
    String why =
        lint.graph.jumps(chain).isEmpty()
            ? "nothing leads to it"
            : "only chains lead to it that nothing leads to";
    out.add(
        isEmpty ? Severity.INFO : Severity.WARNING,
        "unused-chain",
        position(chain),
        "chain " + chain.name() + " of table " + lint.table.name() + " is not used: " + why);
  }

  private void emptyTarget(Rule rule) {
    Chain target = lint.graph.target(rule);
    if (target != null && target.rules().isEmpty()) {
      boolean goes = rule.target() instanceof RuleTarget.Goto;
      out.add(
          Severity.INFO,
          "jump-to-empty-chain",
          rule.position(),
          "chain "
              + target.name()
              + " is empty: "
              + (goes ? "the packets leave this chain" : "the packets come back at once"),
          List.of(new Finding.Related(position(target), "chain " + target.name())));
    }
  }

  private void policy(Chain chain) {
    boolean drops = chain.policy().equals("DROP");
    if (drops && lint.isNat()) {
      out.add(
          Severity.WARNING,
          "nat-policy-drop",
          position(chain),
          "policy DROP in table nat drops the first packets of connections only; filter in table"
              + " filter");
    }
    Collection<Rule> takers = lint.reachability.policyTakers(chain);
    Rule all = takers.size() == 1 ? takers.iterator().next() : null;
    TargetEffect effect = all == null ? null : TargetEffect.of(all.target());
    if (effect == null || !effect.ends() || all.target().name().equals(chain.policy())) {
      return;
    }
    boolean opens = drops && effect.accepts();
    out.add(
        opens ? Severity.WARNING : Severity.INFO,
        "policy-never-applies",
        position(chain),
        "policy "
            + chain.policy()
            + " of chain "
            + chain.name()
            + " never applies: line "
            + all.position().line()
            + " takes all that is left ("
            + all.target().name()
            + ")",
        List.of(new Finding.Related(all.position(), "takes: " + all.text())));
  }
}
