package org.fwreplay.hook;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackSettings;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.helper.HelperContext;
import org.fwreplay.helper.Helpers;
import org.fwreplay.host.Host;
import org.fwreplay.host.Neighbours;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;
import org.fwreplay.host.Sysctls;
import org.fwreplay.nat.Nat;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Defragmenter;
import org.fwreplay.packet.Fragmenter;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.BoundTable;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;
import org.fwreplay.xt.QueueAnswer;
import org.fwreplay.xt.Verdict;

/**
 * A packet's way through the host, from the interface it came in by to the one it leaves by: the
 * hooks with their tables at Linux's priorities (netfilter_ipv4.h), routing (ip_input, ip_forward,
 * ip_output and their IPv6 siblings), and the answers that the host makes. One for each run; not
 * for several threads.
 */
public final class Netfilter implements Evaluation.Services {
  private static final long SECOND_NS = 1_000_000_000L;

  private final Host host;
  private final Router router;
  private final PathListener listener;
  private final Conntrack conntrack;
  private final Nat nat;
  private final FamilyHooks ipv4;
  private final FamilyHooks ipv6;
  private final Answers answers;
  private final Sockets sockets;
  private final Defragmenter defragmenter;
  private final Fragmenter fragmenter;
  private final Evaluation evaluation = new Evaluation(this);
  private final Evaluation nestedEvaluation = new Evaluation(this, true);
  private final PacketPool pool = new PacketPool();
  private final NeighbourQueue neighbours = new NeighbourQueue(pool, new NeighbourEvents());
  private final RouteQuery query = new RouteQuery();
  private final RouteCache routes;

  /** For decisions about packets that the host sends. */
  private final RouteResult outputRoute = new RouteResult();

  /** The latest decision. */
  private RouteResult route = outputRoute;

  private final Ipv4Options options;
  private final Redirects redirects = new Redirects();

  /** Packets that the host made, or that are on the loopback, while another is under way. */
  private final ArrayDeque<Packet> pending = new ArrayDeque<>();

