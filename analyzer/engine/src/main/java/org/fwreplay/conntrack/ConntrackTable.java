package org.fwreplay.conntrack;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The table of connections: both directions of each hashed; and the index by original source that
 * NAT looks into.
 */
final class ConntrackTable {
  private static final int START = 1 << 12;

  /** Tuples are at most every second slot, which makes connections at most every fourth. */
  private static final int SLOTS_PER_CONNECTION = 4;

  /** Of each tuple its hash with its connection's number, doubled, and its direction. */
  private final TupleSlots slots = new TupleSlots(START);

  /** By number: those in the table. */
  private Connection[] connections = new Connection[START / SLOTS_PER_CONNECTION];

  private int count;
  private Connection[] bySource = new Connection[START];
  private final int seed;

  /** What {@link #fetch} has seen, of no use but that it was fetched. */
  private long fetched;

  ConntrackTable(int seed) {
    this.seed = seed;
  }

  /** Never 0. */
  int hash(Tuple key, int zone) {
    int hash = key.computeHash(seed + zone * 0x9e3779b9);
    return hash == 0 ? 1 : hash;
  }

  private static int directionAt(long slot) {
    return TupleSlots.number(slot) & 1;
  }

  private Connection connectionAt(long slot) {
    return connections[TupleSlots.number(slot) >>> 1];
  }

  /**
   * The confirmed tuple with the same key, expired or not; null if there is none.
   *
   * @param zone the one that the tuple was put in with: one of the two that follow
   * @param original the zone that a tuple of the original direction must be in
   * @param reply the zone that a tuple of the reply direction must be in
   */
  Tuple find(Tuple key, int zone, int original, int reply) {
    int hash = hash(key, zone);
    long slot;
    for (int at = hash; (slot = slots.get(at)) != 0; at++) {
      if (TupleSlots.hash(slot) == hash) {
        Tuple t = connectionAt(slot).tuple(directionAt(slot));
        if (t.zone == (t.direction == Connection.ORIGINAL ? original : reply) && t.sameKey(key)) {
          return t;
        }
      }
    }
    return null;
  }

  /**
   * Has the slot fetched at which a tuple will be looked for and put in soon. It is in no cache,
   * and comes together with the other memory that is waited for until then.
   */
  void fetch(Tuple key, int zone) {
    fetched += slots.get(hash(key, zone));
  }

  /** How many slots there are. */
  int slots() {
    return slots.length();
  }

  /**
   * A connection with a tuple whose hash leads to a slot, for early drop.
   *
   * @param n 0 for the first of them
   * @return null where there are no more
   */
  Connection inBucket(int bucket, int n) {
    int mask = slots.length() - 1;
    int left = n;
    long slot;
    for (int at = bucket; (slot = slots.get(at)) != 0; at++) {
      if (((TupleSlots.hash(slot) ^ bucket) & mask) == 0 && left-- == 0) {
        return connectionAt(slot);
      }
    }
    return null;
  }

  /** Takes a connection in. Its tuples and their zones stay as they are while it is there. */
  void insert(Connection ct) {
    if (++count * SLOTS_PER_CONNECTION > slots.length()) {
      grow();
    }
    int number = slots.newNumber();
    connections[number] = ct;
    ct.number = number;
    ct.hash = hash(ct.original, ct.original.zone);
    ct.replyHash = hash(ct.reply, ct.reply.zone);
    slots.put(ct.hash, number << 1 | Connection.ORIGINAL);
    slots.put(ct.replyHash, number << 1 | Connection.REPLY);
  }

  /** Takes a connection out. */
  void remove(Connection ct) {
    slots.take(ct.hash, ct.number << 1 | Connection.ORIGINAL);
    slots.take(ct.replyHash, ct.number << 1 | Connection.REPLY);
    connections[ct.number] = null;
    slots.freeNumber(ct.number);
    count--;
  }

  /** Twice the room. */
  private void grow() {
    slots.grow();
    connections = Arrays.copyOf(connections, slots.length() / SLOTS_PER_CONNECTION);
    growBySource();
  }

  // -- by original source, for NAT ---------------------------------------------------------------

  private int sourceHash(Tuple t) {
    long h = t.sourceLo * 0x9e3779b97f4a7c15L + t.sourceHi * 0xc2b2ae3d27d4eb4fL;
    h = (h ^ h >>> 29) * 0xbf58476d1ce4e5b9L + t.sourcePort * 0x9e3779b9L + t.protocol + seed;
    return (int) ((h ^ h >>> 32) & bySource.length - 1);
  }

  /** Newest first, as the kernel's list. */
  Connection firstBySource(Tuple original) {
    return bySource[sourceHash(original)];
  }

  void insertBySource(Connection ct) {
    int at = sourceHash(ct.original);
    ct.bySourceBucket = at;
    ct.bySourcePrevious = null;
    ct.bySourceNext = bySource[at];
    if (ct.bySourceNext != null) {
      ct.bySourceNext.bySourcePrevious = ct;
    }
    bySource[at] = ct;
  }

  void removeBySource(Connection ct) {
    if (ct.bySourceBucket < 0) {
      return;
    }
    if (ct.bySourcePrevious == null) {
      bySource[ct.bySourceBucket] = ct.bySourceNext;
    } else {
      ct.bySourcePrevious.bySourceNext = ct.bySourceNext;
    }
    if (ct.bySourceNext != null) {
      ct.bySourceNext.bySourcePrevious = ct.bySourcePrevious;
    }
    ct.bySourceBucket = -1;
    ct.bySourceNext = null;
    ct.bySourcePrevious = null;
  }

  private void growBySource() {
    Connection[] old = bySource;
    bySource = new Connection[slots.length()];
    for (Connection head : old) {
      Connection last = head;
      while (last != null && last.bySourceNext != null) {
        last = last.bySourceNext;
      }
      while (last != null) {
        Connection before = last.bySourcePrevious;
        insertBySource(last);
        last = before;
      }
    }
  }

  /** Calls with every connection in the table, each once. */
  void forEach(Consumer<Connection> consumer) {
    for (int at = 0; at < slots.length(); at++) {
      long slot = slots.get(at);
      if (slot != 0 && directionAt(slot) == Connection.ORIGINAL) {
        consumer.accept(connectionAt(slot));
      }
    }
  }
}
