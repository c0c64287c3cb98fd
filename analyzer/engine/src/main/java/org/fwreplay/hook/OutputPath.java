package org.fwreplay.hook;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.host.Addresses;
import org.fwreplay.host.Host;
import org.fwreplay.host.Neighbours;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;
import org.fwreplay.packet.Defragmenter;
import org.fwreplay.packet.Fragmenter;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Packet;

/**
 * The way out: what the host sends from OUTPUT on, and what leaves from POSTROUTING on (ip_output,
 * ip6_output).
 */
final class OutputPath {
  private final Host host;
  private final Router router;
  private final HookWalk hooks;
  private final OwnPackets own;
  private final Fragmenter fragmenter;
  private final NeighbourQueue neighbours;
  private final PathListener listener;
  private final RouteQuery query = new RouteQuery();
  private final RouteResult route = new RouteResult();
  private boolean wantsFrames = true;
  private boolean unresolved;
  private IpchainsPath ipchains;

  OutputPath(
      Host host,
      Router router,
      HookWalk hooks,
      OwnPackets own,
      Fragmenter fragmenter,
      NeighbourQueue neighbours,
      PathListener listener) {
    this.host = host;
    this.router = router;
    this.hooks = hooks;
    this.own = own;
    this.fragmenter = fragmenter;
    this.neighbours = neighbours;
    this.listener = listener;
  }

  /** Spares the work of making the frames that leave, where nobody wants to see them. */
  void wantFrames(boolean wanted) {
    wantsFrames = wanted;
  }

  /** Has IPv4 packets take Linux 2.2's way. */
  void ipchains(IpchainsPath path) {
    ipchains = path;
  }

  /** A packet of the host that is not routed yet. */
  void send(Packet p) {
    if (!hasRoute(p, -1)) {
      hooks.end(p, Fate.UNROUTABLE, null);
      return;
    }
    // What is too long for its way may be cut: otherwise the socket would have refused to send it.
    p.ignoreDf |= p.ipv6 && p.length() > p.routeMtu;
    output(p);
  }

  /** A copy of a packet that leaves towards a gateway: {@code nf_dup_ipv4}, {@code nf_dup_ipv6}. */
  void sendTowards(Packet copy, long gatewayHi, long gatewayLo, int out) {
    query.clear();
    query.six = copy.ipv6;
    query.oif = out;
    query.dstHi = gatewayHi;
    query.dstLo = gatewayLo;
    query.tos = copy.ipv6 ? 0 : copy.tos();
    query.flowLabel = copy.ipv6 ? (int) copy.u32(copy.network) & 0xfffff : 0;
    if (router.output(query, route) <= RouteResult.TRANSMIT) {
      hooks.takeRoute(copy, route);
      boolean outer = hooks.enterCopy();
      output(copy);
      hooks.leaveCopy(outer);
    }
  }

  /** The MTU on the way back to the packet's sender. */
  int reversePathMtu(Packet p) {
    query.clear();
    query.six = p.ipv6;
    query.dstHi = p.sourceHi();
    query.dstLo = p.sourceLo();
    return router.output(query, route) > RouteResult.TRANSMIT ? Integer.MAX_VALUE : route.mtu;
  }

  /** The MTU on the way of a packet that is not routed yet. */
  int mtu(Packet p) {
    query.set(p);
    query.anySource = true;
    return router.output(query, route) > RouteResult.TRANSMIT ? Integer.MAX_VALUE : route.mtu;
  }

  private boolean hasRoute(Packet p, int oif) {
    query.set(p);
    query.oif = oif;
    query.anySource = true;
    if (router.output(query, route) > RouteResult.TRANSMIT) {
      return false;
    }
    hooks.takeRoute(p, route);
    return true;
  }

