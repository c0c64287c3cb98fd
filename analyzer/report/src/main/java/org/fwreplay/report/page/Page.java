package org.fwreplay.report.page;

import java.util.List;

/**
 * What the page shows, in the words and numbers that it shows. Everything in here may come from
 * captures and rulesets; the templates escape it.
 *
 * @param heading what was replayed
 * @param when first and last frame
 * @param setting host, seed and version
 * @param reality null where the captures do not hold what left
 * @param connections how many there are
 * @param more what of them is not in the page, in words; null for nothing
 * @param data the connections, for the script: {@link Grid}
 */
public record Page(
    String heading,
    String when,
    String setting,
    SummaryView summary,
    TrafficView traffic,
    RealityView reality,
    List<RulesetView> rulesets,
    String connections,
    String more,
    NatView nat,
    DnsView dns,
    HelpersView helpers,
    TriggersView triggers,
    LogView log,
    String data) {

  /** The same with its connections. */
  Page withConnections(String moreOfThem, String json) {
    return new Page(
        heading,
        when,
        setting,
        summary,
        traffic,
        reality,
        rulesets,
        connections,
        moreOfThem,
        nat,
        dns,
        helpers,
        triggers,
        log,
        json);
  }

  /** A number that stands for itself. */
  public record Fact(String value, String label) {
    static Fact of(long n, String one, String many) {
      return new Fact(Format.count(n), n == 1 ? one : many);
    }
  }

  /** A part of a bar, of which the parts lie side by side: in per cent. */
  public record Segment(String style, String label, String x, String width) {}

  /** Some packets with one fate. */
  public record Part(String style, String text) {}

  /**
   * A rule, or the end of a chain, to refer to.
   *
   * @param anchor where it stands in the page
   * @param label the line of its text in words, or whose policy it is
   * @param title its text
   */
  public record Reference(String anchor, String label, String title) {}
}
