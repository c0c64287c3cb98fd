package org.fwreplay.report.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.conntrack.TupleReader;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.FlowMemo;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.rule.BoundRuleset;

/**
 * Puts the packets of a run together into flows, and hands each over when it has ended.
 *
 * <p>A connection is one flow from its confirmation to its end. Packets that no connection in the
 * table holds are flows by their addresses and ports: until {@link #IDLE_NS} have passed without
 * one, or until there are too many of them.
 */
public final class FlowCollector {
  /** How long a flow outside the table may be silent before it has ended, in ns. */
  static final long IDLE_NS = 60_000_000_000L;

  private static final int MAX_LOOSE = 1 << 16;

  private final List<FlowSink> sinks = new ArrayList<>();
  private final ArrayDeque<Flow> free = new ArrayDeque<>();
  private final Conntrack conntrack;
  private final LooseFlows loose = new LooseFlows(MAX_LOOSE);
  private final Tuple key = new Tuple();
  private final Tuple inverse = new Tuple();

  /** By family: whether connections are tracked at all, and whether a place is in table raw. */
  private final boolean[] tracks;

  private final boolean[][] raw;
  private final BoundRuleset[] rules;

  /** Connections that left the table while a packet of theirs may still be under way. */
  private final List<Flow> ending = new ArrayList<>();

  private int[] hits = new int[32];
  private int hitCount;
  private long frame;
  private long nowNs;
  private long lastId;
  private long counted;

  /** A collector for a run that has not started. */
  public FlowCollector(ReplayRun run) {
    rules = new BoundRuleset[] {run.rules4(), run.rules6()};
    conntrack = run.conntrack();
    tracks = new boolean[rules.length];
    raw = new boolean[rules.length][];
    for (int i = 0; i < rules.length; i++) {
      tracks[i] = rules[i] != null && rules[i].needsConntrack();
      raw[i] = new boolean[rules[i] == null ? 0 : rules[i].placeCount()];
      for (int place = 0; place < raw[i].length; place++) {
        raw[i][place] = rules[i].chain(place).table().name().equals("raw");
      }
    }
  }

  /** Adds someone who takes the flows. */
  public FlowCollector to(FlowSink sink) {
    sinks.add(sink);
    return this;
  }

  /** The next frame starts. */
  public void frame(Packet packet) {
    frame = packet.frame;
    nowNs = packet.timeNs;
    if (!ending.isEmpty()) {
      ending.forEach(this::end);
      ending.clear();
    }
    Flow idle = loose.idleSince(nowNs - IDLE_NS);
    while (idle != null) {
      endLoose(idle);
      idle = loose.idleSince(nowNs - IDLE_NS);
    }
  }

  /** A place that the packet under way hit. */
  public void hit(boolean ipv6, int place) {
    if (!rules[ipv6 ? 1 : 0].isRule(place)) {
      return;
    }
    if (hitCount == hits.length) {
      hits = Arrays.copyOf(hits, hitCount * 2);
    }
    hits[hitCount++] = place;
  }

  /** Places that the packet under way hit as others of its flow before; see Packet.memo. */
  public void hit(boolean ipv6, int[] places, FlowMemo memo) {
    if (remembered(memo) == null) {
      for (int place : places) {
        hit(ipv6, place);
      }
    }
  }

  /** The rule that the packet under way hit last, -1 for none. */
  public int lastHit() {
    return hitCount == 0 ? -1 : hits[hitCount - 1];
  }

  /**
   * A packet's way ended.
   *
   * @param place of the rule that decided, -1 for none
   */
  public void ended(Packet p, Fate fate, int place) {
    Flow flow = remembered(p.memo);
    if (flow != null) {
      count(flow, p, p.memo.direction, fate, place);
    } else if (hasFlow(fate)) {
      flow = flow(p, fate, place);
      if (flow.isEmpty()) {
        begin(flow, p, place);
      }
      int direction = direction(flow, p);
      count(flow, p, direction, fate, place);
      remember(flow, direction, p.memo);
    }
    counted = flow == null ? 0 : flow.id;
    hitCount = 0;
  }

  private void count(Flow flow, Packet p, int direction, Fate fate, int place) {
    flow.count(p, direction, fate, place);
    flow.hit(hits, hitCount);
  }

  /** The flow in which packets with the same memo were counted, if it has not ended. */
  private Flow remembered(FlowMemo memo) {
    return memo != null
            && memo.observed instanceof Flow flow
            && flow.id == memo.observedId
            && !flow.ended
            && (flow.kind == FlowKind.TRACKED || nowNs - flow.lastNs <= IDLE_NS)
        ? flow
        : null;
  }

  private static void remember(Flow flow, int direction, FlowMemo memo) {
    if (memo != null) {
      memo.observed = flow;
      memo.observedId = flow.id;
      memo.direction = direction;
    }
  }

  /** The number of the flow in which the packet was counted whose way ended last, 0 for none. */
  public long lastFlow() {
    return counted;
  }

  /** The number of a connection's flow, 0 while it has none. */
  public static long idOf(Connection ct) {
    return ct.observed instanceof Flow flow ? flow.id : 0;
  }

  /** Whether the packet's addresses were looked at, and it is not only a part of one. */
  private static boolean hasFlow(Fate fate) {
    return switch (fate) {
      case NOT_IP, MALFORMED, OTHER_HOST, FRAGMENT_HELD -> false;
      default -> true;
    };
  }