  /** A packet of the host that has its route. */
  void output(Packet p) {
    if (ipchains != null && !p.ipv6) {
      if (ipchains.output(p)) {
        postrouting(p);
      }
      return;
    }
    FamilyHooks h = hooks.of(p);
    int out = p.out; // what the hook's rules see, even where the packet is routed again on its way
    if (h.defragment
        && Defragmenter.isFragment(p)
        && !hooks.gather(p, Defragmenter.CONNTRACK_OUT)) {
      return;
    }
    if (!hooks.walk(h.raw, p, Hook.OUTPUT, -1, out) || !hooks.track(p, Hook.OUTPUT)) {
      return;
    }
    if (!mangleOutput(p, h, out)
        || !translateOutput(p, out)
        || !hooks.filter(p, Hook.OUTPUT, -1, out)) {
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
    if (!hooks.walk(h.mangle, p, Hook.OUTPUT, -1, out)) {
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
    if (!hooks.translate(p, Hook.OUTPUT, -1, out)) {
      return false;
    }
    Connection ct = Connection.of(p);
    if (hooks.of(p).nat == null || ct == null) {
      return true;
    }
    int direction = CtInfo.direction(p.trackInfo);
    var here = ct.tuple(direction);
    var back = ct.tuple(1 - direction);
    boolean same = here.destinationLo == back.sourceLo && here.destinationHi == back.sourceHi;
    return same || routeAgain(p);
  }

  /** {@code ip_route_me_harder}; what is valid on a link only stays on that (IPv6's). */
  private boolean routeAgain(Packet p) {
    long hi = p.destinationHi();
    boolean bound = p.ipv6 && (Addresses.isMulticast6(hi) || Addresses.isLinkLocal6(hi));
    boolean found = hasRoute(p, bound ? p.out : -1);
    if (!found) {
      hooks.end(p, Fate.UNROUTABLE, Hook.OUTPUT);
    }
    return found;
  }

  /** {@code ip_mc_output}: the host hears its own broadcasts, too. */
  private void loopBack(Packet p) {
    Packet copy = own.copy(p);
    copy.local = false;
    copy.in = -1;
    if (!hooks.walk(hooks.of(copy).mangle, copy, Hook.POSTROUTING, -1, copy.out)
        || !hooks.translate(copy, Hook.POSTROUTING, -1, copy.out)
        || !hooks.confirm(copy, Hook.POSTROUTING)) {
      own.done(copy);
      return;
    }
    copy.routedLocal = true;
    own.receive(copy, Packet.LOOPBACK);
  }

  private boolean isOwnBroadcast(Packet p) {
    boolean multicast = p.ipv6 || p.destinationLo() >>> 28 == 0xe;
    return p.local && p.routedToAll && !multicast && p.out != host.loopback();
  }

  /** What has its route and leaves. */
  void postrouting(Packet p) {
    if (isOwnBroadcast(p)) {
      loopBack(p);
    }
    int in = p.duplicate ? p.out : p.local ? -1 : p.in;
    if (!hooks.walk(hooks.of(p).mangle, p, Hook.POSTROUTING, in, p.out)
        || !hooks.translate(p, Hook.POSTROUTING, in, p.out)
        || !hooks.confirm(p, Hook.POSTROUTING)) {
      return;
    }
    if (!Fragmenter.needed(p, p.routeMtu)) {
      transmit(p);
      left(p);
      return;
    }
    int result = fragmenter.fragment(p, p.routeMtu, this::transmit);
    if (result == Fragmenter.SENT) {
      left(p);
      return;
    }
    if (result == Fragmenter.TOO_BIG) {
      if (p.ipv6) {
        own.answer(p, Icmp.V6_PACKET_TOO_BIG, 0, fragmenter.tooBigMtu());
      } else {
        own.answer(p, Icmp.DEST_UNREACHABLE, 4, fragmenter.tooBigMtu());
      }
    }
    hooks.end(p, Fate.TOO_BIG, null);
  }

  private void left(Packet p) {
    Fate fate = unresolved ? Fate.UNRESOLVED : p.local ? Fate.SENT : Fate.FORWARDED;
    hooks.end(p, fate, Hook.POSTROUTING);
  }

  /** A packet that is through, to its next hop. */
  void transmit(Packet p) {
    unresolved = false;
    if (p.out == host.loopback()) {
      own.receive(own.copy(p), Packet.TO_HOST);
      return;
    }
    long mac = p.linkAddress;
    if (mac == Packet.LINK_ADDRESS_UNKNOWN) {
      mac = router.linkAddress(p.out, p.nextHopSix, p.nextHopHi, p.nextHopLo);
    }
    if (mac == Neighbours.FAILED) {
      unresolved = true;
      neighbours.add(p);
    } else if (wantsFrames) {
      LinkHeaderWriter.write(p, host.networkInterface(p.out), mac);
      listener.left(p);
    }
  }
}
