package org.fwreplay.host;

import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * A map from (tag, address) to a long of 0 or more: open addressing, linear probing, at most a
 * quarter full so that what is not there is mostly seen at once. The tag is a prefix length or an
 * interface id.
 */
final class AddressMap {
  /** What {@link #get} says when there is nothing. */
  static final long NONE = -1;

  /** Longs of one slot, side by side for the cache: upper half, lower half, tag, value. */
  private static final int SLOT = 4;

  private static final int LO = 1;
  private static final int TAG = 2;
  private static final int VALUE = 3;

  private long[] slots = new long[16 * SLOT];
  private int size;

  AddressMap() {
    Arrays.fill(slots, NONE);
  }

  long get(int tag, long hi, long lo) {
    return slots[slot(tag, hi, lo) + VALUE];
  }

  void put(int tag, long hi, long lo, long value) {
    int slot = slot(tag, hi, lo);
    if (slots[slot + VALUE] == NONE && ++size * 4 * SLOT > slots.length) {
      grow();
      slot = slot(tag, hi, lo);
    }
    set(slot, tag, hi, lo, value);
  }

  /** Calls with the lower half of every address under a tag that satisfies a test. */
  void forEach(LongPredicate tags, LongConsumer addresses) {
    for (int i = 0; i < slots.length; i += SLOT) {
      if (slots[i + VALUE] != NONE && tags.test(slots[i + TAG])) {
        addresses.accept(slots[i + LO]);
      }
    }
  }

  private void set(int slot, long tag, long hi, long lo, long value) {
    slots[slot] = hi;
    slots[slot + LO] = lo;
    slots[slot + TAG] = tag;
    slots[slot + VALUE] = value;
  }

  /** Where the key's slot begins, or the free one where it would go. */
  private int slot(long tag, long hi, long lo) {
    int mask = slots.length - 1;
    long hash = (hi + Long.rotateLeft(lo, 29) + (tag << 7)) * 0x9e3779b97f4a7c15L;
    int slot = (int) (hash >>> 30) & mask & -SLOT;
    while (slots[slot + VALUE] != NONE
        && (slots[slot] != hi || slots[slot + LO] != lo || slots[slot + TAG] != tag)) {
      slot = slot + SLOT & mask;
    }
    return slot;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    Arrays.fill(slots, NONE);
    for (int i = 0; i < old.length; i += SLOT) {
      if (old[i + VALUE] != NONE) {
        int slot = slot(old[i + TAG], old[i], old[i + LO]);
        set(slot, old[i + TAG], old[i], old[i + LO], old[i + VALUE]);
      }
    }
  }
}
