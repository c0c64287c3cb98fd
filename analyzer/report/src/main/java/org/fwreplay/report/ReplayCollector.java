package org.fwreplay.report;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.ExpectationEnd;
import org.fwreplay.hook.Fate;
import org.fwreplay.legacy.Trigger;
import org.fwreplay.legacy.Triggers;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.replay.ReplayListener;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.flow.FlowCollector;
import org.fwreplay.report.flow.FlowSink;
import org.fwreplay.report.flow.FlowStore;
import org.fwreplay.report.flow.RunNames;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogFormat;
import org.fwreplay.xt.LogRequest;

/**
 * Collects what a run shows. Without more being asked for only sums are kept, which costs next to
 * nothing.
 */
public final class ReplayCollector implements ReplayListener {
  /** Most flows, log lines, DNS questions and so on that a report lists. */
  static final int MAX_FLOWS = 100_000;

  static final int MAX_LOG_LINES = 1_000;
  static final int MAX_QUESTIONS = 10_000;
  static final int MAX_DIALOGS = 10_000;
  static final int MAX_TRANSFERS = 10_000;
  static final int MAX_EXPECTATIONS = 10_000;

  private final ReplayRun run;
  private final RunNames names;
  private final Totals totals;
  private final long[][] decided = new long[2][];
  private final HitTimes[] times = new HitTimes[2];
  private final StringBuilder text = new StringBuilder();
  private FlowCollector flows;
  private FlowStore store;
  private DnsQuestions dns;
  private Timeline timeline;
  private SipDialogs sip;
  private FtpTransfers ftp;
  private HelperWork helpers;
  private LogLines log;
  private boolean hits;
  private Packet current;
  private int currentLength;
  private long connections;

  /** A collector for a run that has not started; the run still has to be told of it. */
  public ReplayCollector(ReplayRun run) {
    this.run = run;
    names = new RunNames(run);
    totals = new Totals(run.host().interfaces().size());
    prepare(0, run.rules4());
    prepare(1, run.rules6());
  }

  private void prepare(int family, BoundRuleset rules) {
    decided[family] = new long[rules == null ? 0 : rules.placeCount()];
    times[family] = new HitTimes(decided[family].length);
  }

  /** Has everything collected that reports list: flows with the rules they hit, DNS, SIP, log. */
  public ReplayCollector withDetails() {
    store = new FlowStore(MAX_FLOWS);
    dns = new DnsQuestions(MAX_QUESTIONS);
    timeline = new Timeline();
    sip = new SipDialogs(MAX_DIALOGS);
    ftp = new FtpTransfers(MAX_TRANSFERS);
    helpers = new HelperWork(MAX_EXPECTATIONS, ftp);
    log = new LogLines(MAX_LOG_LINES);
    return withFlows(store, true);
  }

  /**
   * Has flows collected and handed on.
   *
   * @param withHits whether the rules that they hit are wanted
   */
  public ReplayCollector withFlows(FlowSink sink, boolean withHits) {
    if (flows == null) {
      flows = new FlowCollector(run);
    }
    flows.to(sink);
    hits |= withHits;
    return this;
  }

  /** What the interfaces and rules of the run are called. */
  public RunNames names() {
    return names;
  }

  @Override
  public boolean wantsHits() {
    return hits;
  }

  @Override
  public void frame(Packet packet) {
    current = packet;
    currentLength = packet.end - packet.network;
    if (flows != null) {
      flows.frame(packet);
    }
    if (helpers != null) {
      helpers.frame(packet);
    }
  }

  @Override
  public void hit(boolean ipv6, int place) {
    flows.hit(ipv6, place);
    times[ipv6 ? 1 : 0].hit(place, current.timeNs);
  }

  @Override
  public void hit(boolean ipv6, int[] places) {
    flows.hit(ipv6, places, current.memo);
    times[ipv6 ? 1 : 0].hit(places, current.timeNs);
  }

  @Override
  public void ended(Packet p, Fate fate, Hook hook, int rule) {
    if (rule >= 0) {
      decided[p.ipv6 ? 1 : 0][rule]++;
    }
    if (p == current) {
      totals.frame(p, fate, currentLength);
    } else {
      totals.made(p, fate);
    }
    if (fate == Fate.FORWARDED || fate == Fate.SENT) {
      totals.left(p);
    }
    if (flows != null) {
      flows.ended(p, fate, rule);
    }
    if (timeline != null && p == current) {
      timeline.frame(p.timeNs, fate);
    }
    if (dns != null && fate != Fate.NOT_IP && fate != Fate.MALFORMED && fate != Fate.OTHER_HOST) {
      long flow = flows.lastFlow();
      dns.ended(p, fate, current.frame, flow);
      sip.ended(p, fate, current.frame);
      ftp.ended(p, fate, current.frame, flow);
    }
  }

  @Override
  public void logged(Packet packet, Evaluation evaluation, LogRequest request) {
    if (log == null || !log.count()) {
      return;
    }
    text.setLength(0);
    String in = names.interfaceName(evaluation.in);
    String out = names.interfaceName(evaluation.out);
    LogFormat.append(text, packet, in, out, request);
    String rule = names.place(packet.ipv6, flows.lastHit());
    log.keep(new LogLines.Line(packet.timeNs, packet.frame, rule, text.toString().stripTrailing()));
  }

  @Override
  public void created(Connection connection) {
    connections++;
    if (flows != null) {
      flows.created(connection);
    }
  }

  @Override
  public void destroyed(Connection connection) {
    if (flows != null) {
      flows.destroyed(connection);
    }
  }

  @Override
  public void expected(Expectation expectation) {
    if (helpers != null) {
      helpers.expected(expectation);
    }
  }

  @Override
  public void fulfilled(Expectation expectation, Connection connection) {
    if (helpers != null) {
      helpers.fulfilled(expectation, connection);
    }
  }

  @Override
  public void expectationEnded(Expectation expectation, ExpectationEnd why) {
    if (helpers != null) {
      helpers.ended(expectation, why);
    }
  }

  @Override
  public void rewritten(Connection connection, int info, int offset, byte[] before, byte[] after) {
    if (helpers != null) {
      boolean reply = CtInfo.direction(info) == Connection.REPLY;
      helpers.rewritten(connection, reply, offset, before, after);
    }
  }

  /** Ends all flows once the run is over. */
  public void finish() {
    if (helpers != null) {
      helpers.finish(run.lastNs());
    }
    if (flows != null) {
      flows.finish();
    }
  }

  private List<Trigger> triggers() {
    Triggers triggers = run.shared(Triggers.class, Triggers.SHARED);
    return triggers == null ? List.of() : triggers.history();
  }

  /** What the run showed, once it is over and {@link #finish finished}. */
  public ReplayResult result(ReplayResult.Setup setup) {
    List<RulesetResult> rulesets = new ArrayList<>();
    if (run.ipchains() != null) {
      rulesets.add(RulesetResult.of(run.ipchains()));
    }
    for (BoundRuleset rules : new BoundRuleset[] {run.rules4(), run.rules6()}) {
      if (rules != null) {
        int family = rules == run.rules4() ? 0 : 1;
        rulesets.add(RulesetResult.of(rules, decided[family], times[family], names));
      }
    }
    return new ReplayResult(
        setup,
        run.captures(),
        run.seed(),
        run.firstNs(),
        run.lastNs(),
        run.assumptions(),
        run.problems(),
        run.host().interfaces(),
        totals,
        connections,
        List.copyOf(rulesets),
        store,
        dns,
        timeline,
        sip,
        helpers,
        ftp,
        log,
        run.reality(),
        triggers(),
        names);
  }
}
