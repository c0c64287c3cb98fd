package org.fwreplay.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.fwreplay.capture.CaptureMerger;
import org.fwreplay.capture.CaptureProblem;
import org.fwreplay.capture.CaptureReader;
import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.Captures;
import org.fwreplay.capture.RecordCheck;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.hook.Fate;
import org.fwreplay.hook.Netfilter;
import org.fwreplay.hook.PathObserver;
import org.fwreplay.hook.Sockets;
import org.fwreplay.host.Host;
import org.fwreplay.host.Router;
import org.fwreplay.ipset.IpSets;
import org.fwreplay.legacy.Ipchains;
import org.fwreplay.packet.Packet;
import org.fwreplay.rule.BindingContext;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.Indexing;
import org.fwreplay.rule.RuleHits;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.SocketOwners;
import org.fwreplay.xt.target.DivertTarget;
import org.fwreplay.xt.target.NfqueueTarget;

/**
 * One run of captures through a host and its rulesets. Made by its {@link ReplaySetup}, run once,
 * asked afterwards.
 */
public final class ReplayRun {
  private final ReplaySetup setup;
  private final Host host;
  private final GuessedHost guessed;
  private final BoundRuleset four;
  private final BoundRuleset six;
  private final IpSets sets;
  private final BindingContext context;
  private final Netfilter netfilter;
  private final Sockets sockets;
  private final Listeners listener = new Listeners();
  private final FrameReader frames;
  private final ReplayClock clock = new ReplayClock();
  private final AnswerOrder order;
  private final List<CaptureProblem> problems = new ArrayList<>();
  private final List<CaptureRead> reads = new ArrayList<>();
  private Progress progress = (done, total) -> {};
  private long frameCount;
  private long notIp;
  private boolean stopped;
  private long unsent;
  private final Packet packet = new Packet();
  private int[] arrivals = {};
  private boolean[] bothWays = {};
  private Predicate<Packet> gate = p -> true;
  private final Reality reality;
  private long firstNs = Long.MAX_VALUE;
  private long lastNs = Long.MIN_VALUE;

  /** Is told now and then how far the run is. */
  @FunctionalInterface
  public interface Progress {
    /**
     * So far.
     *
     * @param done bytes of the captures read
     * @param total bytes there are, or -1 where nobody knows
     */
    void at(long done, long total);
  }

  /** Starts a description of a run. */
  public static ReplaySetup builder() {
    return new ReplaySetup();
  }

  ReplayRun(ReplaySetup setup) {
    this.setup = setup;
    guessed = setup.host == null ? setup.guessHost() : null;
    host = setup.host == null ? guessed.host : setup.host;
    sockets = setup.sockets == null ? new Sockets() : setup.sockets;
    Router router = host.newRouter();
    context = new BindingContext(host, router, setup.seed).index(setup.indexing);
    sets = setup.sets.newSets();
    context.share(IpSets.class, IpSets.SHARED, sets);
    context.share(SocketOwners.class, SocketOwners.SHARED, setup.owners);
    four = setup.four == null ? null : BoundRuleset.bind(setup.four, context);
    six = setup.six == null ? null : BoundRuleset.bind(setup.six, context);
    netfilter = new Netfilter(host, router, four, six, sockets, setup.seed, listener);
    netfilter.takeUndecidedAsMatch(setup.undecidedMatches);
    netfilter.rememberWays(setup.indexing != Indexing.NONE);
    netfilter.queues(setup.queues);
    netfilter.diverts(setup.diverts);
    if (setup.ipchains != null) {
      netfilter.ipchains(setup.ipchains);
    }
    netfilter.conntrack().listen(listener);
    if (needsAccounting(four) || needsAccounting(six)) {
      netfilter.conntrack().enableAccounting();
    }
    frames = new FrameReader(host, guessed);
    setup.linkHeaders.forEach(frames::linkHeader);
    FrameReader others = new FrameReader(host, guessed);
    order = new AnswerOrder(new TrackedFrames(others, netfilter.conntrack()));
    reality = setup.inputs.stream().anyMatch(setup::holdsBothWays) ? newReality() : null;
    if (reality != null) {
      listener.add(reality);
    }
  }

  private Reality newReality() {
    Reflection reflection =
        setup.reflect ? new Reflection(host, netfilter.conntrack(), sockets, setup.inputs) : null;
    return new Reality(host, reflection);
  }

  private static boolean needsAccounting(BoundRuleset rules) {
    return rules != null && rules.needsAccounting();
  }

