package org.fwreplay.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.hook.Fate;
import org.fwreplay.legacy.Trigger;
import org.fwreplay.replay.CaptureRead;
import org.fwreplay.replay.Disagreement;
import org.fwreplay.replay.Reality;
import org.fwreplay.report.flow.RunNames;
import org.fwreplay.report.flow.Timestamps;

/** The summary of a run for the terminal. */
public final class TextSummary {
  private static final int TOP_RULES = 10;
  private static final int MAX_REMARKS = 20;
  private static final double SECOND_NS = 1e9;

  private final ReplayResult result;
  private final PrintWriter out;

  private TextSummary(ReplayResult result, PrintWriter out) {
    this.result = result;
    this.out = out;
  }

  /**
   * Prints the summary.
   *
   * @param elapsedNs how long the run took
   */
  public static void print(ReplayResult result, long elapsedNs, PrintWriter out) {
    TextSummary summary = new TextSummary(result, out);
    summary.captures();
    summary.remarks("left out or doubtful", result.setup().warnings());
    summary.remarks("problems", result.problems());
    summary.remarks("assumed", result.assumptions());
    summary.fates();
    summary.reality();
    summary.rules();
    summary.triggers();
    summary.rate(elapsedNs);
    out.flush();
  }

  private void line(String format, Object... values) {
    out.print(Printable.format(format, values));
    out.print('\n');
  }

  private void captures() {
    int width = result.captures().stream().mapToInt(c -> c.name().length()).max().orElse(0);
    for (CaptureRead capture : result.captures()) {
      line(
          "%-8s %-" + Math.max(1, width) + "s  %,12d frames  %s",
          where(capture),
          capture.name(),
          capture.packets(),
          capture.format());
    }
    if (!result.totals().frames().isEmpty()) {
      double seconds = (result.lastNs() - result.firstNs()) / SECOND_NS;
      line("%s to %s, %,.3f s", micros(result.firstNs()), micros(result.lastNs()), seconds);
    }
  }

  private static String where(CaptureRead capture) {
    if (capture.input().local()) {
      return "(host)";
    }
    String name = capture.input().interfaceName();
    return name == null ? "(point)" : name;
  }

  private static String micros(long ns) {
    return Timestamps.iso(ns).replace('T', ' ').replaceFirst("\\d{3}Z$", "Z");
  }

  private void remarks(String title, List<?> remarks) {
    if (remarks.isEmpty()) {
      return;
    }
    line("");
    line("%s", title);
    remarks.stream().limit(MAX_REMARKS).forEach(remark -> line("  %s", remark));
    if (remarks.size() > MAX_REMARKS) {
      line("  and %,d more", remarks.size() - MAX_REMARKS);
    }
  }

  private void fates() {
    Totals totals = result.totals();
    line("");
    line("%-34s %12s %16s", "frames", "packets", "bytes");
    for (Fate fate : Fate.values()) {
      row(fate.text(), totals.of(fate));
    }
    row("all", totals.frames());
    row("of these undecided", totals.undecided());
    for (Fate fate : Fate.values()) {
      row("by the host itself: " + fate.text(), totals.made(fate));
    }
    if (result.connections() > 0) {
      line("%-34s %,12d", "connections tracked", result.connections());
    }
  }

  private void row(String name, Totals.Count count) {
    if (!count.isEmpty()) {
      line("  %-32s %,12d %,16d", name, count.packets(), count.bytes());
    }
  }

  private void reality() {
    Reality reality = result.reality();
    if (reality == null || reality.left() == 0) {
      return;
    }
    line("");
    String where = "model and reality at " + String.join(", ", reality.interfaces());
    line("%-34s %12s", where, "frames");
    line("  %-32s %,12d", "left in the captures", reality.left());
    double share = 100.0 * reality.exact() / reality.left();
    line("  %-32s %,12d  %.1f %%", "of these predicted exactly", reality.exact(), share);
    if (reality.madeUp() > 0) {
      line("  %-32s %,12d", "of these from made-up arrivals", reality.exactMadeUp());
    }
    reality.kinds().stream().limit(MAX_REMARKS).forEach(this::disagreement);
    if (reality.kinds().size() > MAX_REMARKS) {
      line("  and %,d kinds more", reality.kinds().size() - MAX_REMARKS);
    }
  }

