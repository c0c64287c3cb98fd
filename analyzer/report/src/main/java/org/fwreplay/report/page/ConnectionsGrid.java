package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.report.flow.FlowKind;
import org.fwreplay.report.flow.FlowRow;

/** The connections as a table for the script. */
final class ConnectionsGrid {
  private final long startNs;
  private final References references;

  private ConnectionsGrid(long startNs, References references) {
    this.startNs = startNs;
    this.references = references;
  }

  /**
   * The table of some connections.
   *
   * @param startNs from which their times count
   */
  static Grid<FlowRow> of(List<FlowRow> rows, long startNs, References references) {
    return new Grid<>(rows, new ConnectionsGrid(startNs, references).columns());
  }

  private List<Column<FlowRow>> columns() {
    return List.of(
        Column.verdict(
            "verdict", "Verdict", row -> row.verdict().text(), row -> row.verdict().text()),
        Column.<FlowRow>words("detail", "Fates", ConnectionsGrid::detail).under("verdict", ""),
        Column.<FlowRow>words("protocol", "Protocol", FlowRow::protocol).toChoose(),
        end("source", "From", FlowRow::source),
        end("sourceBecame", "Source became", FlowRow::sourceBecame).under("source", "as"),
        end("destination", "To", FlowRow::destination),
        end("destinationBecame", "Destination became", FlowRow::destinationBecame)
            .under("destination", "at"),
        Column.<FlowRow>words("in", "In", TrafficView::in).toChoose(),
        Column.<FlowRow>words("out", "Out", TrafficView::out).toChoose(),
        Column.pairs("packets", "Packets", row -> row.packets()[0], row -> row.packets()[1]),
        Column.bytes("bytes", "Bytes", row -> row.bytes()[0] + row.bytes()[1]),
        Column.<FlowRow>micros("at", "At", row -> (row.firstNs() - startNs) / 1000).rising(),
        Column.<FlowRow>numbers("frame", "Frame", FlowRow::frame).rising().inDetail(),
        Column.<FlowRow>micros("lasted", "Lasted", row -> (row.lastNs() - row.firstNs()) / 1000)
            .inDetail(),
        Column.places("rule", "Decided by", row -> references.get(row.rule())),
        Column.<FlowRow>places("blockedBy", "Blocked by", this::blockedBy).under("rule", "then"),
        Column.<FlowRow>numbers("id", "Number", FlowRow::id).rising().inDetail(),
        Column.<FlowRow>words("kind", "Kind", ConnectionsGrid::kind).inDetail(),
        Column.<FlowRow>words("helper", "Helper", FlowRow::helper).inDetail(),
        Column.<FlowRow>placeLists("hits", "Rules hit", this::hits).inDetail());
  }

  private static Column<FlowRow> end(
      String key, String title, java.util.function.Function<FlowRow, String> end) {
    return Column.ends(
        key, title, row -> FlowRow.address(end.apply(row)), row -> FlowRow.port(end.apply(row)));
  }

  private Page.Reference blockedBy(FlowRow row) {
    return row.blockedBy() == null || row.blockedBy().equals(row.rule())
        ? null
        : references.get(row.blockedBy());
  }

  private List<Page.Reference> hits(FlowRow row) {
    List<Page.Reference> hits = new ArrayList<>();
    row.hits().forEach(hit -> hits.add(references.get(hit)));
    return hits;
  }

  private static String detail(FlowRow row) {
    List<String> parts = new ArrayList<>();
    if (!row.fates().isEmpty()) {
      parts.add(row.fates());
    }
    if (row.undecided()) {
      parts.add("undecided");
    }
    if (row.kind() != FlowKind.TRACKED && row.kind() != FlowKind.NEW) {
      parts.add(row.kind().text());
    } else if (!row.state().isEmpty()) {
      parts.add(row.state());
    }
    return String.join("; ", parts);
  }

  private static String kind(FlowRow row) {
    return row.kind().text() + (row.state().isEmpty() ? "" : ", " + row.state());
  }
}
