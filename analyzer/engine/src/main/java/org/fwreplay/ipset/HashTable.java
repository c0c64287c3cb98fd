package org.fwreplay.ipset;

import org.fwreplay.ipset.IpSet.Outcome;
import org.fwreplay.packet.Jhash;

/**
 * The table behind the hash types, with the kernel's buckets: arrays that grow by two up to a
 * limit, then the table doubles, but only for commands; packets are turned away ({@code
 * ip_set_hash_gen.h}). Which elements a full bucket turns away, or {@code forceadd} overwrites, and
 * the order of a listing follow from that.
 */
final class HashTable {
  private static final int STEP = 2;
  private static final int TUNED_MOST = 64;
  private static final int REGION_BITS = 10;

  private static final class Bucket {
    HashEntry[] slots = new HashEntry[STEP];
    int end;
  }

  private final SetHeader header;
  private final KeyLayout layout;
  private final boolean byIface;
  private final int[] words;
  private final Prefixes first = new Prefixes();
  private final Prefixes second = new Prefixes();
  private Bucket[] buckets;
  private int[] regions;
  private int bucketSize;

  /** How often {@link #isEqual} saw the same network with whatever interface. */
  private int alike;

  HashTable(SetHeader header) {
    this.header = header;
    layout = new KeyLayout(header);
    byIface = header.type == SetType.HASH_NET_IFACE;
    words = new int[16];
    bucketSize = header.bucketSize;
    resizeTo(Integer.numberOfTrailingZeros(powerOfTwo(header.hashSize)));
  }

  static int powerOfTwo(int size) {
    int highest = Integer.highestOneBit(size);
    return highest == size ? size : highest << 1;
  }

  private void resizeTo(int bits) {
    buckets = new Bucket[1 << bits];
    regions = new int[bits < REGION_BITS ? 1 : 1 << bits - REGION_BITS];
  }

  HashTable copy() {
    HashTable copy = new HashTable(header);
    copy.buckets = new Bucket[buckets.length];
    copy.regions = regions.clone();
    copy.bucketSize = bucketSize;
    copy.first.copyFrom(first);
    copy.second.copyFrom(second);
    for (int i = 0; i < buckets.length; i++) {
      if (buckets[i] != null) {
        Bucket bucket = new Bucket();
        bucket.end = buckets[i].end;
        bucket.slots = new HashEntry[buckets[i].slots.length];
        for (int j = 0; j < bucket.slots.length; j++) {
          HashEntry entry = buckets[i].slots[j];
          bucket.slots[j] = entry == null ? null : entry.copy();
        }
        copy.buckets[i] = bucket;
      }
    }
    return copy;
  }

  int size() {
    return buckets.length;
  }

  int bucketSize() {
    return bucketSize;
  }

  KeyLayout layout() {
    return layout;
  }

  /** Prefix lengths of the only network of an element, or of the first of two. */
  Prefixes prefixes() {
    return first;
  }

  /** Prefix lengths of the second network. */
  Prefixes secondPrefixes() {
    return second;
  }

  private int place(Element e) {
    int length = layout.write(e, words);
    return Jhash.words(words, length, header.initval) & buckets.length - 1;
  }

  private boolean isEqual(HashEntry entry, Element e) {
    if (!byIface) {
      return entry.hasKey(words);
    }
    // The lowest byte of the last word says physdev.
    int last = entry.key.length - 1;
    int given = words[last];
    words[last] = given & ~0xff | entry.key[last] & 0xff;
    boolean sameNet = entry.hasKey(words);
    words[last] = given;
    if (!sameNet) {
      return false;
    }
    alike++;
    return entry.key[last] == given && entry.hasIface(e.iface);
  }

