package org.fwreplay.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.fwreplay.capture.CaptureMerger;
import org.fwreplay.capture.CaptureProblem;
import org.fwreplay.capture.CaptureReader;
import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.Captures;
import org.fwreplay.capture.ReaderKind;
import org.fwreplay.capture.VendorHeader;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.hook.Fate;
import org.fwreplay.hook.Netfilter;
import org.fwreplay.hook.PathObserver;
import org.fwreplay.hook.Sockets;
import org.fwreplay.host.Host;
import org.fwreplay.host.Router;
import org.fwreplay.ipset.IpSets;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.legacy.Ipchains;
import org.fwreplay.legacy.PacketListener;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.rule.BindingContext;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.InterfaceMatch;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.xt.SocketOwners;

/**
 * One run of captures through a host and its rulesets. Made by its {@link Builder}, run once, asked
 * afterwards.
 */
public final class ReplayRun {
  private final Builder setup;
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
  private final List<CaptureProblem> problems = new ArrayList<>();
  private final List<CaptureRead> reads = new ArrayList<>();
  private Progress progress = (done, total) -> {};
  private long frameCount;
  private long notIp;
  private boolean stopped;
  private long unsent;
  private final Packet packet = new Packet();
  private int[] arrivals = {};
  private Predicate<Packet> gate = p -> true;
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

  /** What a run needs. */
  public static final class Builder {
    private Host host;
    private Ruleset four;
    private Ruleset six;
    private Sockets sockets;
    private SocketOwners owners = SocketOwners.NONE;
    private SetFile sets = SetFile.EMPTY;
    private long seed;
    private boolean undecidedMatches;
    private IntFunction<PacketListener> queues = number -> null;
    private IntFunction<PacketListener> diverts = port -> null;
    private Ipchains ipchains;
    private ReaderKind reader = ReaderKind.OWN;
    private final Map<String, VendorHeader> linkHeaders = new LinkedHashMap<>();
    private final List<ReplayInput> inputs = new ArrayList<>();
    private final List<Ruleset> mentioned = new ArrayList<>();

    /** The host; without one it is made up from names and addresses. */
    public Builder host(Host host) {
      this.host = host;
      return this;
    }

    /** The IPv4 ruleset, or null. */
    public Builder rules4(Ruleset rules) {
      this.four = rules;
      return this;
    }

    /** The IPv6 ruleset, or null. */
    public Builder rules6(Ruleset rules) {
      this.six = rules;
      return this;
    }

    /** What listens on the host; without it that is guessed, see {@link Sockets}. */
    public Builder sockets(Sockets sockets) {
      this.sockets = sockets;
      return this;
    }

    /** Who owns which socket of the host, for {@code -m owner}. */
    public Builder socketOwners(SocketOwners owners) {
      this.owners = owners;
      return this;
    }

    /** Takes what a capture cannot decide for a match; the default is no match. */
    public Builder undecidedMatches(boolean match) {
      this.undecidedMatches = match;
      return this;
    }

    /** Who listens at queues, by the queue's number; null where nobody knows. */
    public Builder queues(IntFunction<PacketListener> listeners) {
      this.queues = listeners;
      return this;
    }

    /** Rules of ipchains in the place of IPv4 rules: packets take the way of Linux 2.2. */
    public Builder ipchains(Ipchains chains) {
      this.ipchains = chains;
      return this;
    }

    /** Who listens at divert sockets, by the port; null where nobody knows. */
    public Builder diverts(IntFunction<PacketListener> listeners) {
      this.diverts = listeners;
      return this;
    }

    /** The IP sets that rules look into; see also {@link ReplayRun#sets}. */
    public Builder sets(SetFile sets) {
      this.sets = sets;
      return this;
    }

    /** The seed of everything that is random in Linux. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Who frames classic pcap files. */
    public Builder reader(ReaderKind kind) {
      this.reader = kind;
      return this;
    }

    /** Frames at an interface begin with a link-layer header of its driver's own. */
    public Builder linkHeader(String interfaceName, VendorHeader header) {
      linkHeaders.put(interfaceName, header);
      return this;
    }

    /** A capture; several are merged by time stamp. */
    public Builder input(ReplayInput input) {
      inputs.add(input);
      return this;
    }

    /** Further rulesets whose interfaces a host that is made up has, too. */
    public Builder mention(List<Ruleset> rulesets) {
      mentioned.addAll(rulesets);
      return this;
    }

    /** Another description, so far the same. */
    public Builder copy() {
      Builder copy = new Builder();
      copy.host = host;
      copy.four = four;
      copy.six = six;
      copy.sockets = sockets;
      copy.owners = owners;
      copy.sets = sets;
      copy.seed = seed;
      copy.undecidedMatches = undecidedMatches;
      copy.queues = queues;
      copy.diverts = diverts;
      copy.reader = reader;
      copy.linkHeaders.putAll(linkHeaders);
      copy.inputs.addAll(inputs);
      copy.mentioned.addAll(mentioned);
      return copy;
    }

    /** The run, ready to start. */
    public ReplayRun build() {
      return new ReplayRun(this);
    }
  }

  /** Starts a description of a run. */
  public static Builder builder() {
    return new Builder();
  }

