package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Connections as bands from where they came in to where they went: in px from the top, in per cent
 * from the left.
 *
 * @param left where they came in, likewise {@code right}
 */
public record WaysChart(int height, List<Label> left, List<Label> right, List<Band> bands) {
  /** So many interfaces stand on a side, the others together. */
  private static final int MAX_ENDS = 9;

  private static final int MAX_LABEL = 18;
  private static final double GAP = 14;
  private static final double BANDS_HEIGHT = 150;
  private static final double THINNEST = 2;

  /**
   * An end of bands.
   *
   * @param y of the middle of its text
   * @param top of its mark
   */
  public record Label(String text, String count, String y, String top, String height) {}

  /** A band. */
  public record Band(String style, String label, String path) {}

  /** An end while it is put together. */
  private static final class End {
    final String name;
    long count;
    double top;
    double height;
    double used;

    End(String name) {
      this.name = name;
    }
  }

  /** Null where there is nothing to draw. */
  static WaysChart of(List<TrafficView.Way> ways) {
    if (ways.isEmpty()) {
      return null;
    }
    double all = ways.stream().mapToLong(TrafficView.Way::count).sum();
    Map<String, End> left = ends(ways, TrafficView.Way::in);
    Map<String, End> right = ends(ways, WaysChart::goal);
    Map<TrafficView.Way, Double> thick = new LinkedHashMap<>();
    for (TrafficView.Way way : ways) {
      double height = Math.max(THINNEST, BANDS_HEIGHT * way.count() / all);
      thick.put(way, height);
      left.get(way.in()).height += height;
      right.get(goal(way)).height += height;
    }
    double height = Math.max(place(left), place(right));
    List<Band> bands = new ArrayList<>();
    List<TrafficView.Way> order = new ArrayList<>(ways);
    order.sort(java.util.Comparator.comparingDouble(way -> right.get(goal(way)).top));
    for (TrafficView.Way way : order) {
      bands.add(band(way, thick.get(way), left.get(way.in()), right.get(goal(way))));
    }
    return new WaysChart((int) Math.ceil(height), labels(left), labels(right), bands);
  }

  /** Where a way leads, or what became of its connections. */
  private static String goal(TrafficView.Way way) {
    return way.out().isEmpty() ? way.verdict() : way.out();
  }

  private static Map<String, End> ends(
      List<TrafficView.Way> ways, Function<TrafficView.Way, String> name) {
    Map<String, End> ends = new LinkedHashMap<>();
    End others = new End("others");
    for (TrafficView.Way way : ways) {
      End end =
          ends.computeIfAbsent(
              name.apply(way),
              k -> ends.values().stream().distinct().count() < MAX_ENDS ? new End(k) : others);
      end.count += way.count();
    }
    return ends;
  }

  /** Puts the ends below each other; how much height they take. */
  private static double place(Map<String, End> ends) {
    double y = 0;
    for (End end : ends.values().stream().distinct().toList()) {
      end.top = y + GAP / 2;
      y += Math.max(end.height, GAP) + GAP;
    }
    return y;
  }

  private static Band band(TrafficView.Way way, double height, End from, End to) {
    double y0 = from.top + from.used;
    double y1 = to.top + to.used;
    from.used += height;
    to.used += height;
    String path =
        String.format(
            Locale.ROOT,
            "M0 %.1fC50 %.1f 50 %.1f 100 %.1fV%.1fC50 %.1f 50 %.1f 0 %.1fZ",
            y0,
            y0,
            y1,
            y1,
            y1 + height,
            y1 + height,
            y0 + height,
            y0 + height);
    String label =
        way.in()
            + " \u2192 "
            + (way.out().isEmpty() ? "" : way.out() + ", ")
            + way.verdict()
            + ": "
            + Format.count(way.count(), "connection", "connections");
    return new Band(way.verdict(), label, path);
  }

  private static List<Label> labels(Map<String, End> ends) {
    return ends.values().stream()
        .distinct()
        .map(
            end ->
                new Label(
                    brief(end.name),
                    Format.count(end.count),
                    number(end.top + Math.max(end.height, 1) / 2),
                    number(end.top),
                    number(end.height)))
        .toList();
  }

  private static String brief(String name) {
    return name.length() <= MAX_LABEL ? name : name.substring(0, MAX_LABEL - 1) + "\u2026";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
