package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.fwreplay.hook.Fate;
import org.fwreplay.host.NetInterface;
import org.fwreplay.replay.CaptureRead;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.RulesetResult;
import org.fwreplay.report.Totals;
import org.fwreplay.report.flow.RunNames;

/**
 * What a run comes to.
 *
 * @param problems captures that ended early
 * @param warnings what there is to say about the rulesets
 * @param undecided rules of which the captures cannot tell if they match
 * @param undecidedFrames how many hang on those, in words
 * @param assumptions what was taken for granted
 * @param segments of the bar of all frames
 * @param made what the host sent by itself
 */
public record SummaryView(
    List<String> problems,
    List<String> warnings,
    List<Page.Reference> undecided,
    String undecidedFrames,
    List<String> assumptions,
    List<Page.Fact> facts,
    List<Page.Segment> segments,
    TimelineView timeline,
    List<Line> fates,
    List<Line> made,
    List<Capture> captures,
    List<Traffic> interfaces,
    List<Line> protocols) {
  private static final int MAX_REMARKS = 100;

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

  static SummaryView of(ReplayResult result, References references) {
    Totals totals = result.totals();
    List<Page.Reference> undecided = new ArrayList<>();
    for (RulesetResult ruleset : result.rulesets()) {
      ruleset.rules().stream()
          .filter(RulesetResult.RuleResult::undecided)
          .limit(MAX_REMARKS)
          .forEach(rule -> undecided.add(references.get(rule.id())));
    }
    return new SummaryView(
        remarks(result.problems()),
        remarks(result.setup().warnings()),
        undecided,
        Format.count(totals.undecided().packets(), "frame hangs", "frames hang"),
        remarks(result.assumptions()),
        facts(result),
        segments(totals),
        TimelineView.of(result.timeline()),
        fates(totals::of, totals.frames().packets()),
        fates(totals::made, 0),
        captures(result),
        interfaces(result),
        protocols(totals));
  }

  private static List<String> remarks(List<?> remarks) {
    List<String> lines = new ArrayList<>();
    remarks.stream().limit(MAX_REMARKS).forEach(remark -> lines.add(remark.toString()));
    if (remarks.size() > MAX_REMARKS) {
      lines.add("and " + Format.count(remarks.size() - MAX_REMARKS) + " more");
    }
    return lines;
  }

  private static List<Page.Fact> facts(ReplayResult result) {
    Totals totals = result.totals();
    List<Page.Fact> facts = new ArrayList<>();
    facts.add(Page.Fact.of(totals.frames().packets(), "frame", "frames"));
    facts.add(new Page.Fact(Format.bytes(totals.frames().bytes()), "of IP"));
    facts.add(Page.Fact.of(result.connections(), "connection tracked", "connections tracked"));
    long rules = 0;
    long idle = 0;
    for (RulesetResult ruleset : result.rulesets()) {
      rules += ruleset.rules().size();
      idle += ruleset.rules().stream().filter(rule -> rule.packets() == 0).count();
    }
    if (rules > 0) {
      facts.add(
          new Page.Fact(Format.count(idle) + " of " + Format.count(rules), "rules never hit"));
    }
    if (!totals.undecided().isEmpty()) {
      facts.add(Page.Fact.of(totals.undecided().packets(), "frame undecided", "frames undecided"));
    }
    return facts;
  }

  private static List<Page.Segment> segments(Totals totals) {
    List<Page.Segment> segments = new ArrayList<>();
    double all = totals.frames().packets();
    long before = 0;
    for (Fate fate : Fate.values()) {
      long packets = totals.of(fate).packets();
      if (packets > 0) {
        segments.add(
            new Page.Segment(
                Styles.of(fate),
                fate.text() + ": " + Format.count(packets),
                Format.percent(before, all),
                Format.percent(packets, all)));
        before += packets;
      }
    }
    return segments;
  }

  private static List<Line> fates(Function<Fate, Totals.Count> counts, long all) {
    List<Line> lines = new ArrayList<>();
    for (Fate fate : Fate.values()) {
      Totals.Count count = counts.apply(fate);
      if (!count.isEmpty()) {
        lines.add(line(Styles.of(fate), fate.text(), count, all));
      }
    }
    return lines;
  }

  private static Line line(String style, String label, Totals.Count count, long all) {
    String share = all == 0 ? "" : Format.share(count.packets(), all);
    return new Line(
        style, label, Format.count(count.packets()), Format.bytes(count.bytes()), share);
  }

  private static List<Capture> captures(ReplayResult result) {
    List<Capture> captures = new ArrayList<>();
    for (CaptureRead read : result.captures()) {
      String name = read.input().interfaceName();
      String where = read.input().local() ? "sent by the host" : name == null ? "one point" : name;
      captures.add(new Capture(where, read.name(), Format.count(read.packets()), read.format()));
    }
    return captures;
  }

  private static List<Traffic> interfaces(ReplayResult result) {
    List<Traffic> interfaces = new ArrayList<>();
    for (NetInterface each : result.interfaces()) {
      Totals.Count in = result.totals().in(each.id());
      Totals.Count out = result.totals().out(each.id());
      if (!in.isEmpty() || !out.isEmpty()) {
        interfaces.add(
            new Traffic(
                each.name(),
                Format.count(in.packets()),
                Format.bytes(in.bytes()),
                Format.count(out.packets()),
                Format.bytes(out.bytes())));
      }
    }
    return interfaces;
  }

  private static List<Line> protocols(Totals totals) {
    List<Line> lines = new ArrayList<>();
    for (boolean ipv6 : new boolean[] {false, true}) {
      for (int protocol = -1; protocol < 256; protocol++) {
        Totals.Count count = totals.protocol(ipv6, protocol);
        if (!count.isEmpty()) {
          String name = (ipv6 ? "IPv6 " : "IPv4 ") + RunNames.protocol(protocol);
          lines.add(line("", name, count, totals.frames().packets()));
        }
      }
    }
    return lines;
  }
}
