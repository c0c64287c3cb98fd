package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.fwreplay.hook.Fate;
import org.fwreplay.report.Timeline;

/**
 * Frames over time by what became of them.
 *
 * @param caption how long a bar is
 * @param highest how many frames the highest bar has; {@code half} of them
 * @param times below the chart, from left to right
 * @param spans its bars
 */
public record TimelineView(
    String caption, String highest, String half, List<String> times, List<Span> spans) {
  private static final int TIMES = 5;

  /**
   * A bar: where it stands, in per cent, and what it says.
   *
   * @param bars its parts
   */
  public record Span(String label, String x, String width, List<Bar> bars) {}

  /** A part of a bar, in per cent from the top. */
  public record Bar(String style, String y, String height) {}

  /** Null where all frames are in one span. */
  static TimelineView of(Timeline t) {
    if (t.spans() < 2) {
      return null;
    }
    long highest = 2;
    for (int span = 0; span < t.spans(); span++) {
      highest = Math.max(highest, Styles.sum(byStyle(t, span).values()));
    }
    highest += highest % 2;
    List<Span> spans = new ArrayList<>();
    for (int span = 0; span < t.spans(); span++) {
      Map<String, Long> counts = byStyle(t, span);
      if (!counts.isEmpty()) {
        spans.add(span(t, span, counts, highest));
      }
    }
    List<String> times = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      times.add(Format.seconds(t.spans() * t.spanNs() / (TIMES - 1) * i));
    }
    return new TimelineView(
        "Frames over time; a bar is " + Format.seconds(t.spanNs()),
        Format.count(highest),
        Format.count(highest / 2),
        times,
        spans);
  }

  private static Span span(Timeline t, int span, Map<String, Long> counts, long highest) {
    List<Bar> bars = new ArrayList<>();
    long below = 0;
    for (Map.Entry<String, Long> each : counts.entrySet()) {
      below += each.getValue();
      bars.add(
          new Bar(
              each.getKey(),
              Format.percent(highest - below, highest),
              Format.percent(each.getValue(), highest)));
    }
    StringJoiner label = new StringJoiner(", ");
    for (Fate fate : Fate.values()) {
      if (t.packets(fate, span) > 0) {
        label.add(Format.count(t.packets(fate, span)) + " " + fate.text());
      }
    }
    return new Span(
        Format.seconds(span * t.spanNs()) + ": " + label,
        Format.percent(span, t.spans()),
        Format.percent(1, t.spans()),
        bars);
  }

  /** Frames of a span by colour; those that passed lie below. */
  private static Map<String, Long> byStyle(Timeline t, int span) {
    List<String> order = new ArrayList<>();
    for (Fate fate : Fate.values()) {
      if (!order.contains(Styles.of(fate))) {
        order.add(Styles.of(fate));
      }
    }
    Map<String, Long> counts = new TreeMap<>(java.util.Comparator.comparingInt(order::indexOf));
    for (Fate fate : Fate.values()) {
      if (t.packets(fate, span) > 0) {
        counts.merge(Styles.of(fate), t.packets(fate, span), Long::sum);
      }
    }
    return counts;
  }
}
