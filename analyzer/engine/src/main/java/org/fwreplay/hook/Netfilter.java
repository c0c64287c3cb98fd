package org.fwreplay.hook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackSettings;
import org.fwreplay.helper.HelperContext;
import org.fwreplay.helper.Helpers;
import org.fwreplay.host.Host;
import org.fwreplay.host.Router;
import org.fwreplay.host.Sysctls;
import org.fwreplay.legacy.Ipchains;
import org.fwreplay.legacy.PacketListener;
import org.fwreplay.nat.Nat;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Defragmenter;
import org.fwreplay.packet.Fragmenter;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;
import org.fwreplay.xt.QueueAnswer;

/**
 * A packet's way through the host, from the interface it came in by to the one it leaves by: the
 * hooks with their tables at Linux's priorities (netfilter_ipv4.h), routing, and the answers that
 * the host makes. One for each run; not for several threads.
 */
public final class Netfilter implements Evaluation.Services {
  private static final long SECOND_NS = 1_000_000_000L;

  private final Host host;
  private final Router router;
  private final PathListener listener;
  private final Conntrack conntrack;
  private final Nat nat;
  private final Answers answers;
  private final IcmpReplies replies;
  private final Sockets sockets;
  private final Defragmenter defragmenter;
  private final Defragmenter behindInput;
  private final PacketPool pool = new PacketPool();
  private final NeighbourQueue neighbours;
  private final Ways ways;
  private final HookWalk hooks;
  private final OwnPackets own;
  private final OutputPath output;
  private final InputPath input;

  /** Told the time by {@link #advance}. */
  private final Map<String, LongConsumer> clocks = new LinkedHashMap<>();

  private boolean undecidedMatches;
  private QueueListeners queues = new QueueListeners(number -> null);
  private final DivertSockets diverts;
  private boolean discoveryCaptured;

  /**
   * The way through a host.
   *
   * @param four IPv4 rules bound to this run, or null
   * @param six IPv6 rules, likewise
   * @param sockets what listens on the host
   * @param seed of what is random in Linux
   */
  public Netfilter(
      Host host,
      Router router,
      BoundRuleset four,
      BoundRuleset six,
      Sockets sockets,
      long seed,
      PathListener listener) {
    this.host = host;
    this.router = router;
    this.listener = listener;
    this.sockets = sockets;
    SplittableRandom random = new SplittableRandom(seed);
    ConntrackSettings settings =
        new ConntrackSettings((name, dflt) -> host.sysctls().getInt(name, dflt));
    conntrack = new Conntrack(settings, random.nextInt());
    nat = new Nat(conntrack, random.split());
    Helpers.register(new HelperContext(conntrack, nat, host, router, random.split()));
    defragmenter =
        new Defragmenter(fragmentSettings(host, "net.netfilter.nf_conntrack_frag6_", "timeout"));
    behindInput = new Defragmenter(fragmentSettings(host, "net.ipv6.ip6frag_", "time"));
    Ipv4Options options = new Ipv4Options(router);
    Fragmenter fragmenter = new Fragmenter(random.nextLong());
    Peers peers = new Peers(conntrack::nowNs);
    IcmpRateLimit limit = new IcmpRateLimit(host, peers, random.split());
    ways = new Ways(host.loopback());
    hooks = new HookWalk(four, six, this, defragmenter, host.loopback(), ways, listener);
    answers = new Answers(host, router, options, hooks, limit);
    replies = new IcmpReplies(host, router, options, hooks, answers, limit);
    own = new OwnPackets(answers, replies, limit, new Redirects(peers), sockets, pool);
    neighbours = new NeighbourQueue(pool, conntrack::nowNs, new NeighbourEvents());
    output = new OutputPath(host, router, hooks, own, fragmenter, neighbours, listener);
    diverts = new DivertSockets(host, own, output, listener);
    input =
        new InputPath(host, router, hooks, own, output, defragmenter, behindInput, options, ways);
  }

  /**
   * Received frames have room before their link header for what the driver leaves there; frames
   * that come through a veth pair have next to none.
   */
  private static Defragmenter.Settings fragmentSettings(Host host, String six, String timeout) {
    boolean veth = host.interfaces().stream().anyMatch(i -> i.kind().equals("veth"));
    Sysctls s = host.sysctls();
    return new Defragmenter.Settings(
        s.getInt("net.ipv4.ipfrag_time", 30) * SECOND_NS,
        s.getInt(six + timeout, 60) * SECOND_NS,
        s.getInt("net.ipv4.ipfrag_high_thresh", 4 << 20),
        s.getInt(six + "high_thresh", 4 << 20),
        s.getInt("net.ipv4.ipfrag_max_dist", 64),
        veth ? 2 : 64);
  }

  /** Moves the clock: timers expire, neighbours are given up. */
  public void advance(long nowNs) {
    if (!clocks.isEmpty()) {
      clocks.values().forEach(clock -> clock.accept(nowNs));
    }
    while (neighbours.nextNs() <= nowNs) {
      conntrack.advance(neighbours.nextNs());
      neighbours.runNext();
      input.runPending();
    }
    conntrack.advance(nowNs);
    defragmenter.advance(nowNs, input::fragmentsExpired);
    behindInput.advance(nowNs, input::fragmentsExpired);
    input.runPending();
  }

