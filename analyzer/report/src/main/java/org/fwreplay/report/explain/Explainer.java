package org.fwreplay.report.explain;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.hook.Fate;
import org.fwreplay.hook.PathObserver;
import org.fwreplay.host.RouteResult;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.replay.ReplayListener;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.flow.RunNames;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.BoundTable;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RuleTarget;
import org.fwreplay.rule.RulesetWriter;
import org.fwreplay.rule.WalkObserver;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogFormat;
import org.fwreplay.xt.LogRequest;
import org.fwreplay.xt.Verdict;

/**
 * Writes down every step of the frames that are wanted, in the run itself: all frames before them
 * have been through, and what they left behind counts.
 */
public final class Explainer implements ReplayListener, PathObserver {
  private final ReplayRun run;
  private final RunNames names;
  private final Predicate<Packet> wanted;
  private final int limit;
  private final List<Explanation> explanations = new ArrayList<>();
  private final Map<Packet, OpenWay> open = new IdentityHashMap<>();
  private Explanation current;
  private Packet framePacket;

  /** A way that has not ended, with what is needed to go on with it. */
  private static final class OpenWay {
    final Way way;
    BoundTable table;
    Step.Walk walk;
    int depth;
    Step.RuleStep acting;
    Map<String, String> before;
    String ends;

    OpenWay(Way way) {
      this.way = way;
    }
  }

  /**
   * An explainer for a run that has not started; the run still has to be told of it.
   *
   * @param wanted whether a frame is to be explained, asked when it comes in
   * @param limit after so many frames the run stops
   */
  public Explainer(ReplayRun run, Predicate<Packet> wanted, int limit) {
    this.run = run;
    this.wanted = wanted;
    this.limit = limit;
    names = new RunNames(run);
  }

  /** What became of the wanted frames. */
  public List<Explanation> explanations() {
    return List.copyOf(explanations);
  }

  @Override
  public boolean wantsFrames() {
    return true;
  }

  @Override
  public void frame(Packet p) {
    open.clear();
    current = null;
    framePacket = p;
    boolean is = wanted.test(p);
    run.observe(is ? this : null);
    if (is) {
      current = new Explanation(p.frame, p.timeNs, p.end - p.network);
      explanations.add(current);
      if (explanations.size() == limit) {
        run.stop();
      }
    }
  }

  private OpenWay way(Packet p) {
    OpenWay found = open.get(p);
    if (found == null) {
      String in = p.local ? "" : names.interfaceName(p.in);
      found = new OpenWay(new Way(p == framePacket, PacketText.of(p), in));
      open.put(p, found);
      current.ways.add(found.way);
    }
    settle(found, p);
    found.ends = p.end - p.network >= 20 ? PacketText.ends(p) : "";
    return found;
  }

  /** What the target that acted last has changed. */
  private static void settle(OpenWay way, Packet p) {
    if (way.acting != null) {
      List<String> effects = way.acting.effects;
      Snapshots.changes(way.before, Snapshots.of(p)).forEach(effects::add);
      way.acting = null;
    }
  }

  // -- a table -----------------------------------------------------------------------------------

  @Override
  public void enters(BoundTable table, Packet p, Evaluation e) {
    OpenWay way = way(p);
    way.table = table;
    way.depth = 0;
    String in = names.interfaceName(e.in);
    way.walk = new Step.Walk(e.hook.name(), table.name(), in, names.interfaceName(e.out));
    way.way.steps.add(way.walk);
  }

  @Override
  public void missed(int place, int predicate, Packet p, Evaluation e) {
    OpenWay way = way(p);
    BoundRuleset.RuleRef ref = rules(p).rule(place);
    Family family = p.ipv6 ? Family.IPV6 : Family.IPV4;
    String asked = RulesetWriter.predicate(family, ref.rule(), predicate);
    way.walk.rules.add(
        step(p, place, ref, way.depth, false, asked, seen(ref.rule(), predicate, p, e)));
  }

  private Step.RuleStep step(
      Packet p,
      int place,
      BoundRuleset.RuleRef ref,
      int depth,
      boolean hit,
      String asked,
      String seen) {
    Rule rule = ref.rule();
    return new Step.RuleStep(
        names.place(p.ipv6, place),
        ref.chain().name(),
        rule.number(),
        depth,
        rule.position(),
        rule.text(),
        hit,
        asked,
        seen);
  }

  private String seen(Rule rule, int predicate, Packet p, Evaluation e) {
    return switch (predicate) {
      case WalkObserver.SOURCE -> "source " + PacketText.source(p);
      case WalkObserver.DESTINATION -> "destination " + PacketText.destination(p);
      case WalkObserver.IN -> e.in < 0 ? "came by no interface" : "in " + names.interfaceName(e.in);
      case WalkObserver.OUT -> e.out < 0 ? "no way out yet" : "out " + names.interfaceName(e.out);
      case WalkObserver.PROTOCOL -> "protocol " + RunNames.protocol(p.protocol);
      case WalkObserver.FRAGMENT -> p.fragmentOffset == 0 ? "no later fragment" : "later fragment";
      default -> rule.matches().get(predicate - WalkObserver.MATCHES).match().seen(p, e);
    };
  }

