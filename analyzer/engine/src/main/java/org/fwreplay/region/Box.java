package org.fwreplay.region;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A product of sets: a packet is in the box if in each dimension that is constrained its value is
 * in the set. Immutable and never empty; what would be empty is null.
 */
public final class Box {
  /** All packets. */
  public static final Box ALL = new Box(new int[0], new IntSet[0]);

  /** Numbers of the constrained dimensions, ascending. */
  private final int[] dimensions;

  private final IntSet[] sets;
  private final int mask;

  private Box(int[] dimensions, IntSet[] sets) {
    this.dimensions = dimensions;
    this.sets = sets;
    int bits = 0;
    for (int dimension : dimensions) {
      bits |= Dimension.bit(dimension);
    }
    mask = bits;
  }

  /** The packets whose value is in a set, or null if it is empty. */
  static Box of(int dimension, IntSet set) {
    return set.isEmpty() ? null : new Box(new int[] {dimension}, new IntSet[] {set});
  }

  /** The packets whose value is in a set, or null if it is empty. */
  public static Box of(Dimension dimension, IntSet set) {
    return of(dimension.ordinal(), set);
  }

  /** The constrained dimensions as bits of {@link Dimension}. */
  public int mask() {
    return mask;
  }

  /** Whether it holds all packets. */
  public boolean isAll() {
    return dimensions.length == 0;
  }

  /** The values in a dimension, or null for all. */
  public IntSet get(Dimension dimension) {
    return get(dimension.ordinal());
  }

  private IntSet get(int dimension) {
    int at = Arrays.binarySearch(dimensions, dimension);
    return at < 0 ? null : sets[at];
  }

  /** How many dimensions are constrained. */
  int size() {
    return dimensions.length;
  }

  int dimension(int index) {
    return dimensions[index];
  }

  IntSet set(int index) {
    return sets[index];
  }

  /** The packets that are in both, or null for none. */
  public Box and(Box other) {
    if (isAll()) {
      return other;
    }
    if (other.isAll()) {
      return this;
    }
    int[] numbers = new int[dimensions.length + other.dimensions.length];
    IntSet[] both = new IntSet[numbers.length];
    int n = 0;
    int i = 0;
    int j = 0;
    while (i < dimensions.length || j < other.dimensions.length) {
      int a = i < dimensions.length ? dimensions[i] : Integer.MAX_VALUE;
      int b = j < other.dimensions.length ? other.dimensions[j] : Integer.MAX_VALUE;
      numbers[n] = Math.min(a, b);
      both[n] = a < b ? sets[i] : b < a ? other.sets[j] : sets[i].and(other.sets[j]);
      if (both[n++].isEmpty()) {
        return null;
      }
      i += a <= b ? 1 : 0;
      j += b <= a ? 1 : 0;
    }
    return new Box(Arrays.copyOf(numbers, n), Arrays.copyOf(both, n));
  }

  /** The same with other values in a dimension. */
  private Box with(int dimension, IntSet set) {
    int at = Arrays.binarySearch(dimensions, dimension);
    if (at >= 0) {
      IntSet[] changed = sets.clone();
      changed[at] = set;
      return new Box(dimensions, changed);
    }
    return and(of(dimension, set));
  }

  /** The same without constraints in the dimensions of a mask. */
  public Box widened(int bits) {
    if ((mask & bits) == 0) {
      return this;
    }
    int[] numbers = new int[dimensions.length];
    IntSet[] rest = new IntSet[numbers.length];
    int n = 0;
    for (int i = 0; i < numbers.length; i++) {
      if ((Dimension.bit(dimensions[i]) & bits) == 0) {
        numbers[n] = dimensions[i];
        rest[n++] = sets[i];
      }
    }
    return n == 0 ? ALL : new Box(Arrays.copyOf(numbers, n), Arrays.copyOf(rest, n));
  }

  /** Whether both have a packet in common. */
  public boolean intersects(Box other) {
    int i = 0;
    int j = 0;
    while (i < dimensions.length && j < other.dimensions.length) {
      int a = dimensions[i];
      int b = other.dimensions[j];
      if (a == b && !sets[i].intersects(other.sets[j])) {
        return false;
      }
      i += a <= b ? 1 : 0;
      j += b <= a ? 1 : 0;
    }
    return true;
  }

  /** Whether all packets of the other are in this. A set that holds all values must be left out. */
  public boolean contains(Box other) {
    int j = 0;
    for (int i = 0; i < dimensions.length; i++) {
      while (j < other.dimensions.length && other.dimensions[j] < dimensions[i]) {
        j++;
      }
      if (j == other.dimensions.length
          || other.dimensions[j] != dimensions[i]
          || !sets[i].containsAll(other.sets[j])) {
        return false;
      }
    }
    return true;
  }

  /** What of this is not in the other, as boxes that have no packet in common. */
  public List<Box> minus(Box other, Space space) {
    List<Box> pieces = new ArrayList<>();
    if (!intersects(other)) {
      pieces.add(this);
      return pieces;
    }
    Box rest = this;
    for (int i = 0; i < other.dimensions.length; i++) {
      int dimension = other.dimensions[i];
      IntSet outside = other.sets[i].complement(space.size(dimension));
      IntSet mine = rest.get(dimension);
      IntSet out = mine == null ? outside : mine.and(outside);
      if (!out.isEmpty()) {
        pieces.add(rest.with(dimension, out));
        rest = rest.with(dimension, mine == null ? other.sets[i] : mine.and(other.sets[i]));
      }
    }
    return pieces;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Box box
        && Arrays.equals(dimensions, box.dimensions)
        && Arrays.equals(sets, box.sets);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(dimensions) + Arrays.hashCode(sets);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("[");
    for (int i = 0; i < dimensions.length; i++) {
      int d = dimensions[i];
      out.append(i == 0 ? "" : " ");
      out.append(d < Dimension.COUNT ? Dimension.values()[d] : "OPAQUE" + (d - Dimension.COUNT));
      out.append(sets[i]);
    }
    return out.append(']').toString();
  }
}
