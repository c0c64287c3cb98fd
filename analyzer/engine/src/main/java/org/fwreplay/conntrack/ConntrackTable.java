package org.fwreplay.conntrack;

import java.util.function.Consumer;

/**
 * The table of connections: both directions hashed into one array of chains, whose links lie in the
 * tuples themselves; and the index by original source that NAT looks into.
 *
 * <p>Of every chain a few bits of its tuples' hashes are kept apart, so that a packet of a new
 * connection is seen to be one without a look at the chain.
 */
final class ConntrackTable {
  private static final int START = 1 << 12;

  private Tuple[] buckets = new Tuple[START];

  /** By bucket: bit {@link #bit} of each tuple in it. */
  private int[] present = new int[START];

  private int tuples;
  private Connection[] bySource = new Connection[START];
  private final int seed;

  ConntrackTable(int seed) {
    this.seed = seed;
  }

  int hash(Tuple key, int zone) {
    return key.computeHash(seed + zone * 0x9e3779b9);
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
    int at = hash & buckets.length - 1;
    if ((present[at] & bit(hash)) == 0) {
      return null;
    }
    for (Tuple t = buckets[at]; t != null; t = t.next) {
      if (t.hash == hash
          && t.zone == (t.direction == Connection.ORIGINAL ? original : reply)
          && t.sameKey(key)) {
        return t;
      }
    }
    return null;
  }

  /** One of 32 bits by the part of a hash that no bucket's number depends on. */
  private static int bit(int hash) {
    return 1 << (hash >>> 27);
  }

  /** The first tuple of a bucket, for early drop. */
  Tuple bucket(int index) {
    return buckets[index & buckets.length - 1];
  }

  void insert(Tuple t) {
    if (tuples >= buckets.length) {
      grow();
    }
    t.hash = hash(t, t.zone);
    int at = t.hash & buckets.length - 1;
    put(t, at);
    tuples++;
  }

  private void put(Tuple t, int at) {
    t.next = buckets[at];
    buckets[at] = t;
    present[at] |= bit(t.hash);
  }

  void remove(Tuple t) {
    int at = t.hash & buckets.length - 1;
    int others = 0;
    Tuple before = null;
    for (Tuple u = buckets[at]; u != null; u = u.next) {
      if (u.next == t) {
        before = u;
      }
      others |= u == t ? 0 : bit(u.hash);
    }
    if (before == null) {
      buckets[at] = t.next;
    } else {
      before.next = t.next;
    }
    present[at] = others;
    t.next = null;
    tuples--;
  }

  private void grow() {
    Tuple[] old = buckets;
    buckets = new Tuple[old.length * 2];
    present = new int[buckets.length];
    for (Tuple head : old) {
      Tuple reversed = null;
      for (Tuple t = head; t != null; ) {
        Tuple next = t.next;
        t.next = reversed;
        reversed = t;
        t = next;
      }
      for (Tuple t = reversed; t != null; ) {
        Tuple next = t.next;
        put(t, t.hash & buckets.length - 1);
        t = next;
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
    bySource = new Connection[buckets.length];
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
    for (Tuple head : buckets) {
      for (Tuple t = head; t != null; t = t.next) {
        if (t.direction == Connection.ORIGINAL) {
          consumer.accept(t.connection);
        }
      }
    }
  }
}
