package org.fwreplay.conntrack;

import java.util.Arrays;

/**
 * Hash slots with open addressing and linear probing, whose is what told by numbers: one word a
 * slot, so that a search sees whose hash is another's, and a word is taken in or out, without a
 * look at what the numbers stand for. A slot that is empty is 0; a hash never is.
 *
 * <p>Numbers are from 0 and as small as can be; the last one that came free is given first.
 */
public final class TupleSlots {
  private long[] slots;
  private int[] freeNumbers = new int[16];
  private int freeCount;
  private int givenNumbers;

  /**
   * Empty slots.
   *
   * @param length a power of two
   */
  public TupleSlots(int length) {
    slots = new long[length];
  }

  /** How many there are. */
  public int length() {
    return slots.length;
  }

  /** The word in the slot {@code at} and all of its like: {@code at} goes round. */
  public long get(int at) {
    return slots[at & slots.length - 1];
  }

  /** A word's hash: its slot, or one of those behind it, is {@code get(hash)}. */
  public static int hash(long word) {
    return (int) (word >>> 32);
  }

  /** A word's number. */
  public static int number(long word) {
    return (int) word;
  }

  private static long word(int hash, int number) {
    return (long) hash << 32 | number & 0xffff_ffffL;
  }

  /** A number that nobody has. */
  public int newNumber() {
    return freeCount > 0 ? freeNumbers[--freeCount] : givenNumbers++;
  }

  /** Takes a number back. */
  public void freeNumber(int number) {
    if (freeCount == freeNumbers.length) {
      freeNumbers = Arrays.copyOf(freeNumbers, 2 * freeCount);
    }
    freeNumbers[freeCount++] = number;
  }

  /** Puts a number in; there must be room. */
  public void put(int hash, int number) {
    put(word(hash, number));
  }

  private void put(long word) {
    int mask = slots.length - 1;
    int at = hash(word) & mask;
    while (slots[at] != 0) {
      at = at + 1 & mask;
    }
    slots[at] = word;
  }

  /** Takes a number out that is in. */
  public void take(int hash, int number) {
    long taken = word(hash, number);
    int mask = slots.length - 1;
    int gap = hash & mask;
    while (slots[gap] != taken) {
      gap = gap + 1 & mask;
    }
    // Those behind it that could stand in the gap move up, so that no search ends too early.
    long word;
    for (int at = gap + 1 & mask; (word = slots[at]) != 0; at = at + 1 & mask) {
      if ((at - hash(word) & mask) >= (at - gap & mask)) {
        slots[gap] = word;
        gap = at;
      }
    }
    slots[gap] = 0;
  }

  /** Twice as many slots. */
  public void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    for (long word : old) {
      if (word != 0) {
        put(word);
      }
    }
  }
}
