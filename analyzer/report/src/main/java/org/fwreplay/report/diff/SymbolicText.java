package org.fwreplay.report.diff;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.fwreplay.diff.SymbolicDiff;
import org.fwreplay.report.Printable;
import org.fwreplay.rule.Rule;

/** How the filtering of two rulesets differs over all packets, for the terminal. */
public final class SymbolicText {
  private static final int MOST_REGIONS = 10;

  private SymbolicText() {}

  /**
   * Prints it.
   *
   * @param confirmed whether the packet of a region is decided so
   */
  public static void print(
      SymbolicDiff.Result result, Predicate<SymbolicDiff.Difference> confirmed, PrintWriter out) {
    Map<String, List<SymbolicDiff.Difference>> groups = new LinkedHashMap<>();
    for (SymbolicDiff.Difference each : result.differences()) {
      String key =
          each.hook()
              + ": old "
              + words(each.old())
              + "\n"
              + " ".repeat(each.hook().name().length())
              + "  new "
              + words(each.now());
      groups.computeIfAbsent(key, k -> new java.util.ArrayList<>()).add(each);
    }
    line(
        out,
        "over all packets, table filter decides otherwise in "
            + DiffText.count(result.differences().size(), "region")
            + (result.complete() ? "" : ", and maybe in more: it would take too long"));
    groups.forEach(
        (key, some) -> {
          key.lines().forEach(line -> line(out, line));
          for (SymbolicDiff.Difference d : some.subList(0, Math.min(MOST_REGIONS, some.size()))) {
            String note = confirmed.test(d) ? "" : " (not confirmed by a packet)";
            line(out, "    " + d.words() + note);
          }
          if (some.size() > MOST_REGIONS) {
            line(out, "    and " + (some.size() - MOST_REGIONS) + " more");
          }
        });
    for (Rule rule : result.unmodelled()) {
      String place = rule.position().file() + ":" + rule.position().line();
      line(out, "not modelled, taken not to match: " + place + " " + rule.text());
    }
    out.flush();
  }

  private static String words(SymbolicDiff.Decision decision) {
    Rule rule = decision.rule();
    return rule == null
        ? decision.verdict() + " by the policy"
        : decision.verdict() + " by " + rule.position().file() + ":" + rule.position().line();
  }

  private static void line(PrintWriter out, String text) {
    out.print(Printable.of(text) + "\n");
  }
}
