package org.fwreplay.report.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.replay.Disagreement;
import org.fwreplay.replay.Reality;
import org.fwreplay.report.RealityText;
import org.fwreplay.report.ReplayResult;

/**
 * Model and reality: what left in the captures beside what the run had leave.
 *
 * @param left how many frames left in the captures, and where, in words
 * @param exact how many of them were predicted exactly
 * @param segments of the bar of both
 * @param madeUp what there is to say of arrivals that were made up; null for none
 */
public record RealityView(
    String left,
    String exact,
    String share,
    List<Page.Segment> segments,
    String madeUp,
    List<Row> rows,
    String more) {
  private static final int MAX_ROWS = 100;

  /** A kind of difference, with the first frame of it. */
  public record Row(
      String what,
      String frames,
      String frame,
      String at,
      String where,
      String packet,
      String captured,
      String model,
      Page.Reference rule) {}

  /** Null where no frame left in the captures. */
  static RealityView of(ReplayResult result, References references) {
    Reality reality = result.reality();
    if (reality == null || reality.left() == 0) {
      return null;
    }
    List<Disagreement> kinds = reality.kinds();
    List<Row> rows =
        kinds.stream().limit(MAX_ROWS).map(each -> row(each, result, references)).toList();
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("passed", reality.exact());
    parts.put("dropped", reality.left() - reality.exact());
    return new RealityView(
        Format.count(reality.left(), "frame", "frames")
            + " left at "
            + String.join(", ", reality.interfaces()),
        Format.count(reality.exact()),
        Format.share(reality.exact(), reality.left()),
        Styles.segments(parts, reality.left()),
        reality.madeUp() == 0
            ? null
            : Format.count(reality.madeUp(), "arrival was", "arrivals were")
                + " made up from frames that left; of those frames "
                + Format.count(reality.exactMadeUp())
                + " were predicted exactly.",
        rows,
        Format.more(kinds.size() - rows.size()));
  }

  private static Row row(Disagreement each, ReplayResult result, References references) {
    Disagreement.Example first = each.first();
    return new Row(
        RealityText.what(each),
        Format.count(each.frames()),
        Format.count(first.frame()),
        Format.seconds(first.timeNs() - result.firstNs()),
        result.names().interfaceName(first.interfaceId()),
        first.packet(),
        first.seen(),
        first.predicted(),
        references.get(result.names().place(each.ipv6(), each.place())));
  }
}