  private static boolean needsConntrack(BoundRuleset rules) {
    return rules != null && rules.needsConntrack();
  }

  private void record(BoundRuleset rules, boolean ipv6) {
    if (rules != null) {
      rules.record(new FamilyHits(ipv6));
    }
  }

  /** Tells the rules that packets of a family hit. */
  private final class FamilyHits implements RuleHits {
    private final boolean ipv6;

    FamilyHits(boolean ipv6) {
      this.ipv6 = ipv6;
    }

    @Override
    public void hit(int place) {
      listener.hit(ipv6, place);
    }

    @Override
    public void hit(int[] places) {
      listener.hit(ipv6, places);
    }
  }

  /** Adds someone to be told what happens; before the run. */
  public ReplayRun listen(ReplayListener each) {
    listener.add(each);
    return this;
  }

  /**
   * Has every step on the way of packets told from now on; null for nobody. It may change at each
   * {@link ReplayListener#frame frame}.
   */
  public void observe(PathObserver observer) {
    netfilter.observe(observer);
  }

  /**
   * Keeps frames out that would never have been sent.
   *
   * @param gate whether a frame comes in, asked behind {@link ReplayListener#frame}
   */
  public ReplayRun gate(Predicate<Packet> gate) {
    this.gate = gate;
    return this;
  }

  /** Ends the run behind the frame under way, for a listener that has seen enough. */
  public void stop() {
    stopped = true;
  }

  /** Has somebody told how far the run is. */
  public ReplayRun progress(Progress progress) {
    this.progress = progress;
    return this;
  }

  /**
   * Replays all captures.
   *
   * @throws IOException where a capture cannot be opened; damage inside one is a {@link #problems
   *     problem}
   */
  public ReplayRun run() throws IOException {
    LockStep.run(List.of(this), progress, () -> {});
    return this;
  }

  /** Readies itself for the first frame. */
  void start() throws IOException {
    if (listener.wantsHits()) {
      record(four, false);
      record(six, true);
    }
    netfilter.wantFrames(listener.wantsFrames());
    if (guessed != null) {
      sockets.openAll();
    } else {
      new SentPackets(frames, setup, host).learn(sockets, netfilter);
    }
    arrivals = setup.arrivals(host);
    bothWays = setup.bothWays();
  }

  /** Opens all captures. */
  void open(CaptureMerger merger) throws IOException {
    boolean tracks = needsConntrack(four) || needsConntrack(six);
    for (int i = 0; i < setup.inputs.size(); i++) {
      // Who tracks sums what arrives; the thread that reads has time for that.
      RecordCheck check = tracks ? new FrameSums() : RecordCheck.NONE;
      merger.add(Captures.open(setup.inputs.get(i).capture(), setup.reader, check), i);
    }
    if (reality == null) {
      merger.order(order);
    }
  }

  /** The next frame; its bytes are overwritten. */
  void take(CaptureRecord record) {
    Packet p = packet;
    int arrivesAt = arrivals[record.source];
    boolean mixed = bothWays[record.source];
    record.timeNs = clock.at(record.timeNs);
    firstNs = Math.min(firstNs, record.timeNs);
    lastNs = record.timeNs;
    netfilter.advance(record.timeNs);
    sets.clock(record.timeNs);
    boolean local = arrivesAt == ReplaySetup.LOCAL;
    boolean ip =
        mixed
            ? frames.readBothWays(record, arrivesAt, p)
            : frames.read(record, local ? 0 : arrivesAt, p);
    p.frame = frameCount++;
    p.local = local;
    if (mixed && ip && p.out >= 0) {
      if (!reality.departed(p)) {
        return;
      }
      local = p.local;
    }
    p.in = local ? -1 : p.in;
    listener.frame(p);
    if (!ip) {
      notIp++;
      listener.ended(p, Fate.NOT_IP, null, -1);
      return;
    }
    if (!gate.test(p)) {
      unsent++;
      return;
    }
    listener.arrived(p, local);
    if (local) {
      p.in = -1;
      p.type = Packet.TO_HOST;
      netfilter.send(p);
    } else {
      netfilter.receive(p);
    }
  }

  /** Whether no more frames are wanted. */
  boolean isStopped() {
    return stopped;
  }

  /** The captures are at their end. */
  void finish(CaptureMerger merger) {
    if (reality != null) {
      reality.finish();
    }
    problems.addAll(merger.problems());
    for (CaptureReader reader : merger.readers()) {
      ReplayInput input = setup.inputs.get(reads.size());
      reads.add(new CaptureRead(input, reader.name(), reader.format(), reader.packets()));
    }
  }

