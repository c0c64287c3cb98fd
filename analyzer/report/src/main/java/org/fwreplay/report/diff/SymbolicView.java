package org.fwreplay.report.diff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.diff.SymbolicDiff;
import org.fwreplay.diff.WitnessCheck;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.Rule;

/**
 * How table filter of one family differs over all packets, each region with what its packet showed
 * in the engine.
 *
 * @param regions in the order in which they were found
 */
public record SymbolicView(Family family, SymbolicDiff.Result result, List<RegionView> regions) {
  /** Most packets that are sent through the engine. */
  private static final int MOST_CHECKED = 5_000;

  /**
   * A region.
   *
   * @param answer null where there were too many to send a packet of each
   */
  public record RegionView(SymbolicDiff.Difference difference, WitnessCheck.Answer answer) {
    /** Whether a packet of it was shown to be decided so. */
    public boolean confirmed() {
      return answer != null && answer.confirmed();
    }

    /** Why not, in words; empty where it was. */
    public String why() {
      return answer == null ? "too many regions" : answer.why();
    }
  }

  /** Sends a packet of each region through the engine. */
  public static SymbolicView of(Family family, SymbolicDiff.Result result, WitnessCheck check) {
    List<RegionView> regions = new ArrayList<>();
    for (SymbolicDiff.Difference each : result.differences()) {
      boolean checked = regions.size() < MOST_CHECKED;
      regions.add(new RegionView(each, checked ? check.check(each) : null));
    }
    return new SymbolicView(family, result, List.copyOf(regions));
  }

  /** How many of the regions a packet showed. */
  public long confirmed() {
    return regions.stream().filter(RegionView::confirmed).count();
  }

  /** The regions by hook and both decisions, in words. */
  Map<String, List<RegionView>> groups() {
    Map<String, List<RegionView>> groups = new LinkedHashMap<>();
    for (RegionView each : regions) {
      SymbolicDiff.Difference d = each.difference();
      String indent = " ".repeat(d.hook().name().length());
      String key = d.hook() + ": old " + words(d.old()) + "\n" + indent + "  new " + words(d.now());
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(each);
    }
    return groups;
  }

  private static String words(SymbolicDiff.Decision decision) {
    Rule rule = decision.rule();
    return rule == null
        ? decision.verdict() + " by the policy"
        : decision.verdict() + " by " + rule.position().file() + ":" + rule.position().line();
  }
}
