package org.fwreplay.report.flow;

import java.util.Arrays;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.conntrack.TupleReader;
import org.fwreplay.conntrack.TupleSlots;
import org.fwreplay.packet.Protocols;

/**
 * Flows that connection tracking does not hold, found by kind and tuple; bounded. A list has them
 * in the order in which they came; one that was used since goes to its end only when its turn has
 * come, so that a packet touches no flow but its own.
 */
final class LooseFlows {
  private static final int SMALL = 256;

  private final int capacity;
  private final FlowList queue = new FlowList();

  /** Of each flow its hash and its number. */
  private final TupleSlots slots = new TupleSlots(SMALL);

  /** By number. */
  private Flow[] flows = new Flow[SMALL / 2];

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
    long slot;
    for (int at = hash; (slot = slots.get(at)) != 0; at++) {
      if (TupleSlots.hash(slot) == hash) {
        Flow flow = flows[TupleSlots.number(slot)];
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
    if (++size > flows.length) {
      slots.grow();
      flows = Arrays.copyOf(flows, flows.length * 2);
    }
    int number = slots.newNumber();
    flows[number] = flow;
    flow.number = number;
    flow.hash = hash;
    slots.put(hash, number);
    flow.queuedNs = flow.lastNs;
    queue.add(flow);
  }

  /** Takes a flow out. */
  void remove(Flow flow) {
    slots.take(flow.hash, flow.number);
    flows[flow.number] = null;
    slots.freeNumber(flow.number);
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
