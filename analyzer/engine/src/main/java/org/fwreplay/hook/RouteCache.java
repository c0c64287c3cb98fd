package org.fwreplay.hook;

import java.util.Arrays;
import org.fwreplay.host.Ipv4Ranges;
import org.fwreplay.host.Neighbours;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;

/**
 * Remembers routing decisions about arriving packets. The host never changes during a run, so that
 * equal questions have equal answers; the packets of a flow ask the same question again and again,
 * and those of other flows between the same hosts, too, unless routing looks at ports. IPv4 hosts
 * that are the same to routing count as one.
 *
 * <p>Questions of one family lie side by side in one array, each with the number of its answer in
 * its last word. Answers are shared: most flows leave by few ways. Where the next hop is the
 * destination itself, it is put into the shared answer for each question.
 */
final class RouteCache {
  private static final int SIZE = 1 << 13;
  private static final int STRIDE4 = 4;
  private static final int STRIDE6 = 8;
  private static final int BUCKETS = 1 << 10;

  /** How many different answers are kept apart before all is forgotten. */
  private static final int MANY = 1 << 16;

  /** A decision, valid until the next question. */
  static final class Entry {
    final RouteResult result = new RouteResult();

    /** Link-layer destination as {@link Router#linkAddress} says, where the packet is forwarded. */
    long linkAddress;

    private boolean six;
    private int number;
    private Entry next;
  }

  private final Router router;

  /** Which bits of the ports are asked about, by family. */
  private final long ports4;

  private final long ports6;

  /** IPv4 addresses between which routing makes no difference, or null. */
  private final Ipv4Ranges alike4;

  private final long[] questions4 = new long[SIZE * STRIDE4];
  private long[] questions6;

  /** By number; 0 is none. */
  private Entry[] answers = new Entry[16];

  private int answerCount = 1;
  private final Entry[] buckets = new Entry[BUCKETS];
  private Entry fresh = new Entry();

  RouteCache(Router router) {
    this.router = router;
    ports4 = router.looksAtPorts(false) ? -1 : 0;
    ports6 = router.looksAtPorts(true) ? -1 : 0;
    alike4 = router.alike4();
  }

  /** The decision about a packet that came in by {@code q.iif}. */
  Entry input(RouteQuery q) {
    Entry answer = q.six ? input6(q) : input4(q);
    toLink(answer.result, q.dstHi, q.dstLo);
    return answer;
  }

  /** Puts the destination into an answer where it is the next hop itself. */
  static void toLink(RouteResult r, long destinationHi, long destinationLo) {
    if (isOnLink(r)) {
      r.nextHopHi = destinationHi;
      r.nextHopLo = destinationLo;
    }
  }

  private static boolean isOnLink(RouteResult r) {
    return r.decision == RouteResult.FORWARD && !r.gateway;
  }

  private Entry input4(RouteQuery q) {
    long addresses = addresses4(q);
    long ports = (long) q.sourcePort << 48 | (long) q.destinationPort << 32;
    long rest = ports & ports4 | (long) q.iif << 16 | q.protocol << 8 | q.tos;
    int at = slot(addresses, rest, q.mark) * STRIDE4;
    long[] known = questions4;
    if (isAt(known, at, addresses, rest, q.mark)) {
      return answers[(int) known[at + 3]];
    }
    int beside = at ^ STRIDE4;
    if (isAt(known, beside, addresses, rest, q.mark)) {
      return answers[(int) known[beside + 3]];
    }
    Entry answer = ask(q);
    // The newest has the place, what was there the one beside it.
    System.arraycopy(known, at, known, beside, STRIDE4);
    known[at] = addresses;
    known[at + 1] = rest;
    known[at + 2] = q.mark;
    known[at + 3] = answer.number;
    return answer;
  }

  /** What a question's addresses are to routing. */
  private long addresses4(RouteQuery q) {
    return alike4 == null
        ? q.srcLo << 32 | q.dstLo
        : (long) alike4.indexOf((int) q.srcLo) << 32 | alike4.indexOf((int) q.dstLo);
  }

