package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.flow.Flow;
import org.fwreplay.report.flow.FlowKind;
import org.fwreplay.report.flow.FlowRow;
import org.fwreplay.report.flow.FlowVerdict;

/**
 * The connections, up to a number of rows.
 *
 * @param count of all flows, in words
 * @param more what is left out, in words; null for nothing
 * @param verdicts to choose from
 */
public record ConnectionsView(String count, String more, List<Choice> verdicts, List<Row> rows) {
  private static final int MAX_ROWS = 2_000;

  /** A verdict with how many flows have it. */
  public record Choice(String style, String count) {}

  /**
   * A flow.
   *
   * @param verdict as word and as the name of its colour
   * @param detail how a mixed one is mixed, or what kind of flow it is
   * @param packets to and from, in words
   * @param sortPackets their sum, as bytes are sums too
   * @param rule that decided on the first packet, or null
   * @param blockedBy that decided on the first packet that did not pass, where that is another
   * @param hits the other rules that were hit
   */
  public record Row(
      String verdict,
      String detail,
      String protocol,
      String source,
      String sourceBecame,
      String destination,
      String destinationBecame,
      String way,
      String packets,
      long sortPackets,
      String bytes,
      long sortBytes,
      String at,
      long frame,
      Page.Reference rule,
      Page.Reference blockedBy,
      List<Page.Reference> hits) {}

  static ConnectionsView of(ReplayResult result, References references) {
    List<Choice> choices = new ArrayList<>();
    for (Map.Entry<FlowVerdict, Long> each : result.flows().byVerdict().entrySet()) {
      choices.add(new Choice(each.getKey().text(), Format.count(each.getValue())));
    }
    List<Row> rows = new ArrayList<>();
    List<Flow> flows = result.flows().flows();
    for (Flow flow : flows.subList(0, Math.min(MAX_ROWS, flows.size()))) {
      rows.add(row(FlowRow.of(flow, result.names()), result.firstNs(), references));
    }
    long left = result.flows().count() - rows.size();
    String more =
        left == 0
            ? null
            : Format.count(left) + " more are not in this page; --flows FILE writes all of them.";
    return new ConnectionsView(
        Format.count(result.flows().count()), more, List.copyOf(choices), List.copyOf(rows));
  }

  private static Row row(FlowRow f, long startNs, References references) {
    List<Page.Reference> hits = new ArrayList<>();
    for (String hit : f.hits()) {
      if (!hit.equals(f.rule()) && !hit.equals(f.blockedBy())) {
        hits.add(references.get(hit));
      }
    }
    String blockedBy =
        f.blockedBy() == null || f.blockedBy().equals(f.rule()) ? null : f.blockedBy();
    return new Row(
        f.verdict().text(),
        detail(f),
        f.protocol(),
        f.source(),
        f.sourceBecame(),
        f.destination(),
        f.destinationBecame(),
        way(f),
        Format.count(f.packets()[0]) + " / " + Format.count(f.packets()[1]),
        f.packets()[0] + f.packets()[1],
        Format.bytes(f.bytes()[0] + f.bytes()[1]),
        f.bytes()[0] + f.bytes()[1],
        Format.seconds(f.firstNs() - startNs),
        f.frame(),
        references.get(f.rule()),
        references.get(blockedBy),
        List.copyOf(hits));
  }

  private static String detail(FlowRow f) {
    List<String> parts = new ArrayList<>();
    if (!f.fates().isEmpty()) {
      parts.add(f.fates());
    }
    if (f.undecided()) {
      parts.add("undecided");
    }
    if (f.kind() != FlowKind.TRACKED && f.kind() != FlowKind.NEW) {
      parts.add(f.kind().text());
    } else if (!f.state().isEmpty()) {
      parts.add(f.state());
    }
    return String.join("; ", parts);
  }

  private static String way(FlowRow f) {
    String in = f.in().isEmpty() ? "(host)" : f.in();
    String out = f.out().isEmpty() ? "(host)" : f.out();
    boolean stopped = f.out().isEmpty() && f.verdict() != FlowVerdict.DELIVERED;
    return stopped ? in : in + " \u2192 " + out;
  }
}
