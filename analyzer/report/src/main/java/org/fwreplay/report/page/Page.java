package org.fwreplay.report.page;

import java.util.List;

/**
 * What the page shows, in the words and numbers that it shows. Everything in here may come from
 * captures and rulesets; the templates escape it.
 *
 * @param heading what was replayed
 * @param when first and last frame
 * @param setting host, seed and version
 * @param problems captures that ended early
 * @param warnings what there is to say about the rulesets
 * @param assumptions what was taken for granted
 * @param made what the host sent by itself
 */
public record Page(
    String heading,
    String when,
    String setting,
    List<String> problems,
    List<String> warnings,
    List<String> assumptions,
    List<Fact> facts,
    List<Segment> segments,
    Chart timeline,
    List<Line> fates,
    List<Line> made,
    List<Capture> captures,
    List<Traffic> interfaces,
    List<Line> protocols,
    List<RulesetView> rulesets,
    ConnectionsView connections,
    NatView nat,
    DnsView dns,
    HelpersView helpers,
    LogView log) {

  /** A number that stands for itself. */
  public record Fact(String value, String label) {}

  /**
   * A part of the bar of all frames.
   *
   * @param style name of its colour
   * @param x where it begins, and how wide it is, in per cent
   */
  public record Segment(String style, String label, String x, String width) {}

  /**
   * Frames over time.
   *
   * @param caption how long a bar is, and how many frames the highest has
   */
  public record Chart(String caption, List<Bar> bars) {}

  /** A part of a bar: all in per cent of the chart, from the top left. */
  public record Bar(String style, String label, String x, String y, String width, String height) {}

  /**
   * Packets of one kind.
   *
   * @param style name of its colour, or empty
   */
  public record Line(String style, String label, String packets, String bytes, String share) {}

  /** A capture that was read. */
  public record Capture(String where, String file, String frames, String format) {}

  /** What came in and went out by an interface. */
  public record Traffic(String name, String in, String inBytes, String out, String outBytes) {}

  /**
   * A rule, or the end of a chain, to refer to.
   *
   * @param anchor where it stands in the page
   * @param label the line of its text in words, or whose policy it is
   * @param brief the line alone
   * @param title its text
   */
  public record Reference(String anchor, String label, String brief, String title) {}

  /** NAT, summed up by addresses. */
  public record NatView(List<Translation> rows, String more) {}

  /** What NAT made of an address. */
  public record Translation(
      String kind, String protocol, String from, String to, String connections, String packets) {}

  /** DNS questions. */
  public record DnsView(List<Question> rows, String more) {}

  /** A question with its answers and what became of its packets. */
  public record Question(
      String name,
      String type,
      String flow,
      List<Part> asked,
      List<Part> answered,
      String answers,
      String frame) {}

  /** Some packets with one fate. */
  public record Part(String style, String text) {}

  /** What LOG and NFLOG wrote. */
  public record LogView(List<LogLine> rows, String count, String more) {}

  /** A line of it. */
  public record LogLine(String at, String frame, Reference rule, String text) {}
}
