package org.fwreplay.region;

import java.util.Arrays;

/** An immutable set of non-negative ints, kept as sorted ranges that do not touch. */
public final class IntSet {
  /** No number. */
  public static final IntSet EMPTY = new IntSet(new int[0]);

  /** First and last number of each range in turn. */
  private final int[] bounds;

  private IntSet(int[] bounds) {
    this.bounds = bounds;
  }

  /** The numbers from {@code low} to {@code high}, both included; none where they are reversed. */
  public static IntSet range(int low, int high) {
    return low > high ? EMPTY : new IntSet(new int[] {low, high});
  }

  /** One number. */
  public static IntSet of(int number) {
    return range(number, number);
  }

  /** Whether it has no number. */
  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /** The smallest number; there must be one. */
  public int min() {
    return bounds[0];
  }

  /** The largest number; there must be one. */
  public int max() {
    return bounds[bounds.length - 1];
  }

  /** How many ranges of numbers it is, which do not touch. */
  int ranges() {
    return bounds.length / 2;
  }

  /** The first number of a range. */
  int low(int range) {
    return bounds[2 * range];
  }

  /** The last number of a range. */
  int high(int range) {
    return bounds[2 * range + 1];
  }

  /** Whether a number is in it. */
  public boolean contains(int number) {
    int at = Arrays.binarySearch(bounds, number);
    return at >= 0 || (-at - 1) % 2 == 1;
  }

  /** Whether both have a number in common. */
  public boolean intersects(IntSet other) {
    int[] a = bounds;
    int[] b = other.bounds;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      if (a[i + 1] < b[j]) {
        i += 2;
      } else if (b[j + 1] < a[i]) {
        j += 2;
      } else {
        return true;
      }
    }
    return false;
  }

  /** Whether all numbers of the other are in this. */
  public boolean containsAll(IntSet other) {
    int[] a = bounds;
    int[] b = other.bounds;
    int i = 0;
    for (int j = 0; j < b.length; j += 2) {
      while (i < a.length && a[i + 1] < b[j]) {
        i += 2;
      }
      if (i == a.length || a[i] > b[j] || a[i + 1] < b[j + 1]) {
        return false;
      }
    }
    return true;
  }

  /** The numbers that are in both. */
  public IntSet and(IntSet other) {
    int[] a = bounds;
    int[] b = other.bounds;
    int[] both = new int[a.length + b.length];
    int n = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      int low = Math.max(a[i], b[j]);
      int high = Math.min(a[i + 1], b[j + 1]);
      if (low <= high) {
        both[n++] = low;
        both[n++] = high;
      }
      if (a[i + 1] < b[j + 1]) {
        i += 2;
      } else {
        j += 2;
      }
    }
    return of(both, n);
  }

  /** The numbers that are in one of them. */
  public IntSet or(IntSet other) {
    int[] a = bounds;
    int[] b = other.bounds;
    int[] either = new int[a.length + b.length];
    int n = 0;
    int i = 0;
    int j = 0;
    while (i < a.length || j < b.length) {
      boolean first = j == b.length || i < a.length && a[i] <= b[j];
      int low = first ? a[i] : b[j];
      int high = first ? a[i + 1] : b[j + 1];
      if (first) {
        i += 2;
      } else {
        j += 2;
      }
      if (n > 0 && low <= either[n - 1] + 1) {
        either[n - 1] = Math.max(either[n - 1], high);
      } else {
        either[n++] = low;
        either[n++] = high;
      }
    }
    return of(either, n);
  }

  /** The numbers from 0 to {@code size} less one that are not in it. */
  public IntSet complement(int size) {
    int[] rest = new int[bounds.length + 2];
    int n = 0;
    int low = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      if (low < bounds[i]) {
        rest[n++] = low;
        rest[n++] = bounds[i] - 1;
      }
      low = bounds[i + 1] + 1;
    }
    if (low < size) {
      rest[n++] = low;
      rest[n++] = size - 1;
    }
    return of(rest, n);
  }

  private static IntSet of(int[] bounds, int length) {
    if (length == 0) {
      return EMPTY;
    }
    return new IntSet(length == bounds.length ? bounds : Arrays.copyOf(bounds, length));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IntSet set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < bounds.length; i += 2) {
      out.append(i == 0 ? "" : ",").append(bounds[i]);
      if (bounds[i + 1] > bounds[i]) {
        out.append('-').append(bounds[i + 1]);
      }
    }
    return out.append('}').toString();
  }
}
