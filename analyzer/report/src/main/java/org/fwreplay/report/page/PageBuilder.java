package org.fwreplay.report.page;

import java.util.List;
import java.util.StringJoiner;
import org.fwreplay.hook.Fate;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.Totals;
import org.fwreplay.report.flow.FlowRow;
import org.fwreplay.report.flow.Timestamps;

/** Puts a result into the words and numbers of the page. */
final class PageBuilder {
  private final ReplayResult result;
  private final Totals totals;
  private final References references;
  private final List<FlowRow> rows;
  private final Page page;

  PageBuilder(ReplayResult result) {
    this.result = result;
    totals = result.totals();
    references = new References(result.rulesets());
    rows = result.flows().flows().stream().map(flow -> FlowRow.of(flow, result.names())).toList();
    page = withoutConnections();
  }

  /**
   * The page.
   *
   * @param most characters that the list of connections may have
   */
  Page build(long most) {
    Grid.Embedded data = ConnectionsGrid.of(rows, result.firstNs(), references).embed(most);
    long left = result.flows().count() - data.rows();
    return page.withConnections(
        left == 0
            ? null
            : Format.count(left) + " more are not in this page; --flows FILE writes all of them.",
        data.json());
  }

  private Page withoutConnections() {
    return new Page(
        heading(),
        when(),
        setting(),
        SummaryView.of(result, references),
        TrafficView.of(rows, result.flows().count()),
        RealityView.of(result, references),
        RulesetView.all(result, references, allPackets()),
        Format.count(result.flows().count()),
        null,
        NatView.of(rows),
        DnsView.of(result.dns()),
        HelpersView.of(result),
        TriggersView.of(result),
        LogView.of(result, references),
        "");
  }

  private long allPackets() {
    long made = 0;
    for (Fate fate : Fate.values()) {
      made += totals.made(fate).packets();
    }
    return totals.frames().packets() + made;
  }

  private String heading() {
    StringJoiner files = new StringJoiner(" and ");
    result.rulesets().forEach(ruleset -> files.add(ruleset.file()));
    String rules = result.rulesets().isEmpty() ? "no rules" : files.toString();
    return Format.count(totals.frames().packets(), "frame", "frames") + " through " + rules;
  }

  private String when() {
    if (totals.frames().isEmpty()) {
      return "no frames";
    }
    String first = Timestamps.iso(result.firstNs()).replace('T', ' ').replaceFirst("\\.\\d+Z", "");
    return first + " UTC, " + Format.seconds(result.lastNs() - result.firstNs());
  }

  private String setting() {
    String host = result.setup().host();
    return (host == null ? "host guessed" : "host " + host)
        + ", seed "
        + result.seed()
        + ", fwreplay "
        + result.setup().version();
  }
}
