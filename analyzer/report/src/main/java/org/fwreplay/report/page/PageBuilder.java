package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.fwreplay.hook.Fate;
import org.fwreplay.host.NetInterface;
import org.fwreplay.replay.CaptureRead;
import org.fwreplay.report.DnsQuestions;
import org.fwreplay.report.LogLines;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.RulesetResult;
import org.fwreplay.report.Timeline;
import org.fwreplay.report.Totals;
import org.fwreplay.report.flow.Flow;
import org.fwreplay.report.flow.FlowRow;
import org.fwreplay.report.flow.RunNames;
import org.fwreplay.report.flow.Timestamps;

/** Puts a result into the words and numbers of the page. */
final class PageBuilder {
  private static final int MAX_REMARKS = 100;
  private static final int MAX_TRANSLATIONS = 300;
  private static final int MAX_QUESTIONS = 500;
  private static final int MAX_LOG_LINES = 200;

  private final ReplayResult result;
  private final Totals totals;
  private final References references;
  private final long allPackets;

  PageBuilder(ReplayResult result) {
    this.result = result;
    totals = result.totals();
    references = new References(result.rulesets());
    long made = 0;
    for (Fate fate : Fate.values()) {
      made += totals.made(fate).packets();
    }
    allPackets = totals.frames().packets() + made;
  }

  Page build() {
    return new Page(
        heading(),
        when(),
        setting(),
        remarks(result.problems()),
        remarks(result.setup().warnings()),
        remarks(result.assumptions()),
        facts(),
        segments(),
        timeline(),
        fates(totals::of, totals.frames().packets()),
        fates(totals::made, 0),
        captures(),
        interfaces(),
        protocols(),
        result.rulesets().stream().map(r -> RulesetView.of(r, references, allPackets)).toList(),
        ConnectionsView.of(result, references),
        nat(),
        dns(),
        HelpersView.of(result),
        log());
  }

  // -- what was replayed -------------------------------------------------------------------------

  private String heading() {
    StringJoiner files = new StringJoiner(" and ");
    result.rulesets().forEach(ruleset -> files.add(ruleset.file()));
    String rules = result.rulesets().isEmpty() ? "no rules" : files.toString();
    return Format.count(totals.frames().packets(), "frame", "frames") + " through " + rules;
  }

  private String when() {
    if (totals.frames().isEmpty()) {
      return "no frames";
    }
    String first = Timestamps.iso(result.firstNs()).replace('T', ' ').replaceFirst("\\.\\d+Z", "");
    return first + " UTC, " + Format.seconds(result.lastNs() - result.firstNs());
  }

  private String setting() {
    String host = result.setup().host();
    return (host == null ? "host guessed" : "host " + host)
        + ", seed "
        + result.seed()
        + ", fwreplay "
        + result.setup().version();
  }

  private static List<String> remarks(List<?> remarks) {
    List<String> lines = new ArrayList<>();
    remarks.stream().limit(MAX_REMARKS).forEach(remark -> lines.add(remark.toString()));
    if (remarks.size() > MAX_REMARKS) {
      lines.add("and " + Format.count(remarks.size() - MAX_REMARKS) + " more");
    }
    return lines;
  }

  private List<Page.Capture> captures() {
    List<Page.Capture> captures = new ArrayList<>();
    for (CaptureRead read : result.captures()) {
      String name = read.input().interfaceName();
      String where = read.input().local() ? "sent by the host" : name == null ? "one point" : name;
      captures.add(
          new Page.Capture(where, read.name(), Format.count(read.packets()), read.format()));
    }
    return captures;
  }

  // -- sums --------------------------------------------------------------------------------------

