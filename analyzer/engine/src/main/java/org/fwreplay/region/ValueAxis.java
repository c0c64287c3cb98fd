package org.fwreplay.region;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * An axis of numbers of up to 128 bits (addresses, marks), cut where some range begins or ends: its
 * points are the pieces between the cuts, as within one no rule can tell two values apart.
 *
 * <p>All ranges are named once before {@link #freeze}; only afterwards do they get their points.
 */
final class ValueAxis {
  private record Value(long hi, long lo) implements Comparable<Value> {
    @Override
    public int compareTo(Value other) {
      int first = Long.compareUnsigned(hi, other.hi);
      return first != 0 ? first : Long.compareUnsigned(lo, other.lo);
    }
  }

  private final Value max;
  private final TreeSet<Value> open = new TreeSet<>();
  private Value[] cuts;

  /** An axis from 0 to a largest value. */
  ValueAxis(long maxHi, long maxLo) {
    max = new Value(maxHi, maxLo);
    open.add(new Value(0, 0));
  }

  /** The points of the values from one to another, both included. */
  IntSet range(long lowHi, long lowLo, long highHi, long highLo) {
    Value low = new Value(lowHi, lowLo);
    Value high = new Value(highHi, highLo);
    if (low.compareTo(high) > 0) {
      return IntSet.EMPTY;
    }
    if (cuts == null) {
      open.add(low);
      if (high.compareTo(max) < 0) {
        open.add(new Value(highLo == -1 ? highHi + 1 : highHi, highLo + 1));
      }
      return IntSet.of(0);
    }
    return IntSet.range(point(low), point(high));
  }

  /** The point that a value is in. */
  int point(long hi, long lo) {
    return point(new Value(hi, lo));
  }

  private int point(Value value) {
    int at = Arrays.binarySearch(cuts, value);
    return at >= 0 ? at : -at - 2;
  }

  void freeze() {
    cuts = open.toArray(Value[]::new);
    open.clear();
  }

  /** The high half of the first value of a point. */
  long firstHi(int point) {
    return cuts[point].hi;
  }

  /** The low half of the first value of a point. */
  long firstLo(int point) {
    return cuts[point].lo;
  }

  /** The high half of the last value of a point. */
  long lastHi(int point) {
    return point + 1 == cuts.length
        ? max.hi
        : cuts[point + 1].lo == 0 ? cuts[point + 1].hi - 1 : cuts[point + 1].hi;
  }

  /** The low half of the last value of a point. */
  long lastLo(int point) {
    return point + 1 == cuts.length ? max.lo : cuts[point + 1].lo - 1;
  }

  int size() {
    return cuts == null ? 1 : cuts.length;
  }
}
