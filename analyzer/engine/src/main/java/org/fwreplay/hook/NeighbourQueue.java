package org.fwreplay.hook;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fwreplay.packet.Packet;

/**
 * Packets that wait for a neighbour known not to answer: {@code struct neighbour} in state
 * INCOMPLETE. After three probes, a second apart, each sender is told that the host is unreachable.
 */
final class NeighbourQueue {
  private static final long GIVE_UP_NS = 3_000_000_000L;

  /** unres_qlen_bytes holds about this many small packets with the kernel's overhead. */
  private static final int LONGEST = 277;

  private record Key(int iface, boolean six, long hi, long lo) {}

  private static final class Waiting {
    final ArrayDeque<Packet> packets = new ArrayDeque<>();
    long failsAtNs;
  }

  private final Map<Key, Waiting> incomplete = new LinkedHashMap<>();
  private final PacketPool pool;

  NeighbourQueue(PacketPool pool) {
    this.pool = pool;
  }

  /** Whether packets wait; then their connections must not be reused. */
  boolean isEmpty() {
    return incomplete.isEmpty();
  }

  void add(Packet p, long nowNs) {
    Key key = new Key(p.out, p.nextHopSix, p.nextHopHi, p.nextHopLo);
    Waiting w = incomplete.get(key);
    if (w == null) {
      w = new Waiting();
      w.failsAtNs = nowNs + GIVE_UP_NS;
      incomplete.put(key, w);
    }
    if (w.packets.size() == LONGEST) {
      pool.give(w.packets.poll());
    }
    Packet copy = pool.take();
    copy.copyFrom(p);
    w.packets.add(copy);
  }

  /** When the next neighbour is given up; {@link Long#MAX_VALUE} for never. */
  long nextFailureNs() {
    return incomplete.isEmpty() ? Long.MAX_VALUE : incomplete.values().iterator().next().failsAtNs;
  }

  /** The packets of the neighbour that failed first, if its time has come; else null. */
  ArrayDeque<Packet> failed(long nowNs) {
    Iterator<Waiting> first = incomplete.values().iterator();
    if (!first.hasNext()) {
      return null;
    }
    Waiting w = first.next();
    if (w.failsAtNs > nowNs) {
      return null;
    }
    first.remove();
    return w.packets;
  }
}
