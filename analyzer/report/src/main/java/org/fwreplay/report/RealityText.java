package org.fwreplay.report;

import org.fwreplay.replay.Disagreement;

/** Words for what differs between the captures and the run. */
public final class RealityText {
  private RealityText() {}

  /** What differs: {@code TTL}, {@code did not pass in the model: dropped}. */
  public static String what(Disagreement each) {
    String detail = each.detail();
    return switch (each.kind()) {
      case DIFFERS -> "other " + detail;
      case LOST -> "in the model: " + detail;
      case ELSEWHERE -> "in the model by " + detail;
      default -> each.kind().text();
    };
  }

  /** The first frame of a kind: where it left, what it was, both values, the rule. */
  public static String first(Disagreement each, ReplayResult result) {
    Disagreement.Example first = each.first();
    StringBuilder text = new StringBuilder();
    text.append(result.names().interfaceName(first.interfaceId())).append(' ');
    text.append(first.packet());
    if (!first.seen().isEmpty()) {
      text.append(", captured ").append(first.seen()).append(", model ").append(first.predicted());
    }
    String rule = rule(each, result);
    return rule.isEmpty() ? text.toString() : text.append(", ").append(rule).toString();
  }

  /** The rule that decided with its place, or the chain's policy; empty for none. */
  public static String rule(Disagreement each, ReplayResult result) {
    String id = result.names().place(each.ipv6(), each.place());
    if (id == null) {
      return "";
    }
    for (RulesetResult ruleset : result.rulesets()) {
      for (RulesetResult.RuleResult rule : ruleset.rules()) {
        if (rule.id().equals(id)) {
          return rule.position().file() + ":" + rule.position().line() + ": " + rule.text();
        }
      }
    }
    return id;
  }
}
