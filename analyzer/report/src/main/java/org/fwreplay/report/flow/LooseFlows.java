package org.fwreplay.report.flow;

import org.fwreplay.conntrack.Tuple;
import org.fwreplay.conntrack.TupleReader;
import org.fwreplay.packet.Protocols;

/**
 * Flows that connection tracking does not hold, found by kind and tuple: open addressing with
 * linear probing, bounded. A list has them in the order in which they came; one that was used since
 * goes to its end only when its turn has come, so that a packet touches no flow but its own.
 */
final class LooseFlows {
  private static final int SMALL = 256;

  private final int capacity;
  private final FlowList queue = new FlowList();
  private Flow[] slots = new Flow[SMALL];

  /**
   * Of each flow in {@link #slots}, so that others need not be looked at; 0 where there is none.
   */
  private int[] hashes = new int[SMALL];

  private int size;

  /**
   * An empty table.
   *
   * @param capacity most flows it holds
   */
  LooseFlows(int capacity) {
    this.capacity = capacity;
  }

  boolean isFull() {
    return size >= capacity;
  }

  /** Any of the flows, or null. */
  Flow any() {
    return queue.first();
  }

  /**
   * A flow whose last packet came before that time, or null; some may be told later than others.
   */
  Flow idleSince(long ns) {
    for (Flow flow = queue.first(); flow != null && flow.queuedNs < ns; flow = queue.first()) {
      if (flow.lastNs < ns) {
        return flow;
      }
      putLast(flow);
    }
    return null;
  }

  /** The flow to give up for another: the first that had no packet since it was looked at. */
  Flow toGiveUp() {
    while (queue.first().queuedNs < queue.first().lastNs) {
      putLast(queue.first());
    }
    return queue.first();
  }

  private void putLast(Flow flow) {
    flow.queuedNs = flow.lastNs;
    queue.remove(flow);
    queue.add(flow);
  }

  /**
   * The flow of a key, or null.
   *
   * @param hash of the key
   */
  Flow find(int hash, FlowKind kind, Tuple key) {
    int mask = slots.length - 1;
    for (int at = hash & mask; hashes[at] != 0; at = at + 1 & mask) {
      if (hashes[at] == hash) {
        Flow flow = slots[at];
        if (flow.kind == kind && flow.original.zone == key.zone && flow.original.sameKey(key)) {
          return flow;
        }
      }
    }
    return null;
  }

  /**
   * Adds a flow that is not there; there must be room.
   *
   * @param hash of its key
   */
  void add(Flow flow, int hash) {
    if (++size * 2 > slots.length) {
      grow();
    }
    flow.hash = hash;
    place(flow, hash);
    flow.queuedNs = flow.lastNs;
    queue.add(flow);
  }

  private void grow() {
    Flow[] old = slots;
    int[] oldHashes = hashes;
    slots = new Flow[old.length * 2];
    hashes = new int[slots.length];
    for (int i = 0; i < old.length; i++) {
      if (old[i] != null) {
        place(old[i], oldHashes[i]);
      }
    }
  }

  private void place(Flow flow, int hash) {
    int mask = slots.length - 1;
    int at = hash & mask;
    while (hashes[at] != 0) {
      at = at + 1 & mask;
    }
    slots[at] = flow;
    hashes[at] = hash;
  }

  /** Takes a flow out. */
  void remove(Flow flow) {
    int mask = slots.length - 1;
    int gap = flow.hash & mask;
    while (slots[gap] != flow) {
      gap = gap + 1 & mask;
    }
    // Those behind it that could stand in the gap move up, so that no search ends too early.
    for (int at = gap + 1 & mask; hashes[at] != 0; at = at + 1 & mask) {
      if ((at - hashes[at] & mask) >= (at - gap & mask)) {
        slots[gap] = slots[at];
        hashes[gap] = hashes[at];
        gap = at;
      }
    }
    slots[gap] = null;
    hashes[gap] = 0;
    queue.remove(flow);
    size--;
  }

  /** The hash of a key; the same for both directions, as {@link TupleReader#invert} has them. */
  static int hash(FlowKind kind, Tuple t) {
    boolean icmp = t.protocol == Protocols.ICMP || t.protocol == Protocols.ICMPV6;
    // ICMP has its id where others have a source port, and no other port that both directions
    // share.
    int destinationPort = icmp ? t.sourcePort : t.destinationPort;
    long h =
        end(t.sourceHi, t.sourceLo, t.sourcePort)
            + end(t.destinationHi, t.destinationLo, destinationPort);
    h = (h + t.protocol * 31L + kind.ordinal()) * 0x9e3779b97f4a7c15L;
    int hash = (int) (h >>> 32);
    return hash == 0 ? 1 : hash;
  }

  private static long end(long hi, long lo, int port) {
    long h = lo * 0x9e3779b97f4a7c15L + hi * 0xc2b2ae3d27d4eb4fL;
    h = (h ^ h >>> 29) + port * 0xd6e8feb86659fd93L;
    return (h ^ h >>> 32) * 0xbf58476d1ce4e5b9L;
  }
}
