package org.fwreplay.hook;

import org.fwreplay.host.Host;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;
import org.fwreplay.host.Scope;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Defragmenter;
import org.fwreplay.packet.Fragmenter;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;

/**
 * The way in: from PREROUTING through routing to delivery, or through FORWARD to the way out
 * (ip_input, ip_forward and their IPv6 siblings).
 */
final class InputPath {
  private final Host host;
  private final Router router;
  private final HookWalk hooks;
  private final OwnPackets own;
  private final OutputPath output;
  private final Defragmenter defragmenter;
  private final Defragmenter behindInput;
  private final Ipv4Options options;
  private IpchainsPath ipchains;
  private final RouteQuery query = new RouteQuery();
  private final RouteCache routes;
  private final Ways ways;

  InputPath(
      Host host,
      Router router,
      HookWalk hooks,
      OwnPackets own,
      OutputPath output,
      Defragmenter defragmenter,
      Defragmenter behindInput,
      Ipv4Options options,
      Ways ways) {
    this.host = host;
    this.router = router;
    this.hooks = hooks;
    this.own = own;
    this.output = output;
    this.defragmenter = defragmenter;
    this.behindInput = behindInput;
    this.options = options;
    this.ways = ways;
    routes = new RouteCache(router);
  }

  /** Has IPv4 packets take Linux 2.2's way. */
  void ipchains(IpchainsPath path) {
    ipchains = path;
  }

  /** What waits goes its way, and what comes of that. */
  void runPending() {
    Packet p;
    while ((p = own.poll()) != null) {
      if (p.in >= 0) {
        arrive(p);
      } else if (p.out >= 0) {
        output.output(p);
      } else {
        output.send(p);
      }
      own.done(p);
    }
  }

  /** A packet whose link layer was looked at, its network header not yet. */
  void arrive(Packet p) {
    if (ipchains != null && !p.ipv6) {
      ipchains.arrive(p);
      return;
    }
    if (p.type == Packet.OTHER_HOST && !(p.ownSourceMac && restored(p))) {
      hooks.end(p, Fate.OTHER_HOST, null);
      return;
    }
    boolean onLoopback = p.in == host.loopback() || p.type == Packet.LOOPBACK;
    int sound = Decoder.decode(p, onLoopback);
    if (sound != Decoder.OK || p.ipv6 && !HopByHop.isSound(p)) {
      hooks.end(p, Fate.MALFORMED, null);
      return;
    }
    FamilyHooks h = hooks.of(p);
    if (h.defragment && Defragmenter.isFragment(p)) {
      if (p.isLaterFragment()) {
        defragmenter.restore(p, Defragmenter.CONNTRACK_IN);
      }
      if (!hooks.gather(p, Defragmenter.CONNTRACK_IN)) {
        return;
      }
    }
    if (!hooks.walk(h.raw, p, Hook.PREROUTING, p.in, -1) || !hooks.track(p, Hook.PREROUTING)) {
      return;
    }
    Way way = ways.find(p, h.conntrack);
    if (way == null) {
      tracked(p, onLoopback);
      ways.lose();
    } else {
      follow(p, way);
    }
  }

  /** A packet takes the way that others of its flow took. */
  private void follow(Packet p, Way way) {
    RouteCache.Entry cached = way.route();
    if (cached != null) {
      if (!hooks.translate(p, Hook.PREROUTING, p.in, -1)) {
        return;
      }
      give(p, cached);
    }
    hooks.hit(p, way);
    if (way.fate() == Fate.FORWARDED) {
      if (!hooks.translate(p, Hook.POSTROUTING, p.in, p.out)
          || !hooks.confirm(p, Hook.POSTROUTING)) {
        return;
      }
      output.transmit(p);
    }
    hooks.end(p, way);
  }

  /** What {@link #routeInput} and {@link #forward} do to a packet of which all else is known. */
  private static void give(Packet p, RouteCache.Entry cached) {
    RouteResult route = cached.result;
    takeRoute(p, cached);
    if (route.decision == RouteResult.FORWARD) {
      RouteCache.toLink(route, p.destinationHi(), p.destinationLo());
      route.give(p);
      p.setTtl(p.ttl() - 1);
    }
  }

