package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fwreplay.report.flow.FlowRow;
import org.fwreplay.report.flow.FlowVerdict;

/**
 * Who talks to whom, by verdict.
 *
 * @param of which connections are counted, in words; null for all
 * @param chart of the ways, null where there are none
 * @param ways from interface to interface
 * @param pairs of hosts, those with the most connections first
 */
public record TrafficView(
    String of, WaysChart chart, List<Way> ways, List<Pair> pairs, String more) {
  private static final int MAX_PAIRS = 60;
  private static final int MAX_WAYS = 60;
  private static final int MAX_SERVICES = 4;

  /**
   * Connections from an interface to another with one verdict.
   *
   * @param in as the script knows it, likewise {@code out} and {@code verdict}
   */
  public record Way(
      String in,
      String out,
      String verdict,
      long count,
      String connections,
      String packets,
      String bytes) {}

  /**
   * Two hosts.
   *
   * @param services protocols and destination ports, the most used first
   * @param segments of a bar: connections by verdict
   * @param verdicts the same in words
   */
  public record Pair(
      String source,
      String destination,
      String services,
      List<Page.Segment> segments,
      String verdicts,
      String connections,
      String bytes) {}

  private record WayKey(String in, String out, FlowVerdict verdict) {}

  private record PairKey(String source, String destination) {}

  /** Sums over some connections. */
  private static final class Sum {
    long connections;
    long packets;
    long bytes;
    final Map<FlowVerdict, Long> verdicts = new TreeMap<>();
    final Map<String, Long> services = new LinkedHashMap<>();

    void add(FlowRow row) {
      connections++;
      packets += row.packets()[0] + row.packets()[1];
      bytes += row.bytes()[0] + row.bytes()[1];
      verdicts.merge(row.verdict(), 1L, Long::sum);
    }

    long connections() {
      return connections;
    }
  }

  /**
   * What is to be seen of some connections.
   *
   * @param all how many there are
   */
  static TrafficView of(List<FlowRow> rows, long all) {
    Map<WayKey, Sum> ways = new LinkedHashMap<>();
    Map<PairKey, Sum> pairs = new LinkedHashMap<>();
    for (FlowRow row : rows) {
      WayKey way = new WayKey(in(row), out(row), row.verdict());
      ways.computeIfAbsent(way, k -> new Sum()).add(row);
      String source = FlowRow.address(row.source());
      String destination = FlowRow.address(row.destination());
      Sum pair = pairs.computeIfAbsent(new PairKey(source, destination), k -> new Sum());
      pair.add(row);
      pair.services.merge(service(row), 1L, Long::sum);
    }
    List<Way> allWays = most(ways).map(each -> way(each.getKey(), each.getValue())).toList();
    long highest = pairs.values().stream().mapToLong(Sum::connections).max().orElse(0);
    return new TrafficView(
        rows.size() == all
            ? null
            : "The first "
                + Format.count(rows.size())
                + " of "
                + Format.count(all)
                + " connections are counted.",
        WaysChart.of(allWays),
        allWays.subList(0, Math.min(allWays.size(), MAX_WAYS)),
        most(pairs)
            .limit(MAX_PAIRS)
            .map(each -> pair(each.getKey(), each.getValue(), highest))
            .toList(),
        Format.more(pairs.size() - MAX_PAIRS));
  }

  private static <K> java.util.stream.Stream<Map.Entry<K, Sum>> most(Map<K, Sum> sums) {
    return sums.entrySet().stream()
        .sorted(Comparator.comparingLong(each -> -each.getValue().connections));
  }

  /** Where a connection's first packet came from. */
  static String in(FlowRow row) {
    return row.in().isEmpty() ? "(host)" : row.in();
  }

  /** Where it went; what was stopped went nowhere. */
  static String out(FlowRow row) {
    return switch (row.verdict()) {
      case DELIVERED -> "(host)";
      case DROPPED, REJECTED, LOST -> "";
      default -> row.out().isEmpty() ? "(host)" : row.out();
    };
  }

  private static String service(FlowRow row) {
    int port = FlowRow.port(row.destination());
    return port < 0 ? row.protocol() : row.protocol() + " " + port;
  }

  private static Way way(WayKey key, Sum sum) {
    return new Way(
        key.in(),
        key.out(),
        key.verdict().text(),
        sum.connections,
        Format.count(sum.connections),
        Format.count(sum.packets),
        Format.bytes(sum.bytes));
  }

  private static Pair pair(PairKey key, Sum sum, long highest) {
    List<String> services =
        new ArrayList<>(
            sum.services.entrySet().stream()
                .sorted(Comparator.comparingLong(each -> -each.getValue()))
                .limit(MAX_SERVICES)
                .map(Map.Entry::getKey)
                .toList());
    if (sum.services.size() > MAX_SERVICES) {
      services.add("and " + Format.count(sum.services.size() - MAX_SERVICES) + " more");
    }
    Map<String, Long> verdicts = new LinkedHashMap<>();
    sum.verdicts.forEach((verdict, count) -> verdicts.put(verdict.text(), count));
    List<Page.Segment> segments = Styles.segments(verdicts, highest);
    return new Pair(
        key.source(),
        key.destination(),
        String.join(", ", services),
        segments,
        String.join(", ", segments.stream().map(Page.Segment::label).toList()),
        Format.count(sum.connections),
        Format.bytes(sum.bytes));
  }
}
