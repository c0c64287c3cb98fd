package org.fwreplay.report.page;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.report.RulesetResult;

/** Finds the place in the page for the id of a rule or chain end. */
final class References {
  private final Map<String, Page.Reference> byId = new HashMap<>();

  References(List<RulesetResult> rulesets) {
    for (RulesetResult ruleset : rulesets) {
      String prefix = ruleset.ipv6() ? "r6-" : "r4-";
      int number = 0;
      for (RulesetResult.TableResult table : ruleset.tables()) {
        for (RulesetResult.ChainResult chain : table.chains()) {
          String end = chain.name() + (chain.policy() == null ? " end" : " policy");
          add(chain.id(), prefix + number++, end, table.name() + ": " + end);
          for (RulesetResult.RuleResult rule : chain.rules()) {
            String line = Integer.toString(rule.position().line());
            String title = table.name() + ": " + rule.text();
            add(rule.id(), prefix + number++, "line " + line, title);
          }
        }
      }
    }
  }

  private void add(String id, String anchor, String label, String title) {
    byId.put(id, new Page.Reference(anchor, label, title));
  }

  /** The reference for an id; null for null and for what is not there. */
  Page.Reference get(String id) {
    return id == null ? null : byId.get(id);
  }
}
