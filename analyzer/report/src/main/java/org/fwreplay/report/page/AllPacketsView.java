package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.diff.SymbolicDiff;
import org.fwreplay.packet.Family;
import org.fwreplay.report.diff.SymbolicView;
import org.fwreplay.rule.Rule;

/**
 * How table filter of one family differs over all packets.
 *
 * @param regions whose packets are decided otherwise
 * @param notes what is not modelled or not compared
 */
public record AllPacketsView(
    String heading, String confirmed, List<Region> regions, String more, List<String> notes) {
  private static final int MAX_ROWS = 500;
  private static final int MAX_NOTES = 100;

  /**
   * Packets that are decided otherwise.
   *
   * @param doubt why no packet showed it, or empty
   */
  public record Region(String hook, String packets, Side old, Side now, String doubt) {}

  /** A decision: {@code rule} is empty for the policy. */
  public record Side(String style, String verdict, String place, String rule) {}

  static AllPacketsView of(SymbolicView view) {
    SymbolicDiff.Result result = view.result();
    int all = view.regions().size();
    String family = view.family() == Family.IPV6 ? "IPv6" : "IPv4";
    return new AllPacketsView(
        family
            + ": table filter decides otherwise in "
            + Format.count(all, "region", "regions")
            + (result.complete() ? "" : ", and maybe in more: it would take too long"),
        all == 0
            ? null
            : "A packet of "
                + Format.count(view.confirmed())
                + " of them was sent through the engine and shows it.",
        view.regions().stream().limit(MAX_ROWS).map(AllPacketsView::region).toList(),
        Format.more(all - MAX_ROWS),
        notes(result));
  }

  private static List<String> notes(SymbolicDiff.Result result) {
    List<String> notes = new ArrayList<>();
    for (Rule rule : result.unmodelled()) {
      notes.add("not modelled, taken not to match: " + place(rule) + " " + rule.text());
    }
    for (SymbolicDiff.OtherTable table : result.otherTables()) {
      String edits =
          table.edits() == 0 ? "" : ", with " + Format.count(table.edits(), "edit", "edits");
      notes.add("not compared: table " + table.name() + edits);
    }
    return notes.size() <= MAX_NOTES ? notes : notes.subList(0, MAX_NOTES);
  }

  private static Region region(SymbolicView.RegionView each) {
    SymbolicDiff.Difference d = each.difference();
    return new Region(
        d.hook().name(),
        d.words(),
        side(d.old()),
        side(d.now()),
        each.confirmed() ? "" : "no packet shows it: " + each.why());
  }

  private static Side side(SymbolicDiff.Decision decision) {
    Rule rule = decision.rule();
    return new Side(
        Styles.ofTarget(decision.verdict()),
        decision.verdict(),
        rule == null ? "policy" : place(rule),
        rule == null ? "" : rule.text());
  }

  private static String place(Rule rule) {
    return rule.position().file() + ":" + rule.position().line();
  }
}
