package org.fwreplay.hook;

import java.util.Arrays;
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
  private static final int WAYS = 1 << 10;

  /** How many different answers are kept apart before all is forgotten. */
  private static final int MANY = 1 << 16;

  /** A decision. */
  static final class Entry {
    final RouteResult result = new RouteResult();

    /** Link-layer destination as {@link Router#linkAddress} says, where the packet is forwarded. */
    long linkAddress;

    private boolean six;
    private Entry next;
  }

  private final Router router;
  private final long[] questions = new long[SIZE * STRIDE];
  private final Entry[] answers = new Entry[SIZE];
  private final Entry[] ways = new Entry[WAYS];
  private int wayCount;
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
    if (isAt(slot, q, ports, rest)) {
      return answers[slot];
    }
    if (isAt(slot ^ 1, q, ports, rest)) {
      return answers[slot ^ 1];
    }
    // The newest has the place, what was there the one beside it.
    int at = slot * STRIDE;
    System.arraycopy(questions, at, questions, (slot ^ 1) * STRIDE, STRIDE);
    answers[slot ^ 1] = answers[slot];
    questions[at] = q.srcLo;
    questions[at + 1] = q.dstLo;
    questions[at + 2] = ports;
    questions[at + 3] = rest;
    questions[at + 4] = q.mark;
    questions[at + 5] = q.srcHi;
    questions[at + 6] = q.dstHi;
    answers[slot] = ask(q);
    return answers[slot];
  }

  private boolean isAt(int slot, RouteQuery q, long ports, long rest) {
    int at = slot * STRIDE;
    long[] known = questions;
    return known[at] == q.srcLo
        && known[at + 1] == q.dstLo
        && known[at + 2] == ports
        && known[at + 3] == rest
        && known[at + 4] == q.mark
        && known[at + 5] == q.srcHi
        && known[at + 6] == q.dstHi
        && answers[slot] != null;
  }

  private Entry ask(RouteQuery q) {
    RouteResult r = fresh.result;
    router.input(q, r);
    int bucket = hash(r) & WAYS - 1;
    for (Entry e = ways[bucket]; e != null; e = e.next) {
      if (e.six == q.six && isSame(e.result, r)) {
        return e;
      }
    }
    if (r.decision == RouteResult.FORWARD) {
      boolean six = r.gateway ? r.nextHopSix : q.six;
      fresh.linkAddress = router.linkAddress(r.oif, six, r.nextHopHi, r.nextHopLo);
    }
    return keep(bucket, q.six);
  }

  private Entry keep(int bucket, boolean six) {
    if (++wayCount > MANY) {
      Arrays.fill(ways, null);
      wayCount = 1;
    }
    Entry made = fresh;
    fresh = new Entry();
    made.six = six;
    made.next = ways[bucket];
    ways[bucket] = made;
    return made;
  }

  private static int hash(RouteResult r) {
    long h = (r.nextHopHi * 31 + r.nextHopLo) * 31 + r.oif;
    h = (h * 31 + r.decision) * 0x9e3779b97f4a7c15L;
    return (int) (h >>> 32);
  }

  private static boolean isSame(RouteResult a, RouteResult b) {
    return a.decision == b.decision
        && a.oif == b.oif
        && a.gateway == b.gateway
        && a.nextHopSix == b.nextHopSix
        && a.nextHopHi == b.nextHopHi
        && a.nextHopLo == b.nextHopLo
        && a.mtu == b.mtu
        && a.icmpType == b.icmpType
        && a.icmpCode == b.icmpCode
        && a.redirect == b.redirect
        && a.forwardCheck == b.forwardCheck;
  }
}
