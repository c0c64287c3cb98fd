package org.fwreplay.hook;

import java.util.HashMap;
import java.util.Map;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;

/**
 * Remembers routing decisions about arriving packets. The host never changes during a run, so that
 * equal questions have equal answers; the packets of a flow ask the same question again and again.
 *
 * <p>Questions lie side by side in one array, a cache line each. Answers are shared: most flows
 * leave by few ways.
 */
final class RouteCache {
  private static final int SIZE = 1 << 13;
  private static final int STRIDE = 8;

  /** How many different answers are kept apart before all is forgotten. */
  private static final int MANY = 1 << 16;

  /** A decision. */
  static final class Entry {
    final RouteResult result = new RouteResult();

    /** Link-layer destination as {@link Router#linkAddress} says, where the packet is forwarded. */
    long linkAddress;
  }

  private record Way(
      boolean six,
      int decision,
      int icmp,
      int oif,
      boolean gateway,
      boolean nextHopSix,
      long nextHopHi,
      long nextHopLo,
      int mtu,
      boolean redirect,
      int forwardCheck) {
    static Way of(boolean six, RouteResult r) {
      return new Way(
          six,
          r.decision,
          r.icmpType << 8 | r.icmpCode,
          r.oif,
          r.gateway,
          r.nextHopSix,
          r.nextHopHi,
          r.nextHopLo,
          r.mtu,
          r.redirect,
          r.forwardCheck);
    }
  }

  private final Router router;
  private final long[] questions = new long[SIZE * STRIDE];
  private final Entry[] answers = new Entry[SIZE];
  private final Map<Way, Entry> ways = new HashMap<>();
  private Entry fresh = new Entry();

  RouteCache(Router router) {
    this.router = router;
  }

  /** The decision about a packet that came in by {@code q.iif}. */
  Entry input(RouteQuery q) {
    long ports = (long) q.sourcePort << 16 | q.destinationPort | (long) q.flowLabel << 32;
    long rest = (long) q.iif << 32 | q.protocol << 16 | q.tos << 8 | (q.six ? 1 : 0);
    long h = (q.srcLo * 31 + q.dstLo) * 0x9e3779b97f4a7c15L + ports * 0xc2b2ae3d27d4eb4fL;
    h = (h ^ q.srcHi * 7 ^ q.dstHi * 31 ^ rest ^ q.mark) * 0x9e3779b97f4a7c15L;
    int slot = (int) (h >>> 48) & SIZE - 1;
    int at = slot * STRIDE;
    long[] known = questions;
    if (known[at] == q.srcLo
        && known[at + 1] == q.dstLo
        && known[at + 2] == ports
        && known[at + 3] == rest
        && known[at + 4] == q.mark
        && known[at + 5] == q.srcHi
        && known[at + 6] == q.dstHi
        && answers[slot] != null) {
      return answers[slot];
    }
    known[at] = q.srcLo;
    known[at + 1] = q.dstLo;
    known[at + 2] = ports;
    known[at + 3] = rest;
    known[at + 4] = q.mark;
    known[at + 5] = q.srcHi;
    known[at + 6] = q.dstHi;
    answers[slot] = ask(q);
    return answers[slot];
  }

  private Entry ask(RouteQuery q) {
    RouteResult r = fresh.result;
    router.input(q, r);
    if (ways.size() > MANY) {
      ways.clear();
    }
    Entry same = ways.putIfAbsent(Way.of(q.six, r), fresh);
    if (same != null) {
      return same;
    }
    if (r.decision == RouteResult.FORWARD) {
      boolean six = r.gateway ? r.nextHopSix : q.six;
      fresh.linkAddress = router.linkAddress(r.oif, six, r.nextHopHi, r.nextHopLo);
    }
    Entry made = fresh;
    fresh = new Entry();
    return made;
  }
}