  private static void takeRoute(Packet p, RouteCache.Entry cached) {
    int decision = cached.result.decision;
    p.linkAddress = cached.linkAddress;
    p.realms = cached.result.realms;
    p.routedLocal = decision == RouteResult.LOCAL;
    p.routedToAll = decision == RouteResult.BROADCAST || decision == RouteResult.MULTICAST;
  }

  /** A packet whose connection is known, at PREROUTING. */
  private void tracked(Packet p, boolean onLoopback) {
    if (!hooks.walk(hooks.of(p).mangle, p, Hook.PREROUTING, p.in, -1)) {
      return;
    }
    long hi = p.destinationHi();
    long lo = p.destinationLo();
    if (!hooks.translate(p, Hook.PREROUTING, p.in, -1)) {
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

  /** {@code ip_expire}, {@code ip6frag_expire_frag_queue}: the missing fragments never came. */
  void fragmentsExpired(Packet first, int user) {
    if (first.ipv6) {
      own.answer(first, Icmp.V6_TIME_EXCEEDED, 1, 0);
      return;
    }
    query.set(first);
    query.iif = first.in;
    int decision = routes.input(query).result.decision;
    first.routedLocal = decision == RouteResult.LOCAL;
    first.routedToAll = decision == RouteResult.BROADCAST || decision == RouteResult.MULTICAST;
    boolean endHost = first.routedLocal || user == Defragmenter.LOCAL_DELIVER;
    if (endHost && decision <= RouteResult.MULTICAST) {
      own.answer(first, Icmp.TIME_EXCEEDED, 1, 0);
    }
  }

  private void routeInput(Packet p) {
    query.set(p);
    query.iif = p.in;
    RouteCache.Entry cached = routes.input(query);
    ways.routed(cached);
    RouteResult route = cached.result;
    takeRoute(p, cached);
    int decision = route.decision;
    hooks.routed(p, route);
    if (!p.ipv6 && p.ipv4HeaderLength() > Ipv4.MIN_LENGTH && !acceptOptions(p, decision)) {
      return;
    }
    switch (decision) {
      case RouteResult.FORWARD:
        forward(p, route);
        break;
      case RouteResult.LOCAL, RouteResult.BROADCAST, RouteResult.MULTICAST:
        deliver(p);
        break;
      case RouteResult.NO_ROUTE, RouteResult.UNREACHABLE, RouteResult.PROHIBIT:
        if (route.icmpType >= 0) {
          own.unroutable(p, route.icmpType, route.icmpCode);
        }
        hooks.end(p, Fate.UNROUTABLE, null);
        break;
      case RouteResult.NOT_FORWARDING:
        hooks.end(p, Fate.NOT_FORWARDING, null);
        break;
      case RouteResult.DROP_NOT_JOINED:
        hooks.end(p, Fate.NOT_JOINED, null);
        break;
      case RouteResult.BLACKHOLE:
        hooks.end(p, Fate.UNROUTABLE, null);
        break;
      default:
        hooks.end(p, Fate.MARTIAN, null);
        break;
    }
  }

  private boolean acceptOptions(Packet p, int decision) {
    if (decision > RouteResult.MULTICAST) {
      return true;
    }
    long address =
        p.routedLocal ? p.destinationLo() : router.selectSource4(p.in, p.sourceLo(), Scope.LINK);
    int wrong = options.receive(p, address);
    if (wrong != 0) {
      own.answer(p, Icmp.PARAMETER_PROBLEM, 0, wrong << 24);
    } else if (!options.hasSourceRoute() || host.conf(p.in).acceptSourceRoute()) {
      return true;
    }
    hooks.end(p, Fate.BAD_OPTIONS, null);
    return false;
  }

  private void forward(Packet p, RouteResult route) {
    route.give(p);
    if (p.type != Packet.TO_HOST) {
      hooks.end(p, Fate.OTHER_HOST, null);
      return;
    }
    if (p.ipv6) {
      if (!forward6(p, route)) {
        return;
      }
    } else if (!forward4(p, route)) {
      return;
    }
    long recorded = recordedAddress(p);
    if (!hooks.walk(hooks.of(p).mangle, p, Hook.FORWARD, p.in, p.out)
        || !hooks.filter(p, Hook.FORWARD, p.in, p.out)) {
      return;
    }
    if (recorded >= 0) {
      options.forward(p, recorded);
    }
    output.postrouting(p);
  }

  /** The address that a record-route option gets when the packet leaves; -1 without changes. */
  private long recordedAddress(Packet p) {
    boolean changed = !p.ipv6 && p.ipv4HeaderLength() > Ipv4.MIN_LENGTH && options.isChanged();
    return changed ? router.selectSource4(p.out, p.nextHopLo, Scope.LINK) : -1;
  }

  private boolean forward4(Packet p, RouteResult route) {
    if (p.ttl() <= 1) {
      own.answer(p, Icmp.TIME_EXCEEDED, 0, 0);
      hooks.end(p, Fate.TTL_EXCEEDED, null);
      return false;
    }
    if (Fragmenter.isTooBigToForward(p, p.routeMtu)) {
      own.answer(p, Icmp.DEST_UNREACHABLE, 4, p.routeMtu);
      hooks.end(p, Fate.TOO_BIG, null);
      return false;
    }
    p.setTtl(p.ttl() - 1);
    if (route.redirect && own.redirect(p)) {
      // The hint leaves before the packet that it is about is looked at by FORWARD.
      runPending();
    }
    return true;
  }

  private boolean forward6(Packet p, RouteResult route) {
    if (p.ttl() <= 1) {
      own.answer(p, Icmp.V6_TIME_EXCEEDED, 0, 0);
      hooks.end(p, Fate.TTL_EXCEEDED, null);
      return false;
    }
    if (route.forwardCheck != RouteResult.SOURCE_FINE) {
      if (route.forwardCheck == RouteResult.SOURCE_BEYOND_SCOPE) {
        own.answer(p, Icmp.V6_DEST_UNREACHABLE, 2, 0);
      }
      hooks.end(p, Fate.MARTIAN, null);
      return false;
    }
    if (Fragmenter.isTooBigToForward(p, p.routeMtu)) {
      own.answer(p, Icmp.V6_PACKET_TOO_BIG, 0, Fragmenter.forwardMtu(p, p.routeMtu));
      hooks.end(p, Fate.TOO_BIG, null);
      return false;
    }
    p.setTtl(p.ttl() - 1);
    return true;
  }

  private void deliver(Packet p) {
    if (!p.ipv6 && p.isFragment() && !hooks.gather(p, Defragmenter.LOCAL_DELIVER)) {
      return;
    }
    FamilyHooks h = hooks.of(p);
    if (!hooks.walk(h.mangle, p, Hook.INPUT, p.in, -1)
        || !hooks.filter(p, Hook.INPUT, p.in, -1)
        || !hooks.translate(p, Hook.INPUT, p.in, -1)
        || !hooks.confirm(p, Hook.INPUT)) {
      return;
    }
    hooks.end(p, Fate.DELIVERED, Hook.INPUT);
    if (!p.ipv6 || !p.isFragment() || isGathered(p)) {
      own.answerAsHost(p);
    }
  }

  /**
   * {@code ipv6_frag_rcv}: IPv6 puts together behind INPUT what connection tracking has not.
   *
   * @return whether the packet is a whole datagram now
   */
  private boolean isGathered(Packet p) {
    int result = behindInput.in(p, Defragmenter.LOCAL_DELIVER, hooks.nowNs());
    if (result == Defragmenter.WHOLE) {
      Decoder.transport(p);
      return true;
    }
    if (result == Defragmenter.DROPPED && behindInput.problemCode() >= 0) {
      own.answer(
          p, Icmp.V6_PARAMETER_PROBLEM, behindInput.problemCode(), behindInput.problemPointer());
    }
    return false;
  }
}