  private ReplayRun(Builder setup) {
    this.setup = setup;
    guessed = setup.host == null ? guess(setup) : null;
    host = setup.host == null ? guessed.host : setup.host;
    sockets = setup.sockets == null ? new Sockets() : setup.sockets;
    Router router = host.newRouter();
    context = new BindingContext(host, router, setup.seed);
    sets = setup.sets.newSets();
    context.share(IpSets.class, IpSets.SHARED, sets);
    context.share(SocketOwners.class, SocketOwners.SHARED, setup.owners);
    four = setup.four == null ? null : BoundRuleset.bind(setup.four, context);
    six = setup.six == null ? null : BoundRuleset.bind(setup.six, context);
    netfilter = new Netfilter(host, router, four, six, sockets, setup.seed, listener);
    netfilter.takeUndecidedAsMatch(setup.undecidedMatches);
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
  }

  private static boolean needsAccounting(BoundRuleset rules) {
    return rules != null && rules.needsAccounting();
  }

  private void record(BoundRuleset rules, boolean ipv6) {
    if (rules != null) {
      rules.record(place -> listener.hit(ipv6, place));
    }
  }

  private static GuessedHost guess(Builder setup) {
    List<String> given = new ArrayList<>();
    for (ReplayInput input : setup.inputs) {
      if (input.interfaceName() != null) {
        given.add(input.interfaceName());
      }
    }
    Set<String> mentioned = new LinkedHashSet<>();
    mention(setup.four, mentioned);
    mention(setup.six, mentioned);
    setup.mentioned.forEach(ruleset -> mention(ruleset, mentioned));
    return GuessedHost.of(given, mentioned);
  }

  private static void mention(Ruleset rules, Set<String> into) {
    if (rules == null) {
      return;
    }
    rules.tables().stream()
        .flatMap(t -> t.chains().stream())
        .flatMap(c -> c.rules().stream())
        .forEach(
            rule -> {
              mention(rule.ip().in(), into);
              mention(rule.ip().out(), into);
            });
  }

  private static void mention(InterfaceMatch match, Set<String> into) {
    if (match != null && !match.name().endsWith("+")) {
      into.add(match.name());
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
    learnSockets();
    arrivals = arrivals();
  }

  /** Opens all captures. */
  void open(CaptureMerger merger) throws IOException {
    for (int i = 0; i < setup.inputs.size(); i++) {
      merger.add(Captures.open(setup.inputs.get(i).capture(), setup.reader), i);
    }
  }

  /** The next frame; its bytes are overwritten. */
  void take(CaptureRecord record) {
    frame(record, packet, arrivals[record.source]);
  }

  /** Whether no more frames are wanted. */
  boolean isStopped() {
    return stopped;
  }

  /** The captures are at their end. */
  void finish(CaptureMerger merger) {
    problems.addAll(merger.problems());
    for (CaptureReader reader : merger.readers()) {
      ReplayInput input = setup.inputs.get(reads.size());
      reads.add(new CaptureRead(input, reader.name(), reader.format(), reader.packets()));
    }
  }

  /** Kernels have it whose connection tracking knows DCCP. */
  private static final String DCCP_TIMEOUT = "net.netfilter.nf_conntrack_dccp_timeout_open";

  private static final int LOCAL = -2;
  private static final int NEIGHBOUR_SOLICITATION = 135;

  private int[] arrivals() {
    int[] arrivals = new int[setup.inputs.size()];
    for (int i = 0; i < arrivals.length; i++) {
      ReplayInput input = setup.inputs.get(i);
      if (input.local()) {
        arrivals[i] = LOCAL;
      } else if (input.interfaceName() == null) {
        arrivals[i] = -1;
      } else {
        arrivals[i] = host.interfaceByName(input.interfaceName()).id();
      }
    }
    return arrivals;
  }

  private void frame(CaptureRecord record, Packet p, int arrivesAt) {
    record.timeNs = clock.at(record.timeNs);
    firstNs = Math.min(firstNs, record.timeNs);
    lastNs = record.timeNs;
    netfilter.advance(record.timeNs);
    sets.clock(record.timeNs);
    boolean local = arrivesAt == LOCAL;
    boolean ip = frames.read(record, local ? 0 : arrivesAt, p);
    p.frame = frameCount++;
    p.local = local;
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

  /** The ports that the host sends from are open: a first look through its own packets. */
  private void learnSockets() throws IOException {
    if (guessed != null) {
      sockets.openAll();
      return;
    }
    CaptureRecord record = new CaptureRecord();
    Packet p = new Packet();
    for (ReplayInput input : setup.inputs) {
      boolean rereadable = !input.capture().toString().equals(Captures.STANDARD_INPUT);
      if (!input.local() || !rereadable) {
        continue;
      }
      try (CaptureReader reader = Captures.open(input.capture(), setup.reader)) {
        while (reader.next(record)) {
          if (frames.read(record, 0, p)) {
            learnSocket(p);
          }
        }
      }
    }
  }

  private void learnSocket(Packet p) {
    if (Decoder.decode(p, true) != Decoder.OK || p.fragmentOffset != 0 || p.transport + 2 > p.end) {
      return;
    }
    if (p.protocol == Protocols.ICMPV6 && p.u8(p.transport) == NEIGHBOUR_SOLICITATION) {
      netfilter.neighbourDiscoveryIsCaptured();
    } else if (p.protocol == Protocols.TCP) {
      sockets.openTcp(p.u16(p.transport));
    } else if (p.protocol == Protocols.UDP) {
      sockets.openUdp(p.u16(p.transport));
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
        all.addAll(rules.assumptions());
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
    if (setup.ipchains != null) {
      all.add("ipchains: IPv4 packets take the way of Linux 2.2; masquerading has no helpers");
    }
    if (cutFrames() > 0) {
      all.add(
          cutFrames()
              + " frames were cut by the capture's snap length: what is missing counts as zeros,"
              + " and their checksums as right");
    }
    return all;
  }
}
