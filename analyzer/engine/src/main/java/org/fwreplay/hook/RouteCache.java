package org.fwreplay.hook;

import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;

/**
 * Remembers routing decisions about arriving packets. The host never changes during a run, so that
 * equal questions have equal answers; the packets of a flow ask the same question again and again.
 */
final class RouteCache {
  private static final int SIZE = 1 << 13;

  /** A decision with the question that it answers. */
  static final class Entry {
    final RouteResult result = new RouteResult();

    /** Link-layer destination as {@link Router#linkAddress} says, where the packet is forwarded. */
    long linkAddress;

    private long srcHi;
    private long srcLo;
    private long dstHi;
    private long dstLo;
    private long ports;
    private long rest = -1;
    private int mark;
  }

  private final Router router;
  private final Entry[] entries = new Entry[SIZE];

  RouteCache(Router router) {
    this.router = router;
  }

  /** The decision about a packet that came in by {@code q.iif}. */
  Entry input(RouteQuery q) {
    long ports = (long) q.sourcePort << 16 | q.destinationPort | (long) q.flowLabel << 32;
    long rest = (long) q.iif << 32 | q.protocol << 16 | q.tos << 8 | (q.six ? 1 : 0);
    long h = (q.srcLo * 31 + q.dstLo) * 0x9e3779b97f4a7c15L + ports * 0xc2b2ae3d27d4eb4fL;
    h = (h ^ q.srcHi * 7 ^ q.dstHi * 31 ^ rest ^ q.mark) * 0x9e3779b97f4a7c15L;
    int at = (int) (h >>> 48) & SIZE - 1;
    Entry e = entries[at];
    if (e == null) {
      e = new Entry();
      entries[at] = e;
    } else if (e.srcLo == q.srcLo
        && e.dstLo == q.dstLo
        && e.ports == ports
        && e.rest == rest
        && e.mark == q.mark
        && e.srcHi == q.srcHi
        && e.dstHi == q.dstHi) {
      return e;
    }
    e.srcHi = q.srcHi;
    e.srcLo = q.srcLo;
    e.dstHi = q.dstHi;
    e.dstLo = q.dstLo;
    e.ports = ports;
    e.rest = rest;
    e.mark = q.mark;
    RouteResult r = e.result;
    if (router.input(q, r) == RouteResult.FORWARD) {
      boolean six = r.gateway ? r.nextHopSix : q.six;
      e.linkAddress = router.linkAddress(r.oif, six, r.nextHopHi, r.nextHopLo);
    }
    return e;
  }
}