  /** The host that was used. */
  public Host host() {
    return host;
  }

  /** Whether the host was made up. */
  public boolean isHostGuessed() {
    return guessed != null;
  }

  /** What rules share by a key, see {@link org.fwreplay.xt.Binding#shared}; null for nothing. */
  public <T> T shared(Class<T> type, String key) {
    return context.find(type, key);
  }

  /** The rules of ipchains with their counters, or null. */
  public Ipchains ipchains() {
    return setup.ipchains;
  }

  /** The IP sets as they are now. */
  public IpSets sets() {
    return sets;
  }

  /** The IPv4 rules with their counters, or null. */
  public BoundRuleset rules4() {
    return four;
  }

  /** The IPv6 rules with their counters, or null. */
  public BoundRuleset rules6() {
    return six;
  }

  /** The connections there are at the end. */
  public Conntrack conntrack() {
    return netfilter.conntrack();
  }

  /** The captures that were read, in the order given. */
  public List<CaptureRead> captures() {
    return List.copyOf(reads);
  }

  /** How what left in the captures compares; null where none holds what left. */
  public Reality reality() {
    return reality;
  }

  /** The seed of everything that is random in Linux. */
  public long seed() {
    return setup.seed;
  }

  /** What ended captures early. */
  public List<CaptureProblem> problems() {
    return List.copyOf(problems);
  }

  /** How many frames were read. */
  public long frames() {
    return frameCount;
  }

  /** How many of them were no IP packets. */
  public long notIp() {
    return notIp;
  }

  /** How many were cut by the captures' snap length. */
  public long cutFrames() {
    return frames.cutFrames();
  }

  /** Time of the first frame, ns since the epoch; meaningful where there are frames. */
  public long firstNs() {
    return firstNs;
  }

  /** Time of the last frame, on the run's clock. */
  public long lastNs() {
    return lastNs;
  }

  /**
   * The place and text of the first rule, in the order of the rulesets, that could not be decided
   * for some packet; null where all could.
   */
  public String undecidedRule() {
    for (BoundRuleset rules : new BoundRuleset[] {four, six}) {
      for (int place = 0; rules != null && place < rules.ruleCount(); place++) {
        if (rules.isUndecided(place)) {
          BoundRuleset.RuleRef ref = rules.rule(place);
          return ref.rule().position() + ": " + ref.table().name() + ": " + ref.rule().text();
        }
      }
    }
    return null;
  }

  /** Kernels have it whose connection tracking knows DCCP. */
  private static final String DCCP_TIMEOUT = "net.netfilter.nf_conntrack_dccp_timeout_open";

  /** What was assumed about the host and the captures, a sentence each. */
  public List<String> assumptions() {
    List<String> all = new ArrayList<>(host.assumptions());
    if (setup.sockets == null && guessed == null) {
      all.add(
          "no sockets.txt: TCP and UDP ports that the host sends from are taken to be open, and"
              + " UDP ports on which routers usually serve");
    }
    for (BoundRuleset rules : new BoundRuleset[] {four, six}) {
      if (rules != null) {
        all.addAll(rules.assumptions(this::hasListener));
      }
    }
    if (conntrack().sawDccp() && host.sysctls().getInt(DCCP_TIMEOUT, 0) > 0) {
      all.add("connections of DCCP are tracked without their states, as kernels from 6.16 on do");
    }
    all.addAll(netfilter.listenerProblems());
    if (unsent > 0) {
      all.add(
          unsent
              + " frames were left out: they would never have been sent, since what they answer or"
              + " follow was lost");
    }
    if (reality != null) {
      all.addAll(reality.assumptions());
    }
    if (setup.ipchains != null) {
      all.addAll(setup.ipchains.assumptions());
    }
    if (order.moved() > 0) {
      all.add(
          "the captures' time stamps disagree, answers come before what they answer: "
              + order.moved()
              + " frames were put in the order of question and answer");
    }
    if (cutFrames() > 0) {
      all.add(
          cutFrames()
              + " frames were cut by the capture's snap length: what is missing counts as zeros,"
              + " and their checksums as right");
    }
    return all;
  }

  /** Whether the run says who listens where a target gives packets to. */
  private boolean hasListener(PacketTarget target) {
    if (target instanceof DivertTarget divert) {
      return setup.diverts.apply(divert.port()) != null;
    }
    return target instanceof NfqueueTarget queue
        && IntStream.rangeClosed(queue.first(), queue.last())
            .allMatch(number -> setup.queues.apply(number) != null);
  }
}
