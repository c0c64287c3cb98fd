package org.fwreplay.lint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.fwreplay.diagnostic.Severity;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.region.Condition;
import org.fwreplay.region.CtStates;
import org.fwreplay.region.Dimension;
import org.fwreplay.region.Region;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.InterfaceMatch;
import org.fwreplay.rule.IpMatch;
import org.fwreplay.rule.MatchUse;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RuleTarget;

/** What is to be said of single rules: that they never match, or say what was said before. */
final class RuleFindings {
  private static final int MAX_NAMED = 6;

  /** What two rules have in common that do the same with the same packets. */
  private record Meaning(IpMatch ip, List<MatchUse> matches, RuleTarget target) {
    static Meaning of(Rule rule) {
      return new Meaning(rule.ip(), rule.matches(), rule.target());
    }
  }

  private final Linter out;
  private final TableLint lint;
  private final Family family;

  RuleFindings(Linter out, TableLint lint) {
    this.out = out;
    this.lint = lint;
    family = lint.space.family();
  }

  void report() {
    for (Chain chain : lint.table.chains()) {
      Set<SourcePosition> several = severalFromOneLine(chain);
      Map<Meaning, Rule> earlier = new HashMap<>();
      for (Rule rule : chain.rules()) {
        String which = several.contains(rule.position()) ? addresses(rule) : "";
        report(chain, rule, which, earlier);
      }
    }
  }

  private static Set<SourcePosition> severalFromOneLine(Chain chain) {
    Set<SourcePosition> seen = new HashSet<>();
    return chain.rules().stream()
        .map(Rule::position)
        .filter(position -> !seen.add(position))
        .collect(Collectors.toSet());
  }

  /** Tells the rules apart that one line with several addresses makes. */
  private String addresses(Rule rule) {
    String from = rule.ip().source().isAny() ? "" : " from " + rule.ip().source().text(family);
    String to =
        rule.ip().destination().isAny() ? "" : " to " + rule.ip().destination().text(family);
    return " (the part" + from + to + ")";
  }

  private void report(Chain chain, Rule rule, String which, Map<Meaning, Rule> earlier) {
    if (lint.space.region(rule).isEmpty()) {
      out.add(Severity.ERROR, "contradiction", rule.position(), contradiction(rule) + which);
    } else if (!missingInterface(chain, rule) && !neverInNat(chain, rule)) {
      Reachability.Fate fate = lint.reachability.fate(rule);
      if (!fate.isReached) {
        unreachable(chain, rule, which, fate);
      } else {
        repeated(rule, which, earlier);
      }
    }
    if (lint.summaries.changes(rule) != 0) {
      earlier.clear();
    }
  }

  private String contradiction(Rule rule) {
    List<Condition> all = lint.space.conditions(rule);
    for (Condition one : all) {
      if (one.region().isEmpty()) {
        return "\"" + one.text().get() + "\" never matches";
      }
      for (Condition other : all) {
        if (one != other && one.region().and(other.region()).isEmpty()) {
          return "no packet can match \""
              + one.text().get()
              + "\" and \""
              + other.text().get()
              + "\" at once";
        }
      }
    }
    return "no packet can match all of "
        + all.stream().map(c -> "\"" + c.text().get() + "\"").collect(Collectors.joining(", "));
  }

  /** Whether a rule asks for an interface that is known on no way to it, so that it never fits. */
  private boolean missingInterface(Chain chain, Rule rule) {
    return missingInterface(chain, rule, "-i", rule.ip().in(), EnumSet.of(Hook.OUTPUT))
        || missingInterface(
            chain, rule, "-o", rule.ip().out(), EnumSet.of(Hook.PREROUTING, Hook.INPUT));
  }

  private boolean missingInterface(
      Chain chain, Rule rule, String option, InterfaceMatch match, Set<Hook> without) {
    Set<Hook> hooks = lint.graph.hooks(chain);
    if (match == null
        || match.name().equals("+")
        || hooks.isEmpty()
        || !without.containsAll(hooks)) {
      return false;
    }
    String names = hooks.stream().map(Hook::name).collect(Collectors.joining(" and "));
    boolean always = match.matches("");
    out.add(
        Severity.WARNING,
        "interface-never-set",
        rule.position(),
        (always ? "\"! " : "\"")
            + option
            + " "
            + match.name()
            + "\" "
            + (always ? "always" : "never")
            + " matches: chain "
            + chain.name()
            + " is reached from "
            + names
            + " only, where no packet has this interface",
        jumps(chain));
    return !always;
  }