  private void begin(Flow flow, Packet p, int place) {
    flow.firstNs = p.timeNs;
    flow.frame = frame;
    flow.in = p.local ? -1 : p.in;
    flow.out = p.out;
    flow.rule = place;
  }

  private int direction(Flow flow, Packet p) {
    return switch (flow.kind) {
      case TRACKED, NEW -> p.tracked == null ? 0 : CtInfo.direction(p.trackInfo);
      case UNTRACKED -> flow.original.sameKey(key) ? 0 : 1;
      default -> 0;
    };
  }

  private Flow flow(Packet p, Fate fate, int place) {
    Connection ct = Connection.of(p);
    if (ct != null && ct.is(Connection.TEMPLATE)) {
      ct = null;
    }
    FlowKind kind = kind(p, ct, fate, place);
    if (kind == FlowKind.TRACKED) {
      return (Flow) ct.observed;
    }
    if (kind == FlowKind.NEW && ct != null) {
      key.set(ct.original);
    } else {
      readKey(p);
    }
    int hash = LooseFlows.hash(kind, key);
    Flow flow = find(hash, kind, key);
    if (flow == null && kind == FlowKind.UNTRACKED && TupleReader.invert(key, inverse)) {
      flow = find(hash, kind, inverse);
    }
    return flow == null ? addLoose(hash, kind, ct) : flow;
  }

  private Flow find(int hash, FlowKind kind, Tuple tuple) {
    Flow flow = loose.find(hash, kind, tuple);
    if (flow != null && nowNs - flow.lastNs > IDLE_NS) {
      endLoose(flow);
      return null;
    }
    return flow;
  }

  private FlowKind kind(Packet p, Connection ct, Fate fate, int place) {
    if (ct == null) {
      boolean untracked =
          p.trackInfo == CtInfo.UNTRACKED || !tracks[p.ipv6 ? 1 : 0] || isRaw(p, fate, place);
      return fate == Fate.CONNTRACK
          ? FlowKind.NEW
          : untracked ? FlowKind.UNTRACKED : FlowKind.INVALID;
    }
    boolean related = p.trackInfo == CtInfo.RELATED || p.trackInfo == CtInfo.RELATED_REPLY;
    if (related && p.protocol == (p.ipv6 ? Protocols.ICMPV6 : Protocols.ICMP)) {
      return FlowKind.RELATED;
    }
    if (ct.observed == null && ct.is(Connection.CONFIRMED) && !ct.is(Connection.DYING)) {
      created(ct);
    }
    return ct.observed == null ? FlowKind.NEW : FlowKind.TRACKED;
  }

  /** Whether the packet was lost in table raw, before it could be tracked. */
  private boolean isRaw(Packet p, Fate fate, int place) {
    return place >= 0 && !fate.passed() && raw[p.ipv6 ? 1 : 0][place];
  }

  /** The tuple of the packet as it is; without ports where it has none. */
  private void readKey(Packet p) {
    key.zone = 0;
    TupleReader.readAny(p, key);
  }

  private Flow addLoose(int hash, FlowKind kind, Connection ct) {
    if (loose.isFull()) {
      endLoose(loose.toGiveUp());
    }
    Flow flow = take(kind);
    if (kind == FlowKind.NEW && ct != null) {
      flow.take(ct);
    } else {
      flow.original.set(key);
    }
    flow.lastNs = nowNs;
    loose.add(flow, hash);
    return flow;
  }

  /** The connection came into the table. */
  public void created(Connection ct) {
    if (ct.observed != null) {
      return;
    }
    Flow flow = take(FlowKind.TRACKED);
    flow.take(ct);
    flow.connection = ct;
    if (ct.master != null && ct.master.observed instanceof Flow master) {
      flow.master = master.id;
    }
    ct.observed = flow;
  }

  /** The connection left the table. */
  public void destroyed(Connection ct) {
    if (ct.observed instanceof Flow flow) {
      flow.gone = true;
      flow.settle(ct);
      ending.add(flow);
    }
  }

  /** The run is over: all flows end. */
  public void finish() {
    ending.forEach(this::end);
    ending.clear();
    conntrack.forEachHeld(
        ct -> {
          if (ct.observed instanceof Flow flow) {
            flow.settle(ct);
            ending.add(flow);
          }
        });
    endInOrder();
    while (loose.any() != null) {
      endLoose(loose.any());
    }
  }

  /** Ends those that are ending in the order of their first packets. */
  private void endInOrder() {
    long[] ids = ending.stream().mapToLong(flow -> flow.id).toArray();
    Arrays.sort(ids);
    Flow[] flows = new Flow[ids.length];
    for (Flow flow : ending) {
      flows[Arrays.binarySearch(ids, flow.id)] = flow;
    }
    ending.clear();
    for (Flow flow : flows) {
      end(flow);
    }
  }

  private void endLoose(Flow flow) {
    loose.remove(flow);
    end(flow);
  }

  private void end(Flow flow) {
    if (flow.connection != null && flow.connection.observed == flow) {
      flow.connection.observed = null;
    }
    flow.connection = null;
    flow.ended = true;
    boolean kept = false;
    if (!flow.isEmpty()) {
      for (FlowSink sink : sinks) {
        kept |= sink.ended(flow);
      }
    }
    if (!kept) {
      free.add(flow);
    }
  }

  private Flow take(FlowKind kind) {
    Flow flow = free.pollLast();
    if (flow == null) {
      return new Flow(++lastId, kind);
    }
    flow.begin(++lastId, kind);
    return flow;
  }
}