  /** {@code mtype_add}. */
  Outcome add(Element e, Extras extras, boolean exist, long now) {
    int place = place(e);
    int region = place >>> REGION_BITS;
    boolean full = regions[region] >= header.maxElements / regions.length && isFull(region, now);
    boolean force = full && header.forceAdd;
    Bucket bucket = buckets[place];
    if (bucket == null) {
      if (full) {
        return Outcome.FULL;
      }
      bucket = new Bucket();
      buckets[place] = bucket;
      return append(bucket, e, extras, now, region);
    }
    alike = 0;
    int reuse = -1;
    for (int i = 0; i < bucket.end; i++) {
      HashEntry entry = bucket.slots[i];
      if (!entry.used) {
        reuse = reuse < 0 ? i : reuse;
      } else if (isEqual(entry, e)) {
        if (!exist && !isExpired(entry, now)) {
          return Outcome.EXIST;
        }
        entry.nomatch = e.nomatch;
        entry.init(header, extras, now);
        return Outcome.DONE;
      } else if (reuse < 0 && isExpired(entry, now)) {
        reuse = i;
      }
    }
    if (reuse >= 0 || force) {
      HashEntry entry = bucket.slots[Math.max(0, reuse)];
      if (entry.used) {
        forget(entry, region);
      }
      store(entry, e, extras, now, region);
      return Outcome.DONE;
    }
    if (full) {
      return Outcome.FULL;
    }
    if (bucket.end < bucket.slots.length) {
      return append(bucket, e, extras, now, region);
    }
    return grow(bucket) ? append(bucket, e, extras, now, region) : tooFull();
  }

  private Outcome tooFull() {
    return byIface && bucketSize >= TUNED_MOST ? Outcome.FULL : Outcome.GROW;
  }

  private boolean grow(Bucket bucket) {
    if (byIface) {
      if (bucketSize >= TUNED_MOST) {
        return false;
      }
      bucketSize += bucketSize <= alike ? STEP : 0;
    }
    if (bucket.slots.length >= bucketSize) {
      return false;
    }
    bucket.slots = java.util.Arrays.copyOf(bucket.slots, bucket.slots.length + STEP);
    return true;
  }

  /** Each region has its share; only where that is used up the whole table is counted. */
  private boolean isFull(int region, long now) {
    if (header.hasTimeout()) {
      expire(region, now);
    }
    long all = 0;
    for (int count : regions) {
      all += count;
    }
    return all >= header.maxElements;
  }

  private boolean isExpired(HashEntry entry, long now) {
    return header.hasTimeout() && entry.isExpired(now);
  }

  private Outcome append(Bucket bucket, Element e, Extras extras, long now, int region) {
    HashEntry entry = bucket.slots[bucket.end];
    if (entry == null) {
      entry = new HashEntry(layout.size());
      bucket.slots[bucket.end] = entry;
    }
    bucket.end++;
    store(entry, e, extras, now, region);
    return Outcome.DONE;
  }

  private void store(HashEntry entry, Element e, Extras extras, long now, int region) {
    regions[region]++;
    countPrefixes(e, true);
    entry.take(words, e);
    entry.comment = null;
    entry.nomatch = e.nomatch;
    entry.init(header, extras, now);
  }

  private final Element stored = new Element();

  private void forget(HashEntry entry, int region) {
    layout.read(entry, stored);
    countPrefixes(stored, false);
    regions[region]--;
  }

  private void countPrefixes(Element e, boolean add) {
    SetType type = header.type;
    if (type.firstIsNet()) {
      count(first, e.prefix, add);
    }
    if (type.secondIsNet()) {
      count(type.firstIsNet() ? second : first, e.prefix2, add);
    }
  }

  private static void count(Prefixes prefixes, int length, boolean add) {
    if (add) {
      prefixes.add(length);
    } else {
      prefixes.remove(length);
    }
  }

  /** {@code mtype_gc_do}. */
  private void expire(int region, long now) {
    int from = regions.length == 1 ? 0 : region << REGION_BITS;
    int to = regions.length == 1 ? buckets.length : region + 1 << REGION_BITS;
    for (int place = from; place < to; place++) {
      Bucket bucket = buckets[place];
      if (bucket == null) {
        continue;
      }
      int free = 0;
      for (int i = 0; i < bucket.end; i++) {
        HashEntry entry = bucket.slots[i];
        if (entry.used && entry.isExpired(now)) {
          forget(entry, region);
          entry.used = false;
        }
        free += entry.used ? 0 : 1;
      }
      if (free >= STEP) {
        compact(place, free >= bucket.slots.length);
      }
    }
  }