  private void disagreement(Disagreement each) {
    line("  %-32s %,12d", RealityText.what(each), each.frames());
    line("    first: frame %d, %s", each.first().frame(), RealityText.first(each, result));
  }

  /** A rule or a policy that decided. */
  private record Decider(String what, SourcePosition position, long decided) {}

  private void rules() {
    List<Decider> deciders = new ArrayList<>();
    int rules = 0;
    int idle = 0;
    for (RulesetResult ruleset : result.rulesets()) {
      for (RulesetResult.TableResult table : ruleset.tables()) {
        for (RulesetResult.ChainResult chain : table.chains()) {
          rules += chain.rules().size();
          idle += collect(table, chain, deciders);
        }
      }
    }
    deciders.sort((a, b) -> Long.compare(b.decided(), a.decided()));
    if (!deciders.isEmpty()) {
      line("");
      line("%-34s %12s", "decided by", "packets");
      deciders.stream().limit(TOP_RULES).forEach(this::decider);
    }
    if (rules > 0) {
      line("");
      line("%,d of %,d rules were never hit", idle, rules);
    }
  }

  /** Collects what decided in a chain, and says how many of its rules were never hit. */
  private static int collect(
      RulesetResult.TableResult table, RulesetResult.ChainResult chain, List<Decider> into) {
    int idle = 0;
    for (RulesetResult.RuleResult rule : chain.rules()) {
      idle += rule.packets() == 0 ? 1 : 0;
      if (rule.decided() > 0) {
        into.add(new Decider(rule.text(), rule.position(), rule.decided()));
      }
    }
    if (chain.decided() > 0) {
      String policy = table.name() + ": policy " + chain.policy() + " of " + chain.name();
      into.add(new Decider(policy, null, chain.decided()));
    }
    return idle;
  }

  private void decider(Decider decider) {
    String where =
        decider.position() == null
            ? "policy"
            : decider.position().file() + ":" + decider.position().line();
    String shown = where.length() <= 32 ? where : "..." + where.substring(where.length() - 29);
    line("  %-32s %,12d  %s", shown, decider.decided(), decider.what());
  }

  private void triggers() {
    if (result.triggers().isEmpty()) {
      return;
    }
    line("");
    line("port triggers");
    result.triggers().stream().limit(MAX_REMARKS).forEach(this::trigger);
    if (result.triggers().size() > MAX_REMARKS) {
      line("  and %,d more", result.triggers().size() - MAX_REMARKS);
    }
  }

  private void trigger(Trigger trigger) {
    String end = trigger.end() == null ? "open" : TriggerText.end(trigger);
    line(
        "  %s frame %d: %s opened %s for %s, refreshed %d times, %s",
        micros(trigger.startNs()),
        trigger.frame() + 1,
        TriggerText.setOffBy(trigger),
        TriggerText.opens(trigger),
        TriggerText.address(trigger.source()),
        trigger.refreshes(),
        trigger.end() == null ? end : end + " " + micros(trigger.endNs()));
    for (Trigger.Through through : trigger.connections()) {
      line(
          "    frame %d: %s %s:%d came through at port %d to %s",
          through.frame() + 1,
          RunNames.protocol(through.protocol()),
          TriggerText.address(through.source()),
          through.sourcePort(),
          through.port(),
          TriggerText.address(through.inside()));
    }
  }

  private void rate(long elapsedNs) {
    long frames = result.totals().frames().packets();
    double seconds = elapsedNs / SECOND_NS;
    line("");
    line(
        "%,d frames in %.2f s: %,.0f packets/s", frames, seconds, frames / Math.max(seconds, 1e-6));
  }
}
