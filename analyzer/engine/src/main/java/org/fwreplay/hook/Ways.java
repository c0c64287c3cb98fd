package org.fwreplay.hook;

import java.util.HashMap;
import java.util.Map;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.host.Neighbours;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;
import org.fwreplay.rule.Trail;

/**
 * Remembers which way the packets of flows took, so that the next ones take it without being walked
 * through tables and routed again. A way is remembered only where all that was asked on it has the
 * same answer for each of them ({@link org.fwreplay.xt.Validity}), so that counters, verdicts and
 * all else are what they are without this.
 *
 * <p>It begins behind connection tracking, which sees every packet: a flow is found by its
 * connection, or by its addresses and ports where nothing is tracked. The first packet makes it
 * known, the second leaves its trail, and the others follow.
 */
final class Ways {
  /** How many different ways are kept apart before all is forgotten. */
  private static final int MANY = 1 << 16;

  private static final int FLAGS_SHIFT = 8;
  private static final long FLAGS = 0xffL << FLAGS_SHIFT;

  private final Trail trail = new Trail();
  private final Map<Way, Way> ways = new HashMap<>();
  private final int loopback;
  private boolean enabled = true;
  private boolean observed;
  private final UntrackedFlows untracked = new UntrackedFlows();

  /** The packet that leaves a trail, and what is known of its flow. */
  private Packet packet;

  private KnownFlow flow;
  private long state;
  private long traits;
  private RouteCache.Entry route;

  /**
   * Nothing is known yet.
   *
   * @param loopback id of the loopback interface
   */
  Ways(int loopback) {
    this.loopback = loopback;
  }

  /** Where tables note what packets meet. */
  Trail trail() {
    return trail;
  }

  /** Whether anything is remembered, from now on. */
  void enable(boolean enabled) {
    this.enabled = enabled;
  }

  /** Whether somebody wants to see every step of every packet. */
  void observed(boolean observed) {
    this.observed = observed;
  }

  /**
   * The way of a packet behind connection tracking. Where it is not known, its trail may be kept
   * from here to {@link #ended}.
   *
   * @param tracked whether connections of its family are tracked
   * @return null where it is not known
   */
  Way find(Packet p, boolean tracked) {
    trail.close();
    if (!enabled || observed || !isPlain(p)) {
      return null;
    }
    KnownFlow known = tracked ? tracked(p) : untracked.find(p);
    if (known == null) {
      return null;
    }
    Connection ct = Connection.of(p);
    long id = ct == null ? -1 : ct.id;
    long now = ct == null ? 0 : (long) ct.mark << 32 | ct.status;
    long has = traitsOf(p);
    if (known.way != null
        && known.connection == id
        && known.state == now
        && ((known.traits ^ has) & known.mask) == 0
        && known.way.holds(p.length())) {
      p.memo = known;
      return known.way;
    }
    if (known.connection != id) {
      known.connection = id;
      known.forget();
    }
    known.way = null;
    packet = p;
    flow = known;
    state = now;
    traits = has;
    route = null;
    trail.open();
    return null;
  }

  /** The packet under way was routed. */
  void routed(RouteCache.Entry entry) {
    route = entry;
  }

  /** Something happened to the packet under way that need not happen to others of its flow. */
  void lose() {
    trail.close();
  }

  /** A packet's way ended; see {@link PathListener#ended}. */
  void ended(Packet p, Fate fate, Hook hook, int rule) {
    if (!trail.isOpen() || p != packet) {
      return;
    }
    trail.close();
    boolean forwarded =
        fate == Fate.FORWARDED && !route.result.redirect && route.linkAddress != Neighbours.FAILED;
    if (forwarded || fate == Fate.DROPPED && hook != null) {
      flow.state = state;
      flow.traits = traits;
      flow.mask = trail.dependsOnTcpFlags() ? -1 : ~FLAGS;
      flow.way = shared(new Way(route, trail.places(), fate, hook, rule));
    }
  }

  private Way shared(Way way) {
    Way same = ways.putIfAbsent(way, way);
    if (same != null) {
      return same;
    }
    if (ways.size() > MANY) {
      ways.clear();
    }
    return way;
  }

  /** Whether nothing is special about a packet: it came whole, TCP or UDP, without options. */
  private boolean isPlain(Packet p) {
    int header = p.ipv6 ? Ipv6.LENGTH : Ipv4.MIN_LENGTH;
    int needed = p.protocol == Protocols.UDP ? Udp.LENGTH : Tcp.MIN_LENGTH;
    return (p.protocol == Protocols.UDP || p.protocol == Protocols.TCP)
        && !p.isFragment()
        && p.largestFragment == 0
        && p.transport == p.network + header
        && p.transport + needed <= p.end
        && p.ttl() > 1
        && p.in != loopback
        && p.type != Packet.LOOPBACK
        && p.mark == 0
        && !(p.traced | p.undecided | p.hasSocket | p.diverted);
  }

  /** All that rules with {@link org.fwreplay.xt.Validity#FLOW} and routing look at besides. */
  private static long traitsOf(Packet p) {
    int flags = p.protocol == Protocols.TCP ? p.u8(p.transport + Tcp.FLAGS) : 0;
    long label = p.ipv6 ? p.u32(p.network) & 0xfffff : 0;
    return label << 40
        | (long) p.in << 24
        | (long) p.type << 20
        | (long) p.trackInfo << 16
        | flags << FLAGS_SHIFT
        | p.tos();
  }

  private static KnownFlow tracked(Packet p) {
    Connection ct = Connection.of(p);
    if (ct == null || !ct.is(Connection.CONFIRMED) || ct.help != null) {
      return null;
    }
    int direction = CtInfo.direction(p.trackInfo);
    KnownFlow known = (KnownFlow) ct.remembered(direction);
    if (known == null) {
      known = new KnownFlow();
      ct.remember(direction, known);
    }
    return known;
  }
}
