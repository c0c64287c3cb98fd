package org.fwreplay.report.flow;

import org.fwreplay.conntrack.Tuple;

/**
 * Flows that connection tracking does not hold, found by kind and tuple: open addressing with
 * linear probing, bounded. Those that nobody asked for longest are given up first.
 */
final class LooseFlows {
  private final int capacity;
  private final Flow[] slots;
  private final FlowList byUse = new FlowList();
  private int size;

  /**
   * An empty table.
   *
   * @param capacity most flows it holds
   */
  LooseFlows(int capacity) {
    this.capacity = capacity;
    slots = new Flow[Integer.highestOneBit(Math.max(2, capacity) - 1) * 4];
  }

  boolean isFull() {
    return size >= capacity;
  }

  /** The flow that was not used longest, or null. */
  Flow oldest() {
    return byUse.first();
  }

  /** The flow of a key, from now on the one used last; or null. */
  Flow find(FlowKind kind, Tuple key) {
    for (int at = slot(kind, key); slots[at] != null; at = at + 1 & slots.length - 1) {
      Flow flow = slots[at];
      if (flow.kind == kind && flow.original.zone == key.zone && flow.original.sameKey(key)) {
        byUse.touch(flow);
        return flow;
      }
    }
    return null;
  }

  /** Adds a flow that is not there; there must be room. */
  void add(Flow flow) {
    int at = slot(flow.kind, flow.original);
    while (slots[at] != null) {
      at = at + 1 & slots.length - 1;
    }
    slots[at] = flow;
    byUse.add(flow);
    size++;
  }

  /** Takes a flow out. */
  void remove(Flow flow) {
    int mask = slots.length - 1;
    int gap = slot(flow.kind, flow.original);
    while (slots[gap] != flow) {
      gap = gap + 1 & mask;
    }
    // Those behind it that could stand in the gap move up, so that no search ends too early.
    for (int at = gap + 1 & mask; slots[at] != null; at = at + 1 & mask) {
      int home = slot(slots[at].kind, slots[at].original);
      if ((at - home & mask) >= (at - gap & mask)) {
        slots[gap] = slots[at];
        gap = at;
      }
    }
    slots[gap] = null;
    byUse.remove(flow);
    size--;
  }

  private int slot(FlowKind kind, Tuple t) {
    long h = t.sourceLo * 0x9e3779b97f4a7c15L + t.sourceHi * 0xc2b2ae3d27d4eb4fL;
    h ^= h >>> 29;
    h += t.destinationLo * 0xbf58476d1ce4e5b9L + t.destinationHi * 0x94d049bb133111ebL;
    h ^= h >>> 32;
    h += ((long) t.sourcePort << 16 | t.destinationPort) * 0xd6e8feb86659fd93L;
    h += t.protocol * 31L + kind.ordinal();
    h *= 0x9e3779b97f4a7c15L;
    return (int) (h >>> 40) & slots.length - 1;
  }
}
