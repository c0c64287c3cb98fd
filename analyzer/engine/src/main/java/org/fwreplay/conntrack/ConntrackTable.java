package org.fwreplay.conntrack;

import java.util.function.Consumer;

/**
 * The table of connections: the tuples of both directions hashed, with open addressing and linear
 * probing, so that a packet of a new connection is seen to be one, and a tuple taken out, by a look
 * at hashes that lie side by side; and the index by original source that NAT looks into.
 */
final class ConntrackTable {
  private static final int START = 1 << 12;

  /** By slot: the hash of the tuple there, 0 for none. */
  private int[] hashes = new int[START];

  private Tuple[] slots = new Tuple[START];
  private int tuples;
  private Connection[] bySource = new Connection[START];
  private final int seed;

  ConntrackTable(int seed) {
    this.seed = seed;
  }

  /** Never 0. */
  int hash(Tuple key, int zone) {
    int hash = key.computeHash(seed + zone * 0x9e3779b9);
    return hash == 0 ? 1 : hash;
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
    int mask = hashes.length - 1;
    for (int at = hash & mask; hashes[at] != 0; at = at + 1 & mask) {
      if (hashes[at] == hash) {
        Tuple t = slots[at];
        if (t.zone == (t.direction == Connection.ORIGINAL ? original : reply) && t.sameKey(key)) {
          return t;
        }
      }
    }
    return null;
  }

  /** How many slots there are. */
  int slots() {
    return slots.length;
  }

  /**
   * A tuple whose hash leads to a slot, for early drop.
   *
   * @param n 0 for the first of them
   * @return null where there are no more
   */
  Tuple inBucket(int slot, int n) {
    int mask = hashes.length - 1;
    int left = n;
    for (int at = slot & mask; hashes[at] != 0; at = at + 1 & mask) {
      if ((hashes[at] & mask) == (slot & mask) && left-- == 0) {
        return slots[at];
      }
    }
    return null;
  }

  void insert(Tuple t) {
    if (++tuples * 2 > hashes.length) {
      grow();
    }
    put(t, hash(t, t.zone));
  }

  private void put(Tuple t, int hash) {
    int mask = hashes.length - 1;
    int at = hash & mask;
    while (hashes[at] != 0) {
      at = at + 1 & mask;
    }
    hashes[at] = hash;
    slots[at] = t;
  }

  void remove(Tuple t) {
    int mask = hashes.length - 1;
    int gap = hash(t, t.zone) & mask;
    while (slots[gap] != t) {
      gap = gap + 1 & mask;
    }
    // Those behind it that could stand in the gap move up, so that no search ends too early.
    for (int at = gap + 1 & mask; hashes[at] != 0; at = at + 1 & mask) {
      if ((at - hashes[at] & mask) >= (at - gap & mask)) {
        hashes[gap] = hashes[at];
        slots[gap] = slots[at];
        gap = at;
      }
    }
    hashes[gap] = 0;
    slots[gap] = null;
    tuples--;
  }

  private void grow() {
    int[] oldHashes = hashes;
    Tuple[] old = slots;
    hashes = new int[old.length * 2];
    slots = new Tuple[hashes.length];
    for (int i = 0; i < old.length; i++) {
      if (oldHashes[i] != 0) {
        put(old[i], oldHashes[i]);
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
    for (Tuple t : slots) {
      if (t != null && t.direction == Connection.ORIGINAL) {
        consumer.accept(t.connection);
      }
    }
  }
}
