package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Divides the values of one dimension into classes whose values the same rules can match. */
final class DimensionBuilder {
  /** Bits of a change behind its value: the group, and whether it ends there. */
  private static final int GROUP_BITS = 16;

  private static final int GROUP = (1 << GROUP_BITS) - 1;

  private final int[] countOfGroup;
  private final long last;
  private boolean constrained;

  /** Where rules begin and end to match: value, group, and 1 for an end, in one number to sort. */
  private long[] changes = new long[64];

  private int size;

  // What classes() makes of them.
  private long[] bounds;
  private char[] classes;
  private final List<long[]> rows = new ArrayList<>();

  /**
   * A dimension.
   *
   * @param groups how many groups of rules there are, at most 32,768
   * @param last its greatest value, less than 2 to the power of 46
   */
  DimensionBuilder(int groups, long last) {
    this.last = last;
    countOfGroup = new int[groups];
  }

  /** A rule that matches every value. */
  void any(int group) {
    countOfGroup[group]++;
  }

  /** A rule that matches the values from {@code low} to {@code high}. */
  void range(int group, long low, long high) {
    constrained = true;
    change(low, group << 1);
    if (high < last) {
      change(high + 1, group << 1 | 1);
    }
  }

  private void change(long value, int what) {
    if (size == changes.length) {
      changes = Arrays.copyOf(changes, 2 * size);
    }
    changes[size++] = value << GROUP_BITS | what;
  }

  /** A rule that matches no value. */
  void none() {
    constrained = true;
  }

  /** Whether any rule looks at the dimension. */
  boolean isUseful() {
    return constrained;
  }

  /** Divides the values, once all rules are in. */
  void divide() {
    Arrays.sort(changes, 0, size);
    bounds = new long[size + 1];
    classes = new char[size + 1];
    PackedRow.Draft draft = new PackedRow.Draft(countOfGroup.length);
    for (int group = 0; group < countOfGroup.length; group++) {
      if (countOfGroup[group] > 0) {
        draft.flip(group);
      }
    }
    RowIndex index = new RowIndex(rows, size + 1);
    int intervals = 0;
    int at = 0;
    do {
      bounds[intervals] = intervals == 0 ? 0 : changes[at] >> GROUP_BITS;
      at = apply(at, bounds[intervals], draft);
      classes[intervals++] = (char) index.of(draft);
    } while (at < size);
    bounds = Arrays.copyOf(bounds, intervals);
    classes = Arrays.copyOf(classes, intervals);
  }

  /** Makes all changes at a value, from that at {@code from} on; where those behind it begin. */
  private int apply(int from, long value, PackedRow.Draft draft) {
    int at = from;
    for (; at < size && changes[at] >> GROUP_BITS == value; at++) {
      int group = (int) (changes[at] & GROUP) >> 1;
      boolean ends = (changes[at] & 1) != 0;
      countOfGroup[group] += ends ? -1 : 1;
      if (countOfGroup[group] == (ends ? 0 : 1)) {
        draft.flip(group);
      }
    }
    return at;
  }

  /** Lower bounds of the intervals, ascending; the first is 0. */
  long[] bounds() {
    return bounds;
  }

  /** The class of each interval. */
  char[] classes() {
    return classes;
  }

  /** The row of each class. */
  long[][] rows() {
    return rows.toArray(long[][]::new);
  }

  /**
   * Finds a row among those there are. Intervals differ by few bits from those beside them: a
   * fingerprint follows these, and only rows with the same one are compared.
   */
  private static final class RowIndex {
    private final List<long[]> rows;
    private final int[] first;
    private final int[] next;
    private final long[] fingerprints;

    RowIndex(List<long[]> rows, int most) {
      this.rows = rows;
      first = new int[Integer.highestOneBit(most) << 1];
      Arrays.fill(first, -1);
      next = new int[most];
      fingerprints = new long[most];
    }

    /** The number of a row, which is added where it is new. */
    int of(PackedRow.Draft draft) {
      long[] row = draft.pack();
      long fingerprint = draft.fingerprint();
      int slot = (int) fingerprint & first.length - 1;
      int found = first[slot];
      while (found >= 0
          && (fingerprints[found] != fingerprint || !Arrays.equals(rows.get(found), row))) {
        found = next[found];
      }
      if (found < 0) {
        found = rows.size();
        rows.add(row);
        fingerprints[found] = fingerprint;
        next[found] = first[slot];
        first[slot] = found;
      }
      return found;
    }
  }
}