  /**
   * Takes note that packets as this one, decoded, will be sent ({@link #send}): neighbour
   * solicitations and answers to pings are not made up then.
   */
  public void willSend(Packet p) {
    if (p.fragmentOffset != 0 || p.transport >= p.end) {
      return;
    }
    int type = p.u8(p.transport + Icmp.TYPE);
    discoveryCaptured |= p.protocol == Protocols.ICMPV6 && type == Icmp.V6_NEIGHBOUR_SOLICITATION;
    replies.leave(p.protocol, type);
  }

  /** Takes note that it is not known what will be sent: nothing is made up. */
  public void willSendAnything() {
    discoveryCaptured = true;
    replies.leaveAll();
  }

  private final class NeighbourEvents implements NeighbourQueue.Events {
    @Override
    public void ask(Packet waiting) {
      if (waiting.nextHopSix && !discoveryCaptured) {
        own.solicit(waiting);
      }
    }

    @Override
    public void unreachable(Packet waited) {
      own.unreachable(waited);
    }
  }

  /** A frame that arrived: link layer already looked at, network header not yet. */
  public void receive(Packet p) {
    input.arrive(p);
    input.runPending();
    conntrack.endFrame(!neighbours.isEmpty());
  }

  /** A packet that a socket of the host sends. */
  public void send(Packet p) {
    p.local = true;
    Decoder.transport(p);
    output.send(p);
    input.runPending();
    conntrack.endFrame(!neighbours.isEmpty());
  }

  /** Spares the work of making the frames that leave, where nobody wants to see them. */
  public void wantFrames(boolean wanted) {
    output.wantFrames(wanted);
  }

  /** Has every step told to {@code observer} from now on; null for nobody. */
  public void observe(PathObserver observer) {
    hooks.observe(observer);
  }

  /** Whether the ways of flows are remembered; the answers are the same. */
  public void rememberWays(boolean remembered) {
    ways.enable(remembered);
  }

  /** Takes what cannot be decided for a match instead of for none. */
  public void takeUndecidedAsMatch(boolean match) {
    undecidedMatches = match;
  }

  /**
   * Has IPv4 packets take the way of Linux 2.2, through the rules of ipchains; before the first.
   */
  public void ipchains(Ipchains chains) {
    IpchainsPath path =
        new IpchainsPath(chains, host, router, hooks, own, output, diverts, listener);
    input.ipchains(path);
    output.ipchains(path);
  }

  /** Puts a table of another ruleset in the place of the one of that name, between two packets. */
  void replace(BoundRuleset other, String table) {
    hooks.replace(other, table);
  }

  /** Says who listens at queues, by the queue's number; null where nobody knows. */
  public void queues(IntFunction<PacketListener> byNumber) {
    queues = new QueueListeners(byNumber);
  }

  /** Says who listens at divert sockets, by their ports; null where nobody knows. */
  public void diverts(IntFunction<PacketListener> byPort) {
    diverts.listeners(byPort);
  }

  /** What ended listeners, and what the host refused to take back from them; a sentence each. */
  public List<String> listenerProblems() {
    List<String> all = new ArrayList<>(queues.problems());
    all.addAll(diverts.problems());
    return all;
  }

  // -- services for targets ----------------------------------------------------------------------

  @Override
  public void log(Packet packet, Evaluation e, LogRequest request) {
    listener.logged(packet, e, request);
  }

  @Override
  public void keepTime(LongConsumer clock, String key) {
    clocks.putIfAbsent(key, clock);
  }

  @Override
  public void note(Packet packet, String what) {
    listener.noted(packet, what);
  }

  @Override
  public void sendUnreachable(Packet packet, Evaluation e, int type, int code) {
    hooks.rejected();
    if (answers.mayReject(packet)) {
      own.answer(packet, type, code, 0);
    }
  }

  @Override
  public void sendReset(Packet packet, Evaluation e) {
    hooks.rejected();
    if (own.reset(packet)) {
      conntrack.setClosing(Connection.of(packet));
    }
  }

  @Override
  public void sendCopy(Packet packet, Evaluation e, long gatewayHi, long gatewayLo, int out) {
    if (hooks.isNested()) {
      return;
    }
    Packet copy = pool.take();
    answers.duplicate(packet, e.hook, copy);
    output.sendTowards(copy, gatewayHi, gatewayLo, out);
    pool.give(copy);
  }

  @Override
  public void sendError(Packet packet, int type, int code, int info) {
    own.answer(packet, type, code, info);
  }

  @Override
  public void receiveCopy(Packet packet, int in, Consumer<Packet> change) {
    own.receiveCopy(packet, in, change);
  }

  @Override
  public QueueAnswer queueAnswer(int number) {
    return queues.answer(number);
  }

  @Override
  public QueueAnswer askQueue(Packet packet, int number) {
    return queues.ask(packet, number);
  }

  @Override
  public boolean divert(Packet packet, Evaluation e, int port, boolean fragment) {
    return diverts.divert(packet, e, port, fragment);
  }

  @Override
  public boolean mayListen(int protocol, int port) {
    return sockets.listens(protocol, port);
  }

  @Override
  public boolean undecidedMatches() {
    return undecidedMatches;
  }

  @Override
  public Nat nat() {
    return nat;
  }

  @Override
  public Conntrack conntrack() {
    return conntrack;
  }

  @Override
  public int pathMtu(Packet packet) {
    return packet.routeMtu;
  }

  @Override
  public int reversePathMtu(Packet packet, Evaluation e) {
    return output.reversePathMtu(packet);
  }
}