  private List<Page.Fact> facts() {
    List<Page.Fact> facts = new ArrayList<>();
    facts.add(fact(totals.frames().packets(), "frame", "frames"));
    facts.add(new Page.Fact(Format.bytes(totals.frames().bytes()), "of IP"));
    facts.add(fact(result.connections(), "connection tracked", "connections tracked"));
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
      facts.add(fact(totals.undecided().packets(), "frame undecided", "frames undecided"));
    }
    return facts;
  }

  private static Page.Fact fact(long n, String one, String many) {
    return new Page.Fact(Format.count(n), n == 1 ? one : many);
  }

  /** The colour of a fate: that of the verdict on a flow with such packets. */
  static String style(Fate fate) {
    return switch (fate) {
      case FORWARDED -> "passed";
      case DELIVERED -> "delivered";
      case SENT -> "sent";
      case DROPPED -> "dropped";
      case REJECTED -> "rejected";
      default -> "lost";
    };
  }

  private List<Page.Segment> segments() {
    List<Page.Segment> segments = new ArrayList<>();
    double all = totals.frames().packets();
    long before = 0;
    for (Fate fate : Fate.values()) {
      long packets = totals.of(fate).packets();
      if (packets > 0) {
        segments.add(
            new Page.Segment(
                style(fate),
                fate.text() + ": " + Format.count(packets),
                Format.percent(before, all),
                Format.percent(packets, all)));
        before += packets;
      }
    }
    return segments;
  }

  /** Frames over time; null where all are in one span. */
  private Page.Chart timeline() {
    Timeline t = result.timeline();
    if (t.spans() < 2) {
      return null;
    }
    long highest = 0;
    for (int span = 0; span < t.spans(); span++) {
      highest = Math.max(highest, sum(t, span));
    }
    List<Page.Bar> bars = new ArrayList<>();
    for (int span = 0; span < t.spans(); span++) {
      bars(t, span, highest, bars);
    }
    String caption =
        "A bar is "
            + Format.seconds(t.spanNs())
            + ", the highest has "
            + Format.count(highest, "frame", "frames");
    return new Page.Chart(caption, bars);
  }

  private static long sum(Timeline t, int span) {
    long sum = 0;
    for (Fate fate : Fate.values()) {
      sum += t.packets(fate, span);
    }
    return sum;
  }

  private static void bars(Timeline t, int span, long highest, List<Page.Bar> bars) {
    long below = 0;
    for (Fate fate : Fate.values()) {
      long packets = t.packets(fate, span);
      if (packets > 0) {
        below += packets;
        bars.add(
            new Page.Bar(
                style(fate),
                Format.seconds(span * t.spanNs())
                    + ": "
                    + Format.count(packets)
                    + " "
                    + fate.text(),
                Format.percent(span, t.spans()),
                Format.percent(highest - below, highest),
                Format.percent(1, t.spans()),
                Format.percent(packets, highest)));
      }
    }
  }

  private static List<Page.Line> fates(Function<Fate, Totals.Count> counts, long all) {
    List<Page.Line> lines = new ArrayList<>();
    for (Fate fate : Fate.values()) {
      Totals.Count count = counts.apply(fate);
      if (!count.isEmpty()) {
        lines.add(line(style(fate), fate.text(), count, all));
      }
    }
    return lines;
  }

  private static Page.Line line(String style, String label, Totals.Count count, long all) {
    String share = all == 0 ? "" : Format.share(count.packets(), all);
    return new Page.Line(
        style, label, Format.count(count.packets()), Format.bytes(count.bytes()), share);
  }

  private List<Page.Traffic> interfaces() {
    List<Page.Traffic> interfaces = new ArrayList<>();
    for (NetInterface each : result.interfaces()) {
      Totals.Count in = totals.in(each.id());
      Totals.Count out = totals.out(each.id());
      if (!in.isEmpty() || !out.isEmpty()) {
        interfaces.add(
            new Page.Traffic(
                each.name(),
                Format.count(in.packets()),
                Format.bytes(in.bytes()),
                Format.count(out.packets()),
                Format.bytes(out.bytes())));
      }
    }
    return interfaces;
  }

  private List<Page.Line> protocols() {
    List<Page.Line> lines = new ArrayList<>();
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

  // -- NAT, DNS, log -----------------------------------------------------------------------------

  private record Translated(String kind, String protocol, String from, String to) {}

  private Page.NatView nat() {
    Map<Translated, long[]> sums = new LinkedHashMap<>();
    for (Flow flow : result.flows().flows()) {
      if (!flow.isTranslated()) {
        continue;
      }
      FlowRow row = FlowRow.of(flow, result.names());
      if (!row.sourceBecame().isEmpty()) {
        String from = FlowRow.address(row.source());
        String to = FlowRow.address(row.sourceBecame());
        add(sums, new Translated("SNAT", "", from, to), row);
      }
      if (!row.destinationBecame().isEmpty()) {
        String from = row.destination();
        add(sums, new Translated("DNAT", row.protocol(), from, row.destinationBecame()), row);
      }
    }
    List<Page.Translation> rows = new ArrayList<>();
    sums.entrySet().stream()
        .limit(MAX_TRANSLATIONS)
        .forEach(
            each -> {
              Translated t = each.getKey();
              long[] sum = each.getValue();
              rows.add(
                  new Page.Translation(
                      t.kind(),
                      t.protocol(),
                      t.from(),
                      t.to(),
                      Format.count(sum[0]),
                      Format.count(sum[1])));
            });
    return new Page.NatView(rows, more(sums.size() - rows.size()));
  }

  private static void add(Map<Translated, long[]> sums, Translated key, FlowRow row) {
    long[] sum = sums.computeIfAbsent(key, k -> new long[2]);
    sum[0]++;
    sum[1] += row.packets()[0] + row.packets()[1];
  }

  static String more(long left) {
    return left <= 0 ? null : Format.count(left) + " more are not in this page.";
  }

  private Page.DnsView dns() {
    List<DnsQuestions.Question> questions = result.dns().questions();
    List<Page.Question> rows = new ArrayList<>();
    for (DnsQuestions.Question q :
        questions.subList(0, Math.min(questions.size(), MAX_QUESTIONS))) {
      rows.add(
          new Page.Question(
              q.name(),
              q.type(),
              q.flow() == 0 ? "" : Format.count(q.flow()),
              parts(q::queries),
              parts(q::responses),
              answers(q),
              Format.count(q.firstFrame())));
    }
    long left = questions.size() - rows.size() + result.dns().leftOut();
    return new Page.DnsView(rows, more(left));
  }

  private static String answers(DnsQuestions.Question q) {
    return q.answers().isEmpty() ? String.join(", ", q.codes()) : String.join(", ", q.answers());
  }

  private static List<Page.Part> parts(ToLongFunction<Fate> counts) {
    List<Page.Part> parts = new ArrayList<>();
    for (Fate fate : Fate.values()) {
      long packets = counts.applyAsLong(fate);
      if (packets > 0) {
        parts.add(new Page.Part(style(fate), Format.count(packets) + " " + fate.text()));
      }
    }
    return parts;
  }

  private Page.LogView log() {
    List<Page.LogLine> rows = new ArrayList<>();
    for (LogLines.Line line : result.log().lines()) {
      if (rows.size() < MAX_LOG_LINES) {
        rows.add(
            new Page.LogLine(
                Format.seconds(line.timeNs() - result.firstNs()),
                Format.count(line.frame()),
                references.get(line.rule()),
                line.text()));
      }
    }
    long count = result.log().size();
    return new Page.LogView(rows, Format.count(count), more(count - rows.size()));
  }
}
