package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Divides the values of one dimension into classes whose values the same rules can match. Values
 * are numbers of 128 bits, so that everything fits.
 */
final class DimensionBuilder {
  /** A number of 128 bits, ordered as unsigned. */
  record Value(long hi, long lo) implements Comparable<Value> {
    static Value of(long lo) {
      return new Value(0, lo);
    }

    /** The next greater value. */
    Value next() {
      return lo != -1 ? new Value(hi, lo + 1) : new Value(hi + 1, 0);
    }

    @Override
    public int compareTo(Value o) {
      int order = Long.compareUnsigned(hi, o.hi);
      return order != 0 ? order : Long.compareUnsigned(lo, o.lo);
    }
  }

  private static final class Change {
    final List<Integer> begin = new ArrayList<>();
    final List<Integer> end = new ArrayList<>();
  }

  private final TreeMap<Value, Change> changes = new TreeMap<>();
  private final int[] countOfGroup;
  private final Value last;
  private boolean constrained;

  /**
   * A dimension.
   *
   * @param groups how many groups of rules there are
   * @param last its greatest value
   */
  DimensionBuilder(int groups, Value last) {
    this.last = last;
    countOfGroup = new int[groups];
    changes.put(Value.of(0), new Change());
  }

  /** A rule that matches every value. */
  void any(int group) {
    countOfGroup[group]++;
  }

  /** A rule that matches the values from {@code low} to {@code high}. */
  void range(int group, Value low, Value high) {
    constrained = true;
    changes.computeIfAbsent(low, v -> new Change()).begin.add(group);
    if (high.compareTo(last) < 0) {
      Value behind = high.next();
      changes.computeIfAbsent(behind, v -> new Change()).end.add(group);
    }
  }

  /** A rule that matches no value. */
  void none() {
    constrained = true;
  }

  /** Whether any rule looks at the dimension. */
  boolean isUseful() {
    return constrained;
  }

  /** Lower bounds of the intervals, ascending; the first is 0. */
  Value[] bounds() {
    return changes.keySet().toArray(Value[]::new);
  }

  /** The class of each interval; fills {@code rows} with the bits of each class. */
  char[] classes(List<long[]> rows) {
    // Intervals differ by few bits from those beside them: a sum over the bits that are set follows
    // them, and only rows of the same sum are compared.
    Map<Long, Integer> bySum = new HashMap<>();
    List<Integer> sameSum = new ArrayList<>();
    char[] classes = new char[changes.size()];
    Bits bits = new Bits(countOfGroup);
    int at = 0;
    for (Change change : changes.values()) {
      for (int group : change.begin) {
        if (countOfGroup[group]++ == 0) {
          bits.flip(group);
        }
      }
      for (int group : change.end) {
        if (--countOfGroup[group] == 0) {
          bits.flip(group);
        }
      }
      int found = bySum.getOrDefault(bits.sum, -1);
      while (found >= 0 && !Arrays.equals(rows.get(found), bits.words)) {
        found = sameSum.get(found);
      }
      if (found < 0) {
        found = rows.size();
        rows.add(bits.words.clone());
        Integer other = bySum.put(bits.sum, found);
        sameSum.add(other == null ? -1 : other);
      }
      classes[at++] = (char) found;
    }
    return classes;
  }

  /** The groups that match a value, with a sum that tells most sets of them apart. */
  private static final class Bits {
    final long[] words;
    long sum;

    Bits(int[] counts) {
      words = new long[counts.length + 63 >> 6];
      for (int group = 0; group < counts.length; group++) {
        if (counts[group] > 0) {
          flip(group);
        }
      }
    }

    void flip(int group) {
      words[group >> 6] ^= 1L << group;
      long h = (group + 1) * 0x9e3779b97f4a7c15L;
      h = (h ^ h >>> 32) * 0xbf58476d1ce4e5b9L;
      sum ^= h ^ h >>> 29;
    }
  }
}
