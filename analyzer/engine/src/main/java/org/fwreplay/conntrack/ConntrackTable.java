package org.fwreplay.conntrack;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The table of connections: both directions of each hashed, with open addressing and linear
 * probing, so that a packet of a new connection is seen to be one, and a connection taken in or
 * out, by a look at slots that lie side by side, none at tuples; and the index by original source
 * that NAT looks into.
 */
final class ConntrackTable {
  private static final int START = 1 << 12;

  /** Tuples are at most every second slot, which makes connections at most every fourth. */
  private static final int SLOTS_PER_CONNECTION = 4;

  /** By slot: the hash of what is there, then the connection's number and the direction; or 0. */
  private long[] slots = new long[START];

  /** By number: those in the table. Numbers are given again, the last one that came free first. */
  private Connection[] connections = new Connection[START / SLOTS_PER_CONNECTION];

  private int[] freeNumbers = new int[connections.length];
  private int freeCount;
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

  private static int hashAt(long slot) {
    return (int) (slot >>> 32);
  }

  private static int directionAt(long slot) {
    return (int) slot & 1;
  }

  private Connection connectionAt(long slot) {
    return connections[(int) slot >>> 1];
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
    int mask = slots.length - 1;
    long slot;
    for (int at = hash & mask; (slot = slots[at]) != 0; at = at + 1 & mask) {
      if (hashAt(slot) == hash) {
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
    fetched += slots[hash(key, zone) & slots.length - 1];
  }

  /** How many slots there are. */
  int slots() {
    return slots.length;
  }

  /**
   * A connection with a tuple whose hash leads to a slot, for early drop.
   *
   * @param n 0 for the first of them
   * @return null where there are no more
   */
  Connection inBucket(int bucket, int n) {
    int mask = slots.length - 1;
    int left = n;
    long slot;
    for (int at = bucket & mask; (slot = slots[at]) != 0; at = at + 1 & mask) {
      if ((hashAt(slot) & mask) == (bucket & mask) && left-- == 0) {
        return connectionAt(slot);
      }
    }
    return null;
  }

  /** Takes a connection in. Its tuples and their zones stay as they are while it is there. */
  void insert(Connection ct) {
    if (++count * SLOTS_PER_CONNECTION > slots.length) {
      grow();
    }
    int number = freeCount > 0 ? freeNumbers[--freeCount] : count - 1;
    connections[number] = ct;
    ct.number = number;
    ct.hash = hash(ct.original, ct.original.zone);
    ct.replyHash = hash(ct.reply, ct.reply.zone);
    put(slot(ct.hash, number, Connection.ORIGINAL));
    put(slot(ct.replyHash, number, Connection.REPLY));
  }

  private static long slot(int hash, int number, int direction) {
    return (long) hash << 32 | number << 1 | direction;
  }

  private void put(long slot) {
    int mask = slots.length - 1;
    int at = hashAt(slot) & mask;
    while (slots[at] != 0) {
      at = at + 1 & mask;
    }
    slots[at] = slot;
  }

  /** Takes a connection out. */
  void remove(Connection ct) {
    take(slot(ct.hash, ct.number, Connection.ORIGINAL));
    take(slot(ct.replyHash, ct.number, Connection.REPLY));
    connections[ct.number] = null;
    freeNumbers[freeCount++] = ct.number;
    count--;
  }

  private void take(long taken) {
    int mask = slots.length - 1;
    int gap = hashAt(taken) & mask;
    while (slots[gap] != taken) {
      gap = gap + 1 & mask;
    }
    // Those behind it that could stand in the gap move up, so that no search ends too early.
    long slot;
    for (int at = gap + 1 & mask; (slot = slots[at]) != 0; at = at + 1 & mask) {
      if ((at - hashAt(slot) & mask) >= (at - gap & mask)) {
        slots[gap] = slot;
        gap = at;
      }
    }
    slots[gap] = 0;
  }

  /** Twice the room. The table is full, so that no number is free. */
  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    connections = Arrays.copyOf(connections, slots.length / SLOTS_PER_CONNECTION);
    freeNumbers = new int[connections.length];
    for (long slot : old) {
      if (slot != 0) {
        put(slot);
      }
    }
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
    bySource = new Connection[slots.length];
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
    for (long slot : slots) {
      if (slot != 0 && directionAt(slot) == Connection.ORIGINAL) {
        consumer.accept(connectionAt(slot));
      }
    }
  }
}
