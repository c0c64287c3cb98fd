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

  /** The class of each interval; fills {@code rows} with the row of each class. */
  char[] classes(List<long[]> rows) {
    // Intervals differ by few bits from those beside them: a fingerprint follows these, and only
    // rows with the same one are compared.
    Map<Long, Integer> byFingerprint = new HashMap<>();
    List<Integer> sameFingerprint = new ArrayList<>();
    char[] classes = new char[changes.size()];
    PackedRow.Draft draft = new PackedRow.Draft(countOfGroup.length);
    for (int group = 0; group < countOfGroup.length; group++) {
      if (countOfGroup[group] > 0) {
        draft.flip(group);
      }
    }
    int at = 0;
    for (Change change : changes.values()) {
      for (int group : change.begin) {
        if (countOfGroup[group]++ == 0) {
          draft.flip(group);
        }
      }
      for (int group : change.end) {
        if (--countOfGroup[group] == 0) {
          draft.flip(group);
        }
      }
      long[] row = draft.pack();
      int found = byFingerprint.getOrDefault(draft.fingerprint(), -1);
      while (found >= 0 && !Arrays.equals(rows.get(found), row)) {
        found = sameFingerprint.get(found);
      }
      if (found < 0) {
        found = rows.size();
        rows.add(row);
        Integer other = byFingerprint.put(draft.fingerprint(), found);
        sameFingerprint.add(other == null ? -1 : other);
      }
      classes[at++] = (char) found;
    }
    return classes;
  }
}
