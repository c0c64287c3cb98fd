package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.lint.Finding;
import org.fwreplay.lint.Linter;
import org.fwreplay.report.RulesetResult;
import org.fwreplay.report.RulesetResult.RuleResult;
import org.fwreplay.rule.ParseResult;

/** Why rules can never be hit, whatever comes: what {@code fwreplay lint} proves. */
final class Unreachable {
  private static final Set<String> CODES =
      Set.of("unreachable", "duplicate", "contradiction", "never-in-nat", "interface-never-set");

  private final Map<SourcePosition, List<String>> reasons = new HashMap<>();

  Unreachable(RulesetResult ruleset) {
    if (ruleset.source() == null) {
      return;
    }
    for (Finding each : Linter.lint(new ParseResult(ruleset.source(), List.of(), null))) {
      if (CODES.contains(each.code())) {
        reasons.computeIfAbsent(each.position(), k -> new ArrayList<>()).add(each.message());
      }
    }
    // A line with several addresses makes several rules; not all of them may be meant.
    Map<SourcePosition, Integer> rules = new HashMap<>();
    ruleset.rules().forEach(rule -> rules.merge(rule.position(), 1, Integer::sum));
    reasons.entrySet().removeIf(e -> e.getValue().size() < rules.getOrDefault(e.getKey(), 0));
  }

  /** Why no packet can hit a rule, or null where one may. */
  String why(RuleResult rule) {
    List<String> why = rule.packets() > 0 ? null : reasons.get(rule.position());
    return why == null ? null : why.get(0);
  }
}
