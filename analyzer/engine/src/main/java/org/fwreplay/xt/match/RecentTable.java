package org.fwreplay.xt.match;

import org.fwreplay.xt.AddressText;

/**
 * A list of {@code -m recent}: the addresses seen last, each with when it was seen. Shared by all
 * rules that name the list. Entries are reused, so that a full list allocates nothing.
 */
final class RecentTable {
  /** Most addresses ({@code ip_list_tot}); the one seen longest ago makes room. */
  private static final int MAX_ENTRIES = 100;

  private static final int BUCKETS = 128;
  private static final int LEAST_STAMPS = 32;

  /** An address, and when it was seen. */
  static final class Entry {
    private boolean ipv6;
    private long hi;
    private long lo;
    private int ttl;
    private long[] stamps;

    /** Where the next stamp goes, modulo the length. */
    private int next;

    private int count;
    private Entry nextInBucket;
    private Entry older;
    private Entry newer;

    /** Whether it was seen so often at or after a time, in jiffies. */
    boolean seen(long since, int times) {
      int hits = 0;
      for (int i = 0; i < count; i++) {
        if (stamps[i] >= since && ++hits >= times) {
          return true;
        }
      }
      return false;
    }

    private void stamp(long now) {
      next &= stamps.length - 1;
      stamps[next++] = now;
      count = Math.max(count, next);
    }
  }

  private final long mask4;
  private final long maskHi;
  private final long maskLo;
  private final Entry[] buckets = new Entry[BUCKETS];
  private int stampsKept;
  private int size;
  private Entry oldest;
  private Entry newest;
  private Entry free;

  /**
   * An empty list.
   *
   * @param mask of the rule that makes the list; the kernel uses it for all rules. One of IPv4
   *     covers the first 32 bits of an IPv6 address, none of the others
   */
  RecentTable(boolean ipv6, AddressText.Address mask) {
    boolean all4 = !ipv6 && mask.lo() == 0xffffffffL;
    mask4 = ipv6 ? mask.hi() >>> 32 : mask.lo();
    maskHi = ipv6 ? mask.hi() : all4 ? -1 : mask.lo() << 32;
    maskLo = ipv6 ? mask.lo() : all4 ? -1 : 0;
  }

  /** Has so many stamps of each address kept; a list that is too small for that starts anew. */
  void keepStamps(int hits) {
    int wanted = hits == 0 ? LEAST_STAMPS : Integer.highestOneBit(2 * hits - 1);
    if (wanted > stampsKept) {
      while (oldest != null) {
        remove(oldest);
      }
      free = null;
      stampsKept = wanted;
    }
  }

  /** The address's entry, or null; a TTL other than 0 must be the entry's. */
  Entry find(boolean ipv6, long hi, long lo, int ttl) {
    long h = hi & maskHi;
    long l = lo & (ipv6 ? maskLo : mask4);
    for (Entry e = buckets[bucket(h, l)]; e != null; e = e.nextInBucket) {
      if (e.lo == l && e.hi == h && e.ipv6 == ipv6 && (ttl == 0 || e.ttl == 0 || e.ttl == ttl)) {
        return e;
      }
    }
    return null;
  }

  /** Enters an address that is not there. */
  void add(boolean ipv6, long hi, long lo, int ttl, long now) {
    if (size == MAX_ENTRIES) {
      remove(oldest);
    }
    Entry entry = free;
    if (entry == null) {
      entry = new Entry();
      entry.stamps = new long[stampsKept];
    } else {
      free = entry.nextInBucket;
    }
    entry.ipv6 = ipv6;
    entry.hi = hi & maskHi;
    entry.lo = lo & (ipv6 ? maskLo : mask4);
    entry.ttl = ttl;
    entry.next = 0;
    entry.count = 0;
    entry.stamp(now);
    int bucket = bucket(entry.hi, entry.lo);
    entry.nextInBucket = buckets[bucket];
    buckets[bucket] = entry;
    append(entry);
    size++;
  }

  /** Notes that an address was seen again. */
  void touch(Entry entry, int ttl, long now) {
    entry.stamp(now);
    entry.ttl = ttl;
    unlink(entry);
    append(entry);
  }

  /** Forgets an address. */
  void remove(Entry entry) {
    int bucket = bucket(entry.hi, entry.lo);
    if (buckets[bucket] == entry) {
      buckets[bucket] = entry.nextInBucket;
    } else {
      Entry before = buckets[bucket];
      while (before.nextInBucket != entry) {
        before = before.nextInBucket;
      }
      before.nextInBucket = entry.nextInBucket;
    }
    unlink(entry);
    entry.nextInBucket = free;
    free = entry;
    size--;
  }

  /** Forgets the oldest entry if it was last seen before a time and is not the one to be kept. */
  void reap(long since, Entry kept) {
    Entry entry = oldest;
    if (entry != kept && entry.stamps[entry.next - 1] < since) {
      remove(entry);
    }
  }

  private static int bucket(long hi, long lo) {
    long hash = (hi ^ lo) * 0x9e3779b97f4a7c15L;
    return (int) (hash >>> 57);
  }

  private void append(Entry entry) {
    entry.older = newest;
    entry.newer = null;
    if (newest == null) {
      oldest = entry;
    } else {
      newest.newer = entry;
    }
    newest = entry;
  }

  private void unlink(Entry entry) {
    if (entry.older == null) {
      oldest = entry.newer;
    } else {
      entry.older.newer = entry.newer;
    }
    if (entry.newer == null) {
      newest = entry.older;
    } else {
      entry.newer.older = entry.older;
    }
  }
}
