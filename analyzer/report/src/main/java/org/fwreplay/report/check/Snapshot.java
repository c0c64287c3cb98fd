package org.fwreplay.report.check;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.report.RulesetResult;
import org.fwreplay.report.flow.FlowRow;

/** A whole result in lines that can be compared: every connection, every rule. */
final class Snapshot {
  private static final int MOST_LINES = 10;

  private Snapshot() {}

  static String of(List<Checker.Seen> flows, List<RulesetResult> rulesets) {
    StringBuilder out = new StringBuilder("# fwreplay snapshot 1\n");
    flows.forEach(seen -> out.append(line(seen.row())).append('\n'));
    for (RulesetResult ruleset : rulesets) {
      for (RulesetResult.RuleResult rule : ruleset.rules()) {
        out.append(rule.id()).append(' ').append(rule.packets()).append(": ");
        out.append(rule.text()).append('\n');
      }
    }
    return out.toString();
  }

  static String line(FlowRow row) {
    StringBuilder out = new StringBuilder();
    out.append(row.frame()).append(' ').append(ends(row));
    out.append(row.in().isEmpty() ? "" : " in " + row.in());
    out.append(row.out().isEmpty() ? "" : " out " + row.out());
    out.append(": ").append(row.verdict().text());
    out.append(row.fates().isEmpty() ? "" : " (" + row.fates() + ")");
    out.append(row.rule() == null ? "" : " by " + row.rule());
    out.append(row.sourceBecame().isEmpty() ? "" : " snat " + row.sourceBecame());
    out.append(row.destinationBecame().isEmpty() ? "" : " dnat " + row.destinationBecame());
    return out.toString();
  }

  static String ends(FlowRow row) {
    return row.protocol() + " " + row.source() + " -> " + row.destination();
  }

  /** The lines that differ. */
  static List<String> differences(String old, String now) {
    List<String> before = old.lines().toList();
    List<String> after = now.lines().toList();
    List<String> differences = new ArrayList<>();
    java.util.Set<String> had = new java.util.HashSet<>(before);
    java.util.Set<String> has = new java.util.HashSet<>(after);
    before.stream().filter(line -> !has.contains(line)).forEach(l -> differences.add("- " + l));
    after.stream().filter(line -> !had.contains(line)).forEach(l -> differences.add("+ " + l));
    if (differences.isEmpty()) {
      differences.add("the same lines in another order");
    }
    return differences.size() <= MOST_LINES
        ? differences
        : List.copyOf(differences.subList(0, MOST_LINES));
  }
}