  private int lastRule = -1;
  private boolean rejected;
  private boolean undecidedMatches;
  private boolean duplicating;
  private IntFunction<QueueAnswer> queues = number -> null;
  private boolean discoveryCaptured;
  private boolean wantsFrames = true;

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
    ipv4 = hooks(four);
    ipv6 = hooks(six);
    options = new Ipv4Options(router);
    answers = new Answers(host, router, options);
    routes = new RouteCache(router);
    defragmenter = new Defragmenter(fragmentSettings(host));
    fragmenter = new Fragmenter(random.nextLong());
  }

  /**
   * Received frames have room before their link header for what the driver leaves there; frames
   * that come through a veth pair have next to none.
   */
  private static Defragmenter.Settings fragmentSettings(Host host) {
    boolean veth = host.interfaces().stream().anyMatch(i -> i.kind().equals("veth"));
    Sysctls s = host.sysctls();
    return new Defragmenter.Settings(
        s.getInt("net.ipv4.ipfrag_time", 30) * SECOND_NS,
        s.getInt("net.netfilter.nf_conntrack_frag6_timeout", 60) * SECOND_NS,
        s.getInt("net.ipv4.ipfrag_high_thresh", 4 << 20),
        s.getInt("net.netfilter.nf_conntrack_frag6_high_thresh", 4 << 20),
        s.getInt("net.ipv4.ipfrag_max_dist", 64),
        veth ? 2 : 64);
  }

  private static FamilyHooks hooks(BoundRuleset rules) {
    return rules == null
        ? FamilyHooks.NONE
        : new FamilyHooks(rules, rules.needsConntrack(), rules.needsDefragmentation());
  }

  /** Moves the clock: timers expire, neighbours are given up. */
  public void advance(long nowNs) {
    while (neighbours.nextNs() <= nowNs) {
      conntrack.advance(neighbours.nextNs());
      neighbours.runNext();
      runPending();
    }
    conntrack.advance(nowNs);
    defragmenter.advance(nowNs, this::fragmentsExpired);
    runPending();
  }

  /** {@code ip_expire}, {@code ip6frag_expire_frag_queue}: the missing fragments never came. */
  private void fragmentsExpired(Packet first, int user) {
    if (first.ipv6) {
      answer(first, Icmp.V6_TIME_EXCEEDED, 1, 0);
      return;
    }
    query(first);
    query.iif = first.in;
    int decision = routes.input(query).result.decision;
    first.routedLocal = decision == RouteResult.LOCAL;
    first.routedToAll = decision == RouteResult.BROADCAST || decision == RouteResult.MULTICAST;
    boolean endHost = first.routedLocal || user == Defragmenter.LOCAL_DELIVER;
    if (endHost && decision <= RouteResult.MULTICAST) {
      answer(first, Icmp.TIME_EXCEEDED, 1, 0);
    }
  }

  private void unreachable(Packet p) {
    if (p.ipv6) {
      answer(p, Icmp.V6_DEST_UNREACHABLE, 3, 0);
    } else {
      answer(p, Icmp.DEST_UNREACHABLE, 1, 0);
    }
  }

  /** Whether the host's own neighbour discovery is among the captures, so that none is made up. */
  public void neighbourDiscoveryIsCaptured() {
    discoveryCaptured = true;
  }

  private final class NeighbourEvents implements NeighbourQueue.Events {
    @Override
    public void ask(Packet waiting) {
      if (waiting.nextHopSix && !discoveryCaptured) {
        Packet p = pool.take();
        boolean made = answers.solicitation(waiting, p);
        queue(p, made);
      }
    }

    @Override
    public void unreachable(Packet waited) {
      Netfilter.this.unreachable(waited);
    }
  }

  /** A frame that arrived: link layer already looked at, network header not yet. */
  public void receive(Packet p) {
    arrive(p);
    runPending();
    conntrack.endFrame(!neighbours.isEmpty());
  }

  /** A packet that a socket of the host sends. */
  public void send(Packet p) {
    p.local = true;
    Decoder.transport(p);
    routeOutput(p);
    runPending();
    conntrack.endFrame(!neighbours.isEmpty());
  }

  private void runPending() {
    Packet p;
    while ((p = pending.poll()) != null) {
      if (p.in >= 0) {
        arrive(p);
      } else if (p.out >= 0) {
        output(p);
      } else {
        routeOutput(p);
      }
      pool.give(p);
    }
  }

  private FamilyHooks hooks(Packet p) {
    return p.ipv6 ? ipv6 : ipv4;
  }

  /** Id of the rule or chain end that decided the last packet; negative for none. */
  public int lastRule() {
    return lastRule;
  }

  private void end(Packet p, Fate fate, Hook hook) {
    listener.ended(p, fate, hook, hook == null ? -1 : lastRule);
  }

  // -- a table -----------------------------------------------------------------------------------

  /** Walks a table; false where the packet's way ends. */
  private boolean walk(BoundTable table, Packet p, Hook hook, int in, int out) {
    if (!FamilyHooks.serves(table, hook)) {
      return true;
    }
    Evaluation e = duplicating ? nestedEvaluation : evaluation;
    e.family = p.ipv6 ? org.fwreplay.packet.Family.IPV6 : org.fwreplay.packet.Family.IPV4;
    e.in = in;
    e.out = out;
    rejected = false;
    int verdict = table.run(hook, p, e);
    lastRule = table.lastDecision();
    if (verdict == Verdict.QUEUE) {
      verdict = e.queue(p, 0, false);
    }
    if (verdict == Verdict.ACCEPT) {
      return true;
    }
    Fate fate = rejected ? Fate.REJECTED : verdict == Verdict.DROP ? Fate.DROPPED : Fate.STOLEN;
    end(p, fate, hook);
    return false;
  }

  private boolean filter(Packet p, Hook hook, int in, int out) {
    FamilyHooks h = hooks(p);
    return walk(h.filter, p, hook, in, out) && walk(h.security, p, hook, in, out);
  }

  // -- connection tracking and NAT ---------------------------------------------------------------

  private boolean track(Packet p, Hook hook) {
    if (hooks(p).conntrack && conntrack.in(p, hook) != Conntrack.ACCEPT) {
      end(p, Fate.CONNTRACK, hook);
      return false;
    }
    return true;
  }

  private boolean confirm(Packet p, Hook hook) {
    if (!hooks(p).conntrack) {
      return true;
    }
    boolean loopback = hook == Hook.INPUT && p.in == host.loopback();
    if (conntrack.helpAndConfirm(p, loopback) != Conntrack.ACCEPT) {
      end(p, Fate.CONNTRACK, hook);
      return false;
    }
    return true;
  }

  /** {@code nf_nat_inet_fn}: decides once a connection, then rewrites each packet. */
  private boolean translate(Packet p, Hook hook, int in, int out) {
    FamilyHooks h = hooks(p);
    Connection ct = Connection.of(p);
    if (h.nat == null || ct == null) {
      return true;
    }
    int info = p.trackInfo;
    boolean related = info == CtInfo.RELATED || info == CtInfo.RELATED_REPLY;
    boolean icmp = p.protocol == (p.ipv6 ? Protocols.ICMPV6 : Protocols.ICMP);
    boolean good;
    if (related && icmp) {
      good = nat.icmpError(p, ct, hook);
    } else {
      int manip = Nat.manipOf(hook);
      boolean mayDecide = related || info == CtInfo.NEW;
      if (mayDecide && !Nat.isDone(ct, manip)) {
        if (!walk(h.nat, p, hook, in, out)) {
          return false;
        }
        if (!Nat.isDone(ct, manip)) {
          nat.bindNull(ct, manip);
        }
      } else if (outChanged(ct, info, hook, out)) {
        conntrack.killCounting(ct, p);
        end(p, Fate.NAT, hook);
        return false;
      }
      good = nat.packet(p, ct, hook);
    }
    if (!good) {
      end(p, Fate.NAT, hook);
    }
    return good;
  }

  /** {@code nf_nat_oif_changed}: a masqueraded connection that now leaves by another interface. */
  private static boolean outChanged(Connection ct, int info, Hook hook, int out) {
    return hook == Hook.POSTROUTING
        && CtInfo.direction(info) == Connection.ORIGINAL
        && ct.masqueradeInterface >= 0
        && ct.masqueradeInterface != out;
  }

  // -- arriving ----------------------------------------------------------------------------------

  private void arrive(Packet p) {
    if (p.type == Packet.OTHER_HOST && !(p.ownSourceMac && restored(p))) {
      end(p, Fate.OTHER_HOST, null);
      return;
    }
    boolean onLoopback = p.in == host.loopback() || p.type == Packet.LOOPBACK;
    int sound = Decoder.decode(p, onLoopback);
    if (sound != Decoder.OK || p.ipv6 && !HopByHop.isSound(p)) {
      end(p, Fate.MALFORMED, null);
      return;
    }
    FamilyHooks h = hooks(p);
    if (h.defragment && Defragmenter.isFragment(p)) {
      if (p.isLaterFragment()) {
        defragmenter.restore(p, Defragmenter.CONNTRACK_IN);
      }
      if (!gather(p, Defragmenter.CONNTRACK_IN)) {
        return;
      }
    }
    if (!walk(h.raw, p, Hook.PREROUTING, p.in, -1)
        || !track(p, Hook.PREROUTING)
        || !walk(h.mangle, p, Hook.PREROUTING, p.in, -1)) {
      return;
    }
    long hi = p.destinationHi();
    long lo = p.destinationLo();
    if (!translate(p, Hook.PREROUTING, p.in, -1)) {
      return;
    }
    boolean moved = hi != p.destinationHi() || lo != p.destinationLo();
    if (onLoopback && p.routedLocal && !moved) {
      deliver(p);
      return;
    }
    routeInput(p);
  }

  /** Whether this was a fragment for us that was overwritten on its way out; see Defragmenter. */
  private boolean restored(Packet p) {
    boolean was =
        Decoder.decode(p, false) == Decoder.OK
            && p.isLaterFragment()
            && defragmenter.restore(p, Defragmenter.CONNTRACK_IN);
    if (was) {
      p.type = Packet.TO_HOST;
    }
    return was;
  }

  /** Puts fragments together; false where the packet must wait or was dropped. */
  private boolean gather(Packet p, int user) {
    if (p.tracked != null && !Connection.of(p).is(Connection.TEMPLATE)
        || p.trackInfo == CtInfo.UNTRACKED) {
      return true;
    }
    int result = defragmenter.in(p, user, conntrack.nowNs());
    if (result == Defragmenter.WHOLE || result == Defragmenter.PASSED) {
      Decoder.transport(p);
      return true;
    }
    end(p, result == Defragmenter.HELD ? Fate.FRAGMENT_HELD : Fate.MALFORMED, null);
    return false;
  }

  private void query(Packet p) {
    query.clear();
    query.six = p.ipv6;
    query.srcHi = p.sourceHi();
    query.srcLo = p.sourceLo();
    query.dstHi = p.destinationHi();
    query.dstLo = p.destinationLo();
    query.mark = p.mark;
    query.tos = p.tos();
    query.protocol = Math.max(p.protocol, 0);
    if (p.ipv6) {
      query.flowLabel = (int) p.u32(p.network) & 0xfffff;
    }
    boolean ports =
        p.protocol == Protocols.TCP || p.protocol == Protocols.UDP || p.protocol == Protocols.SCTP;
    if (ports && p.fragmentOffset == 0 && p.transport + 4 <= p.end) {
      query.sourcePort = p.u16(p.transport);
      query.destinationPort = p.u16(p.transport + 2);
    }
  }

  private void routeInput(Packet p) {
    query(p);
    query.iif = p.in;
    RouteCache.Entry cached = routes.input(query);
    route = cached.result;
    p.linkAddress = cached.linkAddress;
    int decision = route.decision;
    p.routedLocal = decision == RouteResult.LOCAL;
    p.routedToAll = decision == RouteResult.BROADCAST || decision == RouteResult.MULTICAST;
    if (!p.ipv6 && p.ipv4HeaderLength() > Ipv4.MIN_LENGTH && !acceptOptions(p, decision)) {
      return;
    }
    switch (decision) {
      case RouteResult.FORWARD:
        forward(p);
        break;
      case RouteResult.LOCAL, RouteResult.BROADCAST, RouteResult.MULTICAST:
        deliver(p);
        break;
      case RouteResult.NO_ROUTE, RouteResult.UNREACHABLE, RouteResult.PROHIBIT:
        if (route.icmpType >= 0) {
          answer(p, route.icmpType, route.icmpCode, 0);
        }
        end(p, Fate.UNROUTABLE, null);
        break;
      case RouteResult.NOT_FORWARDING:
        end(p, Fate.NOT_FORWARDING, null);
        break;
      case RouteResult.DROP_NOT_JOINED:
        end(p, Fate.NOT_JOINED, null);
        break;
      case RouteResult.BLACKHOLE:
        end(p, Fate.UNROUTABLE, null);
        break;
      default:
        end(p, Fate.MARTIAN, null);
        break;
    }
  }

  private boolean acceptOptions(Packet p, int decision) {
    if (decision > RouteResult.MULTICAST) {
      return true;
    }
    long own =
        p.routedLocal
            ? p.destinationLo()
            : router.selectSource4(p.in, p.sourceLo(), org.fwreplay.host.Scope.LINK);
    int wrong = options.receive(p, own);
    if (wrong != 0) {
      answer(p, Icmp.PARAMETER_PROBLEM, 0, wrong << 24);
    } else if (!options.hasSourceRoute() || host.conf(p.in).acceptSourceRoute()) {
      return true;
    }
    end(p, Fate.BAD_OPTIONS, null);
    return false;
  }

  // -- forwarding --------------------------------------------------------------------------------

  private void forward(Packet p) {
    takeRoute(p);
    if (p.type != Packet.TO_HOST) {
      end(p, Fate.OTHER_HOST, null);
      return;
    }
    if (p.ipv6) {
      if (!forward6(p)) {
        return;
      }
    } else if (!forward4(p)) {
      return;
    }
    long recorded = recordedAddress(p);
    if (!walk(hooks(p).mangle, p, Hook.FORWARD, p.in, p.out)
        || !filter(p, Hook.FORWARD, p.in, p.out)) {
      return;
    }
    if (recorded >= 0) {
      options.forward(p, recorded);
    }
    postrouting(p);
  }

  /** The address that a record-route option gets when the packet leaves; -1 without changes. */
  private long recordedAddress(Packet p) {
    boolean changed = !p.ipv6 && p.ipv4HeaderLength() > Ipv4.MIN_LENGTH && options.isChanged();
    return changed ? router.selectSource4(p.out, p.nextHopLo, org.fwreplay.host.Scope.LINK) : -1;
  }

  private void takeRoute(Packet p) {
    p.out = route.oif;
    p.nextHopHi = route.nextHopHi;
    p.nextHopLo = route.nextHopLo;
    p.nextHopSix = route.gateway ? route.nextHopSix : p.ipv6;
    p.routeMtu = route.mtu;
  }

  private boolean forward4(Packet p) {
    if (p.ttl() <= 1) {
      answer(p, Icmp.TIME_EXCEEDED, 0, 0);
      end(p, Fate.TTL_EXCEEDED, null);
      return false;
    }
    if (Fragmenter.isTooBigToForward(p, p.routeMtu)) {
      answer(p, Icmp.DEST_UNREACHABLE, 4, p.routeMtu);
      end(p, Fate.TOO_BIG, null);
      return false;
    }
    p.setTtl(p.ttl() - 1);
    if (route.redirect && redirects.isDue(p.sourceLo(), p.timeNs)) {
      // The hint leaves before the packet that it is about is looked at by FORWARD.
      answer(p, Icmp.REDIRECT, 1, (int) p.nextHopLo);
      runPending();
    }
    return true;
  }

  private boolean forward6(Packet p) {
    if (p.ttl() <= 1) {
      answer(p, Icmp.V6_TIME_EXCEEDED, 0, 0);
      end(p, Fate.TTL_EXCEEDED, null);
      return false;
    }
    if (route.forwardCheck != RouteResult.SOURCE_FINE) {
      if (route.forwardCheck == RouteResult.SOURCE_BEYOND_SCOPE) {
        answer(p, Icmp.V6_DEST_UNREACHABLE, 2, 0);
      }
      end(p, Fate.MARTIAN, null);
      return false;
    }
    if (Fragmenter.isTooBigToForward(p, p.routeMtu)) {
      answer(p, Icmp.V6_PACKET_TOO_BIG, 0, Fragmenter.forwardMtu(p, p.routeMtu));
      end(p, Fate.TOO_BIG, null);
      return false;
    }
    p.setTtl(p.ttl() - 1);
    return true;
  }

  // -- delivery ----------------------------------------------------------------------------------

  private void deliver(Packet p) {
    if (!p.ipv6 && p.isFragment() && !gather(p, Defragmenter.LOCAL_DELIVER)) {
      return;
    }
    FamilyHooks h = hooks(p);
    if (!walk(h.mangle, p, Hook.INPUT, p.in, -1)
        || !filter(p, Hook.INPUT, p.in, -1)
        || !translate(p, Hook.INPUT, p.in, -1)
        || !confirm(p, Hook.INPUT)) {
      return;
    }
    end(p, Fate.DELIVERED, Hook.INPUT);
    answerAsHost(p);
  }

  /** What the host itself answers where no program does. */
  private void answerAsHost(Packet p) {
    if (p.hasSocket) {
      return;
    }
    int field = p.ipv6 ? HopByHop.deliveredNextHeaderOffset(p) : Ipv4.PROTOCOL;
    int protocol = p.u8(p.network + field);
    if (protocol == Protocols.TCP) {
      if (p.transport + Tcp.MIN_LENGTH <= p.end && !sockets.listens(p)) {
        Packet reset = pool.take();
        queue(reset, answers.closedPort(p, reset));
      }
    } else if (protocol == Protocols.UDP) {
      if (Answers.isSoundUdp(p) && !sockets.listens(p)) {
        // The datagram has left its connection by now (nf_reset_ct in the receive routine).
        p.tracked = null;
        p.trackInfo = 0;
        answer(p, p.ipv6 ? Icmp.V6_DEST_UNREACHABLE : Icmp.DEST_UNREACHABLE, p.ipv6 ? 4 : 3, 0);
      }
    } else if (sockets.isUnknown(protocol, p.ipv6)) {
      if (p.ipv6) {
        answer(p, Icmp.V6_PARAMETER_PROBLEM, 1, field);
      } else {
        answer(p, Icmp.DEST_UNREACHABLE, 2, 0);
      }
    }
  }

  // -- what the host sends -----------------------------------------------------------------------

  private void answer(Packet cause, int type, int code, int info) {
    Packet p = pool.take();
    queue(p, answers.error(cause, type, code, info, p));
  }

  private void queue(Packet p, boolean made) {
    if (made) {
      p.in = -1;
      pending.add(p);
    } else {
      pool.give(p);
    }
  }

  private void routeOutput(Packet p) {
    query(p);
    query.anySource = true;
    if (router.output(query, outputRoute) > RouteResult.TRANSMIT) {
      end(p, Fate.UNROUTABLE, null);
      return;
    }
    takeOutputRoute(p);
    // What is too long for its way may be cut: otherwise the socket would have refused to send it.
    p.ignoreDf |= p.ipv6 && p.length() > p.routeMtu;
    output(p);
  }

  private void takeOutputRoute(Packet p) {
    route = outputRoute;
    takeRoute(p);
    p.linkAddress = Packet.LINK_ADDRESS_UNKNOWN;
    p.routedLocal = route.decision == RouteResult.LOCAL;
    p.routedToAll =
        route.decision == RouteResult.BROADCAST || route.decision == RouteResult.MULTICAST;
  }

  private void output(Packet p) {
    FamilyHooks h = hooks(p);
    int out = p.out; // what the hook's rules see, even where the packet is routed again on its way
    if (h.defragment && Defragmenter.isFragment(p) && !gather(p, Defragmenter.CONNTRACK_OUT)) {
      return;
    }
    if (!walk(h.raw, p, Hook.OUTPUT, -1, out) || !track(p, Hook.OUTPUT)) {
      return;
    }
    if (!mangleOutput(p, h, out) || !translateOutput(p, out) || !filter(p, Hook.OUTPUT, -1, out)) {
      return;
    }
    postrouting(p);
  }

  /**
   * {@code ipt_mangle_out}, {@code ip6t_mangle_out}: routed again where the table changed a key.
   */
  private boolean mangleOutput(Packet p, FamilyHooks h, int out) {
    if (!FamilyHooks.serves(h.mangle, Hook.OUTPUT)) {
      return true;
    }
    long srcHi = p.sourceHi();
    long srcLo = p.sourceLo();
    long dstHi = p.destinationHi();
    long dstLo = p.destinationLo();
    int mark = p.mark;
    long word = p.ipv6 ? p.u32(p.network) : p.tos();
    int hops = p.ipv6 ? p.ttl() : 0;
    if (!walk(h.mangle, p, Hook.OUTPUT, -1, out)) {
      return false;
    }
    boolean same =
        srcHi == p.sourceHi()
            && srcLo == p.sourceLo()
            && dstHi == p.destinationHi()
            && dstLo == p.destinationLo()
            && mark == p.mark
            && word == (p.ipv6 ? p.u32(p.network) : p.tos())
            && hops == (p.ipv6 ? p.ttl() : 0);
    return same || routeAgain(p);
  }

  /** {@code nf_nat_ipv4_local_fn}: routed again where the destination was translated. */
  private boolean translateOutput(Packet p, int out) {
    if (!translate(p, Hook.OUTPUT, -1, out)) {
      return false;
    }
    Connection ct = Connection.of(p);
    if (hooks(p).nat == null || ct == null) {
      return true;
    }
    int direction = CtInfo.direction(p.trackInfo);
    var here = ct.tuple(direction);
    var back = ct.tuple(1 - direction);
    boolean same = here.destinationLo == back.sourceLo && here.destinationHi == back.sourceHi;
    return same || routeAgain(p);
  }

  /** {@code ip_route_me_harder}. */
  private boolean routeAgain(Packet p) {
    query(p);
    query.anySource = true;
    if (router.output(query, outputRoute) > RouteResult.TRANSMIT) {
      end(p, Fate.UNROUTABLE, Hook.OUTPUT);
      return false;
    }
    takeOutputRoute(p);
    return true;
  }

  // -- leaving -----------------------------------------------------------------------------------

  /** {@code ip_mc_output}: the host hears its own broadcasts, too. */
  private void loopBack(Packet p) {
    Packet copy = pool.take();
    copy.copyFrom(p);
    copy.local = false;
    copy.in = -1;
    if (!walk(hooks(copy).mangle, copy, Hook.POSTROUTING, -1, copy.out)
        || !translate(copy, Hook.POSTROUTING, -1, copy.out)
        || !confirm(copy, Hook.POSTROUTING)) {
      pool.give(copy);
      return;
    }
    copy.mac = -1;
    copy.in = copy.out;
    copy.out = -1;
    copy.type = Packet.LOOPBACK;
    copy.routedLocal = true;
    pending.add(copy);
  }

  private boolean isOwnBroadcast(Packet p) {
    boolean multicast = p.ipv6 || p.destinationLo() >>> 28 == 0xe;
    return p.local && p.routedToAll && !multicast && p.out != host.loopback();
  }

  private void postrouting(Packet p) {
    if (isOwnBroadcast(p)) {
      loopBack(p);
    }
    int in = p.duplicate ? p.out : p.local ? -1 : p.in;
    if (!walk(hooks(p).mangle, p, Hook.POSTROUTING, in, p.out)
        || !translate(p, Hook.POSTROUTING, in, p.out)
        || !confirm(p, Hook.POSTROUTING)) {
      return;
    }
    if (!Fragmenter.needed(p, p.routeMtu)) {
      transmit(p);
      end(p, p.local ? Fate.SENT : Fate.FORWARDED, Hook.POSTROUTING);
      return;
    }
    int result = fragmenter.fragment(p, p.routeMtu, this::transmit);
    if (result == Fragmenter.SENT) {
      end(p, p.local ? Fate.SENT : Fate.FORWARDED, Hook.POSTROUTING);
      return;
    }
    if (result == Fragmenter.TOO_BIG) {
      if (p.ipv6) {
        answer(p, Icmp.V6_PACKET_TOO_BIG, 0, fragmenter.tooBigMtu());
      } else {
        answer(p, Icmp.DEST_UNREACHABLE, 4, fragmenter.tooBigMtu());
      }
    }
    end(p, Fate.TOO_BIG, null);
  }

  private void transmit(Packet p) {
    if (p.out == host.loopback()) {
      Packet copy = pool.take();
      copy.copyFrom(p);
      copy.mac = -1;
      copy.in = p.out;
      copy.out = -1;
      copy.type = Packet.TO_HOST;
      pending.add(copy);
      return;
    }
    long mac = p.linkAddress;
    if (mac == Packet.LINK_ADDRESS_UNKNOWN) {
      mac = router.linkAddress(p.out, p.nextHopSix, p.nextHopHi, p.nextHopLo);
    }
    if (mac == Neighbours.FAILED) {
      neighbours.add(p, conntrack.nowNs());
      return;
    }
    if (wantsFrames) {
      LinkHeaderWriter.write(p, host.networkInterface(p.out), mac);
      listener.left(p);
    }
  }

  /** Spares the work of making the frames that leave, where nobody wants to see them. */
  public void wantFrames(boolean wanted) {
    wantsFrames = wanted;
  }

  /** Takes what cannot be decided for a match instead of for none. */
  public void takeUndecidedAsMatch(boolean match) {
    undecidedMatches = match;
  }

  /** Says what the listeners at queues answer, by the queue's number; null where nobody knows. */
  public void queues(IntFunction<QueueAnswer> answersByNumber) {
    queues = answersByNumber;
  }

  // -- services for targets ----------------------------------------------------------------------

  @Override
  public void log(Packet packet, Evaluation e, LogRequest request) {
    listener.logged(packet, e, request);
  }

  @Override
  public void sendUnreachable(Packet packet, Evaluation e, int type, int code) {
    rejected = true;
    if (answers.mayReject(packet)) {
      answer(packet, type, code, 0);
    }
  }

  @Override
  public void sendReset(Packet packet, Evaluation e) {
    rejected = true;
    Packet reset = pool.take();
    boolean made = answers.reset(packet, reset);
    if (made) {
      conntrack.setClosing(Connection.of(packet));
    }
    queue(reset, made);
  }

  @Override
  public void sendCopy(Packet packet, Evaluation e, long gatewayHi, long gatewayLo, int out) {
    if (duplicating) {
      return;
    }
    Packet copy = pool.take();
    answers.duplicate(packet, e.hook, copy);
    query.clear();
    query.six = copy.ipv6;
    query.oif = out;
    query.dstHi = gatewayHi;
    query.dstLo = gatewayLo;
    query.tos = copy.ipv6 ? 0 : copy.tos();
    query.flowLabel = copy.ipv6 ? (int) copy.u32(copy.network) & 0xfffff : 0;
    if (router.output(query, outputRoute) <= RouteResult.TRANSMIT) {
      sendNested(copy);
    }
    pool.give(copy);
  }

  /** Sends a copy through the hooks while the packet itself is in a table of one. */
  private void sendNested(Packet copy) {
    boolean outerRejected = rejected;
    RouteResult outerRoute = route;
    takeOutputRoute(copy);
    duplicating = true;
    output(copy);
    duplicating = false;
    route = outerRoute;
    rejected = outerRejected;
  }

  @Override
  public void sendError(Packet packet, int type, int code, int info) {
    answer(packet, type, code, info);
  }

  @Override
  public QueueAnswer queueAnswer(int number) {
    return queues.apply(number);
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
    query.clear();
    query.six = packet.ipv6;
    query.dstHi = packet.sourceHi();
    query.dstLo = packet.sourceLo();
    return router.output(query, outputRoute) > RouteResult.TRANSMIT
        ? Integer.MAX_VALUE
        : outputRoute.mtu;
  }
}