  @Override
  public void hit(int place, Packet p, Evaluation e) {
    OpenWay way = way(p);
    BoundRuleset rules = rules(p);
    trace(way.table.trace(place), p, e);
    if (!rules.isRule(place)) {
      way.walk.rules.add(end(p, place, rules.chain(place).chain(), way.depth));
      way.depth = Math.max(0, way.depth - 1);
      return;
    }
    BoundRuleset.RuleRef ref = rules.rule(place);
    Step.RuleStep step = step(p, place, ref, way.depth, true, "", "");
    way.walk.rules.add(step);
    RuleTarget target = ref.rule().target();
    if (target instanceof RuleTarget.Jump) {
      way.depth++;
    } else if (target.name().equals("RETURN")) {
      way.depth = Math.max(0, way.depth - 1);
    } else if (target instanceof RuleTarget.Extension) {
      way.acting = step;
      way.before = Snapshots.of(p);
    }
  }

  private Step.RuleStep end(Packet p, int place, Chain chain, int depth) {
    String text = chain.isBuiltin() ? "policy " + chain.policy() : "end of the chain";
    return new Step.RuleStep(
        names.place(p.ipv6, place), chain.name(), 0, depth, null, text, true, "", "");
  }

  @Override
  public void decided(int place, int verdict, Packet p, Evaluation e) {
    OpenWay way = way(p);
    way.walk.verdict =
        switch (verdict) {
          case Verdict.ACCEPT -> "ACCEPT";
          case Verdict.DROP -> "DROP";
          case Verdict.STOLEN -> "STOLEN";
          case Verdict.QUEUE -> "QUEUE";
          default -> Integer.toString(verdict);
        };
    List<Step.RuleStep> steps = way.walk.rules;
    if (!steps.isEmpty()) {
      steps.get(steps.size() - 1).decided = true;
    }
  }

  private BoundRuleset rules(Packet p) {
    return p.ipv6 ? run.rules6() : run.rules4();
  }

  private void trace(LogRequest request, Packet p, Evaluation e) {
    StringBuilder line = new StringBuilder();
    String in = names.interfaceName(e.in);
    LogFormat.append(line, p, in, names.interfaceName(e.out), request);
    current.trace.add(line.toString().stripTrailing());
  }

  // -- between the tables ------------------------------------------------------------------------

  @Override
  public void tracked(Packet p, Hook hook) {
    OpenWay way = way(p);
    Connection ct = Connection.of(p);
    way.way.steps.add(
        ct == null || ct.is(Connection.TEMPLATE)
            ? new Step.Tracking(hook.name(), Snapshots.state(p), "", "", "", 0, "")
            : new Step.Tracking(
                hook.name(),
                Snapshots.state(p),
                PacketText.of(ct.original),
                PacketText.of(ct.reply),
                nullToEmpty(ct.stateName()),
                ct.mark,
                nullToEmpty(ct.helper)));
  }

  private static String nullToEmpty(String text) {
    return text == null ? "" : text;
  }

  @Override
  public void translated(Packet p, Hook hook) {
    OpenWay known = open.get(p);
    String before = known == null ? PacketText.ends(p) : known.ends;
    OpenWay way = way(p);
    way.way.steps.add(new Step.Translation(hook.name(), before, way.ends));
  }

  @Override
  public void routed(Packet p, RouteResult route) {
    String gateway =
        route.gateway ? PacketText.address(route.nextHopSix, route.nextHopHi, route.nextHopLo) : "";
    boolean leaves = route.oif >= 0 && route.decision <= RouteResult.TRANSMIT;
    way(p)
        .way
        .steps
        .add(
            new Step.Routing(
                Snapshots.decision(route.decision),
                leaves ? names.interfaceName(route.oif) : "",
                leaves ? gateway : "",
                leaves ? route.mtu : 0));
  }

  @Override
  public void left(Packet p) {
    if (current != null) {
      Way way = way(p).way;
      String out = names.interfaceName(p.out);
      way.steps.add(new Step.Left(out, PacketText.of(p), p.end - p.network));
    }
  }

  @Override
  public void logged(Packet p, Evaluation e, LogRequest request) {
    if (current == null || request.prefix().startsWith("TRACE: ")) {
      return;
    }
    StringBuilder line = new StringBuilder();
    String in = names.interfaceName(e.in);
    LogFormat.append(line, p, in, names.interfaceName(e.out), request);
    OpenWay way = open.get(p);
    if (way != null && way.acting != null) {
      way.acting.effects.add("logs: " + line.toString().stripTrailing());
    }
  }

  @Override
  public void noted(Packet p, String what) {
    OpenWay way = open.get(p);
    if (way != null && way.walk != null && !way.walk.rules.isEmpty()) {
      way.walk.rules.get(way.walk.rules.size() - 1).effects.add(what);
    }
  }

  @Override
  public void ended(Packet p, Fate fate, Hook hook, int rule) {
    if (current == null) {
      return;
    }
    Way way = way(p).way;
    way.fate = fate;
    way.hook = hook == null ? "" : hook.name();
    way.rule = fate.byRule() && rule >= 0 ? names.place(p.ipv6, rule) : "";
    open.remove(p);
  }
}
