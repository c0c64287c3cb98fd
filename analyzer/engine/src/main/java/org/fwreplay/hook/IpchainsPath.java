package org.fwreplay.hook;

import org.fwreplay.host.Host;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;
import org.fwreplay.host.Scope;
import org.fwreplay.legacy.Ipchains;
import org.fwreplay.legacy.Masquerade;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Defragmenter;
import org.fwreplay.packet.Fragmenter;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/**
 * The way of IPv4 packets through Linux 2.2 with ipchains: ip_input, ip_forward, ip_output and
 * ip_masq of that time. Every packet that is forwarded meets input, forward and output; an answer
 * that is demasqueraded does not meet forward.
 */
final class IpchainsPath {
  private final Ipchains chains;
  private final Host host;
  private final Router router;
  private final HookWalk hooks;
  private final OwnPackets own;
  private final OutputPath output;
  private final DivertSockets diverts;
  private final PathListener listener;
  private final Masquerade masquerade = new Masquerade();
  private final RouteQuery query = new RouteQuery();
  private final RouteCache routes;

  IpchainsPath(
      Ipchains chains,
      Host host,
      Router router,
      HookWalk hooks,
      OwnPackets own,
      OutputPath output,
      DivertSockets diverts,
      PathListener listener) {
    this.chains = chains;
    this.host = host;
    this.router = router;
    this.hooks = hooks;
    this.own = own;
    this.output = output;
    this.diverts = diverts;
    this.listener = listener;
    routes = new RouteCache(router);
  }

  /** A packet whose link layer was looked at, its network header not yet. */
  void arrive(Packet p) {
    if (p.type == Packet.OTHER_HOST) {
      hooks.end(p, Fate.OTHER_HOST, null);
      return;
    }
    if (Decoder.decode(p, p.in == host.loopback()) != Decoder.OK) {
      hooks.end(p, Fate.MALFORMED, null);
      return;
    }
    boolean gathers = chains.alwaysDefragment() && p.isFragment();
    if (gathers && !hooks.gather(p, Defragmenter.CONNTRACK_IN)) {
      return;
    }
    Ipchains.Verdict verdict = check("input", p, Hook.INPUT, p.in, 3);
    if (verdict == null) {
      return;
    }
    if (verdict.target().equals("REDIRECT") && isRedirected(p)) {
      int port = verdict.port() == 0 ? p.u16(p.transport + 2) : verdict.port();
      listener.noted(p, "redirected to port " + port + " of the host");
      hooks.end(p, Fate.DELIVERED, Hook.INPUT);
      return;
    }
    route(p, false);
  }

  private static boolean isRedirected(Packet p) {
    boolean known = p.protocol == Protocols.TCP || p.protocol == Protocols.UDP;
    return known && p.fragmentOffset == 0 && p.transport + 4 <= p.end;
  }

  private void route(Packet p, boolean demasqueraded) {
    query.set(p);
    query.iif = p.in;
    RouteCache.Entry cached = routes.input(query);
    RouteResult route = cached.result;
    p.linkAddress = cached.linkAddress;
    p.routedLocal = route.decision == RouteResult.LOCAL;
    p.routedToAll =
        route.decision == RouteResult.BROADCAST || route.decision == RouteResult.MULTICAST;
    hooks.routed(p, route);
    switch (route.decision) {
      case RouteResult.FORWARD -> forward(p, route, demasqueraded);
      case RouteResult.LOCAL, RouteResult.BROADCAST, RouteResult.MULTICAST ->
          deliver(p, demasqueraded);
      case RouteResult.NOT_FORWARDING -> hooks.end(p, Fate.NOT_FORWARDING, null);
      case RouteResult.DROP_NOT_JOINED -> hooks.end(p, Fate.NOT_JOINED, null);
      case RouteResult.NO_ROUTE, RouteResult.UNREACHABLE, RouteResult.PROHIBIT -> {
        if (route.icmpType >= 0) {
          own.answer(p, route.icmpType, route.icmpCode, 0);
        }
        hooks.end(p, Fate.UNROUTABLE, null);
      }
      case RouteResult.BLACKHOLE -> hooks.end(p, Fate.UNROUTABLE, null);
      default -> hooks.end(p, Fate.MARTIAN, null);
    }
  }

