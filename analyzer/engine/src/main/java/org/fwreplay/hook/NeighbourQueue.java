package org.fwreplay.hook;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.fwreplay.packet.Packet;

/**
 * Packets that wait for a neighbour known not to answer: {@code struct neighbour} in state
 * INCOMPLETE. It is asked three times, a second apart; then each sender is told that the host is
 * unreachable.
 */
final class NeighbourQueue {
  private static final long RETRANSMIT_NS = 1_000_000_000L;
  private static final int PROBES = 3;

  /** unres_qlen_bytes holds about this many small packets with the kernel's overhead. */
  private static final int LONGEST = 277;

  /** What is told when a neighbour's time has come. */
  interface Events {
    /** The neighbour is asked (again); the packet is the newest that waits for it. */
    void ask(Packet waiting);

    /** The neighbour is given up; called for each packet that waited, oldest first. */
    void unreachable(Packet waited);
  }

  private static final class Waiting {
    final ArrayDeque<Packet> packets = new ArrayDeque<>();
    int probes;
    long dueNs;

    boolean isFor(Packet p) {
      Packet first = packets.peek();
      return first.out == p.out
          && first.nextHopSix == p.nextHopSix
          && first.nextHopLo == p.nextHopLo
          && first.nextHopHi == p.nextHopHi;
    }
  }

  private final List<Waiting> incomplete = new ArrayList<>();
  private final PacketPool pool;
  private final LongSupplier clock;
  private final Events events;

  /** A queue; the clock gives the packet clock's ns. */
  NeighbourQueue(PacketPool pool, LongSupplier clock, Events events) {
    this.pool = pool;
    this.clock = clock;
    this.events = events;
  }

  /** Whether packets wait; then their connections must not be reused. */
  boolean isEmpty() {
    return incomplete.isEmpty();
  }

  void add(Packet p) {
    Packet copy = pool.take();
    copy.copyFrom(p);
    for (Waiting w : incomplete) {
      if (w.isFor(p)) {
        if (w.packets.size() == LONGEST) {
          pool.give(w.packets.poll());
        }
        w.packets.add(copy);
        return;
      }
    }
    Waiting w = new Waiting();
    w.packets.add(copy);
    w.probes = 1;
    w.dueNs = clock.getAsLong() + RETRANSMIT_NS;
    incomplete.add(w);
    events.ask(copy);
  }

  /** When something happens next; {@link Long#MAX_VALUE} for never. */
  long nextNs() {
    long next = Long.MAX_VALUE;
    for (Waiting w : incomplete) {
      next = Math.min(next, w.dueNs);
    }
    return next;
  }

  /** Does what is due at {@link #nextNs}. */
  void runNext() {
    long now = nextNs();
    Waiting due = null;
    for (Waiting w : incomplete) {
      if (w.dueNs == now) {
        due = w;
        break;
      }
    }
    if (due.probes < PROBES) {
      due.probes++;
      due.dueNs += RETRANSMIT_NS;
      Packet newest = due.packets.peekLast();
      newest.timeNs = now;
      events.ask(newest);
      return;
    }
    incomplete.remove(due);
    for (Packet p : due.packets) {
      p.timeNs = now;
      events.unreachable(p);
      pool.give(p);
    }
  }
}
