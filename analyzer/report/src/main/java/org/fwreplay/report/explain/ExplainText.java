package org.fwreplay.report.explain;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.fwreplay.report.Printable;
import org.fwreplay.report.flow.Timestamps;

/** An explanation as a tree for the terminal. */
public final class ExplainText {
  private final PrintWriter out;

  private ExplainText(PrintWriter out) {
    this.out = out;
  }

  /** Prints explanations. */
  public static void print(List<Explanation> explanations, PrintWriter out) {
    ExplainText text = new ExplainText(out);
    for (int i = 0; i < explanations.size(); i++) {
      if (i > 0) {
        out.print('\n');
      }
      text.explanation(explanations.get(i));
    }
    out.flush();
  }

  private void line(int indent, String text) {
    out.print("  ".repeat(indent) + Printable.of(text));
    out.print('\n');
  }

  private void explanation(Explanation e) {
    line(0, String.format(Locale.ROOT, "frame %d, %s", e.frame, Timestamps.iso(e.timeNs)));
    for (Way way : e.ways) {
      String from = way.in.isEmpty() ? "from this host" : "in " + way.in;
      line(0, (way.isFrame ? "" : "because of it ") + from + ": " + way.packet);
      way.steps.forEach(this::step);
      line(1, "=> " + result(way));
    }
  }

  /** What became of a packet, and where. */
  static String result(Way way) {
    if (way.fate == null) {
      return "waits";
    }
    return way.fate.text()
        + (way.hook.isEmpty() || way.fate.passed() ? "" : " in " + way.hook)
        + (way.rule.isEmpty() ? "" : " by " + way.rule);
  }

  private void step(Step step) {
    if (step instanceof Step.Walk walk) {
      walk(walk);
    } else if (step instanceof Step.Tracking t) {
      String mark = t.mark() == 0 ? "" : ", mark 0x" + Integer.toHexString(t.mark());
      String helper = t.helper().isEmpty() ? "" : ", helper " + t.helper();
      String state = t.protocolState().isEmpty() ? "" : ", " + t.protocolState();
      line(1, t.hook() + " conntrack: " + t.state() + state + mark + helper);
      if (!t.original().isEmpty()) {
        line(2, "connection " + t.original() + ", answers " + t.reply());
      }
    } else if (step instanceof Step.Translation t) {
      boolean same = t.before().equals(t.after());
      line(1, t.hook() + " NAT: " + (same ? "no change" : t.before() + " becomes " + t.after()));
    } else if (step instanceof Step.Routing r) {
      String out = r.out().isEmpty() ? "" : ", out " + r.out();
      String via = r.gateway().isEmpty() ? "" : " via " + r.gateway();
      line(1, "routing: " + r.decision() + out + via);
    } else if (step instanceof Step.Left left) {
      line(1, "leaves by " + left.out() + ": " + left.packet());
    }
  }

  private void walk(Step.Walk walk) {
    String in = walk.in.isEmpty() ? "" : " in " + walk.in;
    String out = walk.out.isEmpty() ? "" : " out " + walk.out;
    line(1, walk.hook + " " + walk.table + ":" + in + out + " => " + walk.verdict);
    String chain = walk.hook;
    for (Step.RuleStep rule : walk.rules) {
      if (!rule.chain.equals(chain)) {
        chain = rule.chain;
        line(2 + rule.depth, "chain " + chain);
      }
      rule(rule);
    }
  }

  private void rule(Step.RuleStep rule) {
    String number = rule.number == 0 ? "" : rule.number + " ";
    String place =
        rule.position == null
            ? ""
            : "  (" + rule.position.file() + ":" + rule.position.line() + ")";
    String sign = rule.decided ? "=> " : rule.hit ? "+ " : "- ";
    line(2 + rule.depth, sign + number + rule.text + place);
    if (!rule.hit) {
      String seen = rule.seen.isEmpty() ? "" : ", the packet has " + rule.seen;
      line(4 + rule.depth, "asks " + rule.asked + seen);
    }
    rule.effects.forEach(effect -> line(4 + rule.depth, effect));
  }
}
