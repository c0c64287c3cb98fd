package org.fwreplay.report.diff;

import java.io.PrintWriter;
import java.util.List;
import org.fwreplay.diff.SymbolicDiff;
import org.fwreplay.report.Printable;
import org.fwreplay.rule.Rule;

/** How the filtering of two rulesets differs over all packets, for the terminal. */
public final class SymbolicText {
  private static final int MOST_REGIONS = 10;

  private SymbolicText() {}

  /** Prints it. */
  public static void print(SymbolicView view, PrintWriter out) {
    SymbolicDiff.Result result = view.result();
    int all = view.regions().size();
    line(
        out,
        "over all packets, table filter decides otherwise in "
            + DiffText.count(all, "region")
            + (result.complete() ? "" : ", and maybe in more: it would take too long"));
    if (all > 0) {
      line(out, "a packet of " + view.confirmed() + " of them shows it in the engine");
    }
    view.groups()
        .forEach(
            (key, some) -> {
              key.lines().forEach(line -> line(out, line));
              regions(some, out);
            });
    for (Rule rule : result.unmodelled()) {
      String place = rule.position().file() + ":" + rule.position().line();
      line(out, "not modelled, taken not to match: " + place + " " + rule.text());
    }
    for (SymbolicDiff.OtherTable table : result.otherTables()) {
      String edits = table.edits() == 0 ? "" : ", with " + DiffText.count(table.edits(), "edit");
      line(out, "not compared: table " + table.name() + edits);
    }
    out.flush();
  }

  private static void regions(List<SymbolicView.RegionView> some, PrintWriter out) {
    for (SymbolicView.RegionView each : some.subList(0, Math.min(MOST_REGIONS, some.size()))) {
      String note = each.confirmed() ? "" : " (no packet shows it: " + each.why() + ")";
      line(out, "    " + each.difference().words() + note);
    }
    if (some.size() > MOST_REGIONS) {
      line(out, "    and " + (some.size() - MOST_REGIONS) + " more");
    }
  }

  private static void line(PrintWriter out, String text) {
    out.print(Printable.of(text) + "\n");
  }
}
