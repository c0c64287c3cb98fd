package org.fwreplay.host;

import java.util.Arrays;

/**
 * A map from (tag, address) to a long of 0 or more: open addressing, linear probing, at most half
 * full, no objects. The tag is a prefix length or an interface id.
 */
final class AddressMap {
  /** What {@link #get} says when there is nothing. */
  static final long NONE = -1;

  private long[] his = new long[16];
  private long[] los = new long[16];
  private int[] tags = new int[16];
  private long[] values = new long[16];
  private int size;

  AddressMap() {
    Arrays.fill(values, NONE);
  }

  long get(int tag, long hi, long lo) {
    return values[slot(tag, hi, lo)];
  }

  void put(int tag, long hi, long lo, long value) {
    int slot = slot(tag, hi, lo);
    if (values[slot] == NONE) {
      if (++size * 2 > values.length) {
        grow();
        slot = slot(tag, hi, lo);
      }
      his[slot] = hi;
      los[slot] = lo;
      tags[slot] = tag;
    }
    values[slot] = value;
  }

  /** Where the key is, or the free place where it would go. */
  private int slot(int tag, long hi, long lo) {
    int mask = values.length - 1;
    long hash = (hi * 0x9e3779b97f4a7c15L ^ lo + tag) * 0xd6e8feb86659fd93L;
    int slot = (int) (hash ^ hash >>> 32) & mask;
    while (values[slot] != NONE && (los[slot] != lo || his[slot] != hi || tags[slot] != tag)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldHis = his;
    long[] oldLos = los;
    int[] oldTags = tags;
    long[] oldValues = values;
    his = new long[oldHis.length * 2];
    los = new long[his.length];
    tags = new int[his.length];
    values = new long[his.length];
    Arrays.fill(values, NONE);
    for (int i = 0; i < oldValues.length; i++) {
      if (oldValues[i] != NONE) {
        int slot = slot(oldTags[i], oldHis[i], oldLos[i]);
        his[slot] = oldHis[i];
        los[slot] = oldLos[i];
        tags[slot] = oldTags[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