  private static boolean isAt(long[] known, int at, long addresses, long rest, long mark) {
    return known[at] == addresses
        && known[at + 1] == rest
        && known[at + 2] == mark
        && known[at + 3] != 0;
  }

  private Entry input6(RouteQuery q) {
    if (questions6 == null) {
      questions6 = new long[SIZE * STRIDE6];
    }
    long both = (long) q.sourcePort << 48 | (long) q.destinationPort << 32;
    long ports = both & ports6 | q.flowLabel;
    long rest = (long) q.mark << 32 | (long) q.iif << 16 | q.protocol << 8 | q.tos;
    long addresses = (q.srcLo * 31 + q.dstLo) * 31 + q.srcHi * 7 + q.dstHi;
    int at = slot(addresses, ports, rest) * STRIDE6;
    long[] known = questions6;
    if (known[at] == q.srcLo
        && known[at + 1] == q.dstLo
        && known[at + 2] == q.srcHi
        && known[at + 3] == q.dstHi
        && known[at + 4] == ports
        && known[at + 5] == rest
        && known[at + 6] != 0) {
      return answers[(int) known[at + 6]];
    }
    Entry answer = ask(q);
    known[at] = q.srcLo;
    known[at + 1] = q.dstLo;
    known[at + 2] = q.srcHi;
    known[at + 3] = q.dstHi;
    known[at + 4] = ports;
    known[at + 5] = rest;
    known[at + 6] = answer.number;
    return answer;
  }

  private static int slot(long a, long b, long c) {
    long h = a * 0x9e3779b97f4a7c15L + b * 0xc2b2ae3d27d4eb4fL;
    h = (h ^ h >>> 32 ^ c) * 0x9e3779b97f4a7c15L;
    return (int) (h >>> 48) & SIZE - 1;
  }

  private Entry ask(RouteQuery q) {
    RouteResult r = fresh.result;
    router.input(q, r);
    fresh.linkAddress = Neighbours.UNKNOWN;
    if (r.decision == RouteResult.FORWARD) {
      boolean six = r.gateway ? r.nextHopSix : q.six;
      fresh.linkAddress = router.linkAddress(r.oif, six, r.nextHopHi, r.nextHopLo);
    }
    int bucket = hash(fresh) & BUCKETS - 1;
    for (Entry e = buckets[bucket]; e != null; e = e.next) {
      if (e.six == q.six && isSame(e, fresh)) {
        return e;
      }
    }
    return keep(bucket, q.six);
  }

  private Entry keep(int bucket, boolean six) {
    if (answerCount == MANY) {
      forget();
    }
    if (answerCount == answers.length) {
      answers = Arrays.copyOf(answers, answerCount * 2);
    }
    Entry made = fresh;
    fresh = new Entry();
    made.six = six;
    made.number = answerCount;
    made.next = buckets[bucket];
    buckets[bucket] = made;
    answers[answerCount++] = made;
    return made;
  }

  private void forget() {
    Arrays.fill(buckets, null);
    Arrays.fill(answers, null);
    Arrays.fill(questions4, 0);
    questions6 = null;
    answerCount = 1;
  }

  private static int hash(Entry e) {
    RouteResult r = e.result;
    long h = isOnLink(r) ? 0 : r.nextHopHi * 31 + r.nextHopLo;
    h = ((h * 31 + e.linkAddress) * 31 + r.oif) * 31 + r.decision;
    return (int) (h * 0x9e3779b97f4a7c15L >>> 32);
  }

  private static boolean isSame(Entry one, Entry other) {
    RouteResult a = one.result;
    RouteResult b = other.result;
    return a.decision == b.decision
        && a.oif == b.oif
        && a.gateway == b.gateway
        && a.nextHopSix == b.nextHopSix
        && (isOnLink(a) || a.nextHopHi == b.nextHopHi && a.nextHopLo == b.nextHopLo)
        && one.linkAddress == other.linkAddress
        && a.mtu == b.mtu
        && a.icmpType == b.icmpType
        && a.icmpCode == b.icmpCode
        && a.realms == b.realms
        && a.redirect == b.redirect
        && a.forwardCheck == b.forwardCheck;
  }
}
