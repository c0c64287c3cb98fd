package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.fwreplay.hook.Fate;

/** The names of the page's colours, and what is drawn in them. */
final class Styles {
  private Styles() {}

  /** The colour of a fate: that of the verdict on a flow with such packets. */
  static String of(Fate fate) {
    return switch (fate) {
      case FORWARDED -> "passed";
      case DELIVERED -> "delivered";
      case SENT -> "sent";
      case DROPPED -> "dropped";
      case REJECTED -> "rejected";
      default -> "lost";
    };
  }

  /** The colour of a rule's target. */
  static String ofTarget(String target) {
    return switch (target) {
      case "ACCEPT", "MASQ" -> "passed";
      case "DROP", "DENY" -> "dropped";
      case "REJECT" -> "rejected";
      default -> "other";
    };
  }

  /** Packets by fate in words; fates that none had are not there. */
  static List<Page.Part> parts(ToLongFunction<Fate> counts) {
    List<Page.Part> parts = new ArrayList<>();
    for (Fate fate : Fate.values()) {
      long packets = counts.applyAsLong(fate);
      if (packets > 0) {
        parts.add(new Page.Part(of(fate), Format.count(packets) + " " + fate.text()));
      }
    }
    return parts;
  }

  /** Numbers by colour as parts of one bar. */
  static List<Page.Segment> segments(Map<String, Long> counts, double whole) {
    List<Page.Segment> segments = new ArrayList<>();
    long before = 0;
    for (Map.Entry<String, Long> each : counts.entrySet()) {
      segments.add(
          new Page.Segment(
              each.getKey(),
              Format.count(each.getValue()) + " " + each.getKey(),
              Format.percent(before, whole),
              Format.percent(each.getValue(), whole)));
      before += each.getValue();
    }
    return segments;
  }

  static long sum(Collection<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).sum();
  }
}