  private boolean neverInNat(Chain chain, Rule rule) {
    Region region = lint.space.region(rule);
    boolean never =
        lint.isNat()
            && !lint.graph.hooks(chain).isEmpty()
            && region.boxes().stream()
                .map(box -> box.get(Dimension.STATE))
                .noneMatch(set -> set == null || set.intersects(CtStates.SEEN_BY_NAT));
    if (never) {
      out.add(
          Severity.WARNING,
          "never-in-nat",
          rule.position(),
          "table nat sees only the packets that open a connection (NEW, RELATED), never those that"
              + " this rule asks for");
    }
    return never;
  }

  private void unreachable(Chain chain, Rule rule, String which, Reachability.Fate fate) {
    if (!fate.isVisited) {
      List<ChainGraph.Jump> jumps = lint.graph.jumps(chain);
      String why =
          jumps.isEmpty()
              ? "nothing leads to chain " + chain.name()
              : "no packet takes a jump to chain " + chain.name();
      out.add(Severity.WARNING, "unreachable", rule.position(), why + which, jumps(chain));
      return;
    }
    List<Finding.Related> related = takers(fate.takers);
    if (fate.takers.isEmpty()) {
      out.add(
          Severity.WARNING,
          "unreachable",
          rule.position(),
          "no packet that comes into chain " + chain.name() + " can match" + which,
          jumps(chain));
      return;
    }
    Rule first = fate.takers.iterator().next();
    boolean alone = fate.takers.size() == 1 && !fate.isExcluded;
    if (alone && first.isSameAs(rule) && chain.rules().contains(first)) {
      String message = "the same as " + line(first, rule) + ", which takes all its packets";
      out.add(Severity.WARNING, "duplicate", rule.position(), message + which, related);
      return;
    }
    String message = "no packet gets here: " + lines(fate.takers, rule) + " all that could match";
    if (fate.isExcluded) {
      related.addAll(jumps(chain));
      message += " in chain " + chain.name();
    }
    out.add(Severity.WARNING, "unreachable", rule.position(), message + which, related);
  }

  private static String line(Rule rule, Rule other) {
    boolean same = rule.position().line() == other.position().line();
    return same ? "an earlier part of this line" : "line " + rule.position().line();
  }

  private static String lines(Collection<Rule> rules, Rule other) {
    List<String> lines =
        rules.stream()
            .sorted(Comparator.comparing(rule -> rule.position().line()))
            .map(rule -> line(rule, other))
            .distinct()
            .toList();
    if (lines.size() == 1) {
      return lines.get(0) + " takes";
    }
    int shown = Math.min(lines.size(), MAX_NAMED);
    String list = String.join(", ", lines.subList(0, shown)).replace(", line ", ", ");
    int more = lines.size() - shown;
    return list.replaceFirst("^line ", "lines ")
        + (more > 0 ? " and " + more + " more" : "")
        + " together take";
  }

  private static List<Finding.Related> takers(Collection<Rule> rules) {
    List<Finding.Related> related = new ArrayList<>();
    rules.forEach(
        rule -> related.add(new Finding.Related(rule.position(), "takes: " + rule.text())));
    return related;
  }

  private List<Finding.Related> jumps(Chain chain) {
    return lint.graph.jumps(chain).stream()
        .map(
            jump ->
                new Finding.Related(jump.rule().position(), "leads here: " + jump.rule().text()))
        .toList();
  }

  /** A rule that only counts or logs and says what an earlier one said. */
  private void repeated(Rule rule, String which, Map<Meaning, Rule> earlier) {
    boolean passes =
        rule.target() instanceof RuleTarget.None
            || rule.target() instanceof RuleTarget.Extension
                && Set.of("LOG", "NFLOG").contains(rule.target().name());
    if (!passes || !lint.space.region(rule).isExact()) {
      return;
    }
    Rule first = earlier.putIfAbsent(Meaning.of(rule), rule);
    if (first != null) {
      out.add(
          Severity.WARNING,
          "duplicate",
          rule.position(),
          "the same as " + line(first, rule) + which,
          List.of(new Finding.Related(first.position(), "first: " + first.text())));
    }
  }
}