  /** {@code ip_local_deliver}: what is for a masqueraded connection goes on to the host inside. */
  private void deliver(Packet p, boolean demasqueraded) {
    if (p.isFragment() && !hooks.gather(p, Defragmenter.LOCAL_DELIVER)) {
      return;
    }
    if (p.routedLocal && !demasqueraded && masquerade.in(p)) {
      listener.noted(p, "demasqueraded");
      route(p, true);
      return;
    }
    hooks.end(p, Fate.DELIVERED, Hook.INPUT);
    own.answerAsHost(p);
  }

  private void forward(Packet p, RouteResult route, boolean demasqueraded) {
    route.give(p);
    if (p.type != Packet.TO_HOST) {
      hooks.end(p, Fate.OTHER_HOST, null);
      return;
    }
    if (p.ttl() <= 1) {
      own.answer(p, Icmp.TIME_EXCEEDED, 0, 0);
      hooks.end(p, Fate.TTL_EXCEEDED, null);
      return;
    }
    if (Fragmenter.isTooBigToForward(p, p.routeMtu)) {
      own.answer(p, Icmp.DEST_UNREACHABLE, 4, p.routeMtu);
      hooks.end(p, Fate.TOO_BIG, null);
      return;
    }
    p.setTtl(p.ttl() - 1);
    if (!demasqueraded) {
      Ipchains.Verdict verdict = check("forward", p, Hook.FORWARD, p.out, 1);
      if (verdict == null || verdict.target().equals("MASQ") && !masquerade(p)) {
        return;
      }
    }
    if (output(p)) {
      output.postrouting(p);
    }
  }

  private boolean masquerade(Packet p) {
    long address = router.selectSource4(p.out, p.nextHopLo, Scope.GLOBAL);
    if (masquerade.out(p, address)) {
      return true;
    }
    listener.noted(p, "cannot be masqueraded");
    hooks.end(p, Fate.NAT, Hook.FORWARD);
    return false;
  }

  /** The chain output; false where the packet's way ends. */
  boolean output(Packet p) {
    return check("output", p, p.local ? Hook.OUTPUT : Hook.FORWARD, p.out, 1) != null;
  }

  /**
   * Walks a chain.
   *
   * @param unreachable the ICMP code that REJECT answers with
   * @return null where the packet's way ends
   */
  private Ipchains.Verdict check(String chain, Packet p, Hook hook, int iface, int unreachable) {
    String name = host.networkInterface(iface).name();
    Ipchains.Verdict verdict = chains.check(chain, p, name, outside(p, !chain.equals("output")));
    switch (verdict.target()) {
      case "DENY" -> {
        listener.noted(p, "DENY by " + verdict.by());
        hooks.end(p, Fate.DROPPED, hook);
        return null;
      }
      case "REJECT" -> {
        listener.noted(p, "REJECT by " + verdict.by());
        own.answer(p, Icmp.DEST_UNREACHABLE, unreachable, 0);
        hooks.end(p, Fate.REJECTED, hook);
        return null;
      }
      case "DIVERT", "DROP" -> {
        hooks.end(p, verdict.target().equals("DROP") ? Fate.DROPPED : Fate.STOLEN, hook);
        return null;
      }
      default -> {
        return verdict;
      }
    }
  }

  private Ipchains.Outside outside(Packet p, boolean inbound) {
    return new Ipchains.Outside() {
      @Override
      public void log(String text) {
        listener.noted(p, "log \"" + text + "\"");
      }

      @Override
      public boolean divert(int port, String by) {
        listener.noted(p, "DIVERT by " + by);
        return diverts.divert(p, port, inbound, chains.alwaysDefragment());
      }
    };
  }
}
