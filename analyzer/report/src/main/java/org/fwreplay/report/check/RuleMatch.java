package org.fwreplay.report.check;

import org.fwreplay.report.RulesetResult;

/**
 * A rule as a suite names it: {@code line 57}, {@code comment photos on the NAS}, {@code policy
 * FORWARD} of table filter or {@code policy mangle FORWARD}, its id ({@code ipv4/filter/INPUT/3}),
 * or a part of its text.
 */
record RuleMatch(String text) {
  boolean matches(RulesetResult.RuleResult rule) {
    if (text.startsWith("line ")) {
      return text.substring(5).strip().equals(Integer.toString(rule.position().line()));
    }
    if (text.startsWith("comment ")) {
      return text.substring(8).strip().equals(rule.comment());
    }
    return text.equals(rule.id()) || rule.text().contains(text);
  }

  boolean matches(RulesetResult.ChainResult end) {
    String[] id = end.id().split("/");
    boolean named =
        text.equals("policy " + id[1] + " " + end.name())
            || id[1].equals("filter") && text.equals("policy " + end.name());
    return named && end.policy() != null || text.equals(end.id());
  }
}