  private void compact(int place, boolean isEmpty) {
    Bucket bucket = buckets[place];
    if (isEmpty) {
      buckets[place] = null;
      return;
    }
    HashEntry[] slots = new HashEntry[bucket.slots.length - STEP];
    int end = 0;
    for (int i = 0; i < bucket.end; i++) {
      if (bucket.slots[i].used) {
        slots[end++] = bucket.slots[i];
      }
    }
    bucket.slots = slots;
    bucket.end = end;
  }

  /** {@code mtype_del}. */
  Outcome delete(Element e, long now) {
    int place = place(e);
    Bucket bucket = buckets[place];
    int at = bucket == null ? -1 : indexOf(bucket, e);
    if (at < 0 || isExpired(bucket.slots[at], now)) {
      return Outcome.EXIST;
    }
    bucket.slots[at].used = false;
    if (at + 1 == bucket.end) {
      bucket.end--;
    }
    regions[place >>> REGION_BITS]--;
    countPrefixes(e, false);
    int free = 0;
    for (int i = 0; i < bucket.end; i++) {
      free += bucket.slots[i].used ? 0 : 1;
    }
    if (free == bucket.end) {
      buckets[place] = null;
    } else if (free >= STEP) {
      compact(place, false);
    }
    return Outcome.DONE;
  }

  private int indexOf(Bucket bucket, Element e) {
    for (int i = 0; i < bucket.end; i++) {
      if (bucket.slots[i].used && isEqual(bucket.slots[i], e)) {
        return i;
      }
    }
    return -1;
  }

  /** Starts to count networks that are the same but for the interface. */
  void forgetAlike() {
    alike = 0;
  }

  /** Whether a network was met that is the same but for the interface; the search ends there. */
  boolean hasAlike() {
    return alike > 0;
  }

  /** {@code mtype_test} for one element as it is; the query, if any, is counted. */
  Outcome test(Element e, SetQuery query, long now) {
    Bucket bucket = buckets[place(e)];
    if (bucket == null) {
      return Outcome.ABSENT;
    }
    int flags = query == null ? 0 : query.flags;
    for (int i = 0; i < bucket.end; i++) {
      HashEntry entry = bucket.slots[i];
      if (entry.used && isEqual(entry, e)) {
        if (entry.matches(header, now, query, flags)) {
          return entry.nomatch ? Outcome.EXCEPTED : Outcome.DONE;
        }
        alike = 0;
      }
    }
    return Outcome.ABSENT;
  }

  /** {@code mtype_resize}: twice as many buckets, or more until all find room. */
  void resize(long now) {
    Bucket[] old = buckets;
    int bits = Integer.numberOfTrailingZeros(old.length);
    do {
      resizeTo(++bits);
    } while (!refill(old, now));
  }

  private boolean refill(Bucket[] old, long now) {
    for (Bucket bucket : old) {
      for (int i = 0; bucket != null && i < bucket.end; i++) {
        HashEntry entry = bucket.slots[i];
        if (entry.used && !isExpired(entry, now) && !move(entry)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean move(HashEntry entry) {
    int hash = Jhash.words(entry.key, entry.key.length, header.initval);
    int place = hash & buckets.length - 1;
    if (buckets[place] == null) {
      buckets[place] = new Bucket();
    }
    Bucket bucket = buckets[place];
    if (bucket.end == bucket.slots.length) {
      if (bucket.slots.length >= bucketSize) {
        return false;
      }
      bucket.slots = java.util.Arrays.copyOf(bucket.slots, bucket.slots.length + STEP);
    }
    bucket.slots[bucket.end++] = entry;
    regions[place >>> REGION_BITS]++;
    return true;
  }

  void clear() {
    java.util.Arrays.fill(buckets, null);
    java.util.Arrays.fill(regions, 0);
    first.clear();
    second.clear();
  }

  /** Every element that is there, in the kernel's order. */
  void forEach(long now, java.util.function.Consumer<HashEntry> each) {
    for (Bucket bucket : buckets) {
      for (int i = 0; bucket != null && i < bucket.end; i++) {
        HashEntry entry = bucket.slots[i];
        if (entry.used && !isExpired(entry, now)) {
          each.accept(entry);
        }
      }
    }
  }
}
