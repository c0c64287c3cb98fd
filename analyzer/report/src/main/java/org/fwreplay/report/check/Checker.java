package org.fwreplay.report.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.replay.FrameTuples;
import org.fwreplay.replay.ReplayListener;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.ReplayCollector;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.RulesetResult;
import org.fwreplay.report.flow.FateNames;
import org.fwreplay.report.flow.Flow;
import org.fwreplay.report.flow.FlowRow;
import org.fwreplay.report.flow.RunNames;
import org.fwreplay.report.select.Selector;

/** Listens to a run and says which expectations of a suite hold. */
public final class Checker implements ReplayListener {
  /** A flow as expectations see it. */
  record Seen(FlowRow row, Tuple tuple, String helper) {}

  /** A frame that an expectation selects. */
  record SeenFrame(long frame, String fate, String rule) {}

  private final ReplayRun run;
  private final Suite suite;
  private boolean finished;
  private final ReplayCollector collector;
  private final RunNames names;
  private final NamesSeen dns = new NamesSeen();
  private final List<Seen> flows = new ArrayList<>();
  private final FrameTuples tuples = new FrameTuples();
  private final Tuple tuple = new Tuple();
  private final Map<Expectation.Frames, List<SeenFrame>> frames = new LinkedHashMap<>();
  private final List<Expectation.Frames> selecting = new ArrayList<>();
  private Packet current;

  /** A checker for a run that has not started, which is told of it here. */
  public Checker(ReplayRun run, Suite suite) {
    this.run = run;
    this.suite = suite;
    collector = new ReplayCollector(run).withFlows(this::flow, true);
    names = collector.names();
    suite.expectations().stream()
        .filter(Expectation.Frames.class::isInstance)
        .map(Expectation.Frames.class::cast)
        .forEach(each -> frames.put(each, new ArrayList<>()));
    run.listen(collector).listen(this);
  }

  private boolean flow(Flow flow) {
    Tuple original = new Tuple();
    original.set(flow.original());
    flows.add(new Seen(FlowRow.of(flow, names), original, flow.helper()));
    return false;
  }

  @Override
  public void frame(Packet p) {
    current = p;
    selecting.clear();
    if (frames.isEmpty() || tuples.read(p, tuple) == null) {
      return;
    }
    String in = p.local ? "" : names.interfaceName(p.in);
    Selector.Subject subject =
        new Selector.Subject(tuple, in, "", p.frame, p.timeNs, destinationNames(tuple));
    frames.keySet().stream()
        .filter(each -> each.selector().matches(subject))
        .forEach(selecting::add);
  }

  private Set<String> destinationNames(Tuple t) {
    return dns.of(AddressText.of(t.ipv6, t.destinationHi, t.destinationLo));
  }

  @Override
  public void ended(Packet p, Fate fate, Hook hook, int rule) {
    if (fate.passed()) {
      dns.look(p);
    }
    if (p == current && !selecting.isEmpty()) {
      String place = names.place(p.ipv6, rule);
      SeenFrame seen = new SeenFrame(p.frame, FateNames.key(fate), place);
      selecting.forEach(each -> frames.get(each).add(seen));
      selecting.clear();
    }
  }

  /** What the connections of the run are to selectors. */
  Selector.Subject subject(Seen seen) {
    FlowRow row = seen.row;
    return new Selector.Subject(
        seen.tuple, row.in(), row.out(), row.frame(), row.firstNs(), destinationNames(seen.tuple));
  }

  /**
   * Says what holds, once the run is over.
   *
   * @param snapshot what the last whole result was, or null where there is none
   */
  public List<Checked> check(String snapshot) {
    finish();
    Judge judge = new Judge(this, suite, run, flows, frames, rulesets());
    List<Checked> all = new ArrayList<>();
    for (Expectation each : suite.expectations()) {
      all.add(judge.judge(each, snapshot));
    }
    if (snapshot != null && !hasSnapshot()) {
      Expectation obsolete = new Expectation.Snapshot("snapshot", 1, 1);
      String problem = "there is a snapshot, but the suite expects none: run with --update";
      all.add(new Checked(suite.file(), obsolete, List.of(problem), List.of()));
    }
    return all;
  }

  /** Whether the suite compares the whole result. */
  public boolean hasSnapshot() {
    return suite.expectations().stream().anyMatch(Expectation.Snapshot.class::isInstance);
  }

  private void finish() {
    if (!finished) {
      finished = true;
      collector.finish();
      flows.sort(
          Comparator.comparingLong((Seen seen) -> seen.row.frame())
              .thenComparing(seen -> seen.row.firstNs()));
    }
  }

  private List<RulesetResult> rulesets() {
    return collector.result(new ReplayResult.Setup("", null, List.of())).rulesets();
  }

  /** The whole result as text, to be kept and compared. */
  public String snapshot() {
    return Snapshot.of(flows, rulesets());
  }

  /** A suite that expects what happened. */
  public String describe(List<String> header) {
    finish();
    return new SuiteWriter(rulesets()).write(header, flows);
  }
}
