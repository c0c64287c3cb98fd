package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.report.flow.FlowRow;

/** NAT, summed up by addresses. */
public record NatView(List<Translation> rows, String more) {
  private static final int MAX_ROWS = 300;

  /** What NAT made of an address. */
  public record Translation(
      String kind, String protocol, String from, String to, String connections, String packets) {}

  private record Key(String kind, String protocol, String from, String to) {}

  static NatView of(List<FlowRow> flows) {
    Map<Key, long[]> sums = new LinkedHashMap<>();
    for (FlowRow row : flows) {
      if (!row.sourceBecame().isEmpty()) {
        String from = FlowRow.address(row.source());
        String to = FlowRow.address(row.sourceBecame());
        add(sums, new Key("SNAT", "", from, to), row);
      }
      if (!row.destinationBecame().isEmpty()) {
        String from = row.destination();
        add(sums, new Key("DNAT", row.protocol(), from, row.destinationBecame()), row);
      }
    }
    List<Translation> rows = new ArrayList<>();
    sums.entrySet().stream()
        .limit(MAX_ROWS)
        .forEach(each -> rows.add(row(each.getKey(), each.getValue())));
    return new NatView(rows, Format.more(sums.size() - rows.size()));
  }

  private static Translation row(Key key, long[] sum) {
    String connections = Format.count(sum[0]);
    return new Translation(
        key.kind(), key.protocol(), key.from(), key.to(), connections, Format.count(sum[1]));
  }

  private static void add(Map<Key, long[]> sums, Key key, FlowRow row) {
    long[] sum = sums.computeIfAbsent(key, k -> new long[2]);
    sum[0]++;
    sum[1] += row.packets()[0] + row.packets()[1];
  }
}
