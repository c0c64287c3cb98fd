package org.fwreplay.region;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Boxes, each with an owner, and whether they cover another box together. Kept as a stack; what is
 * known of a dimension can be forgotten, up to the next {@link #truncate}.
 *
 * @param <T> the owners
 */
public final class Cover<T> {
  /** Whether a box is covered. */
  public enum Answer {
    /** Each of its packets is in some box of an owner. */
    YES,
    /** Some of its packets are not. */
    NO,
    /** It would take too long to find out. */
    UNKNOWN
  }

  private static final int MAX_PARTS = 512;
  private static final int MAX_STEPS = 4_000;
  private static final int MAX_MINIMIZED = 12;

  /** What all questions together may take before only whole covers are looked for. */
  private static final long MAX_SCANS = 400_000_000L;

  private static final long MAX_ALL_STEPS = 3_000_000L;

  private final Space space;
  private final List<Box> boxes = new ArrayList<>();
  private final List<T> owners = new ArrayList<>();

  /** Smallest and largest value by dimension and box, to turn most of them down quickly. */
  private final int[][] low = new int[Dimension.COUNT][64];

  private final int[][] high = new int[Dimension.COUNT][64];
  private final List<int[]> forgotten = new ArrayList<>();

  private long scans;
  private long allSteps;
  private int steps;

  /** No boxes yet. */
  public Cover(Space space) {
    this.space = space;
  }

  /** The number of boxes. */
  public int size() {
    return boxes.size();
  }

  /** Takes a box in. */
  public void add(Box box, T owner) {
    int at = boxes.size();
    boxes.add(box);
    owners.add(owner);
    if (at == low[0].length) {
      for (int d = 0; d < Dimension.COUNT; d++) {
        low[d] = Arrays.copyOf(low[d], 2 * at);
        high[d] = Arrays.copyOf(high[d], 2 * at);
      }
    }
    for (int d = 0; d < Dimension.COUNT; d++) {
      low[d][at] = 0;
      high[d][at] = Integer.MAX_VALUE;
    }
    for (int i = 0; i < box.size() && box.dimension(i) < Dimension.COUNT; i++) {
      low[box.dimension(i)][at] = box.set(i).min();
      high[box.dimension(i)][at] = box.set(i).max();
    }
  }

  /** Boxes so far that look at a dimension of the mask count no more. */
  public void forget(int mask) {
    if (mask != 0 && !boxes.isEmpty()) {
      forgotten.add(new int[] {boxes.size(), mask});
    }
  }

  /** What {@link #truncate} needs to come back to the present state. */
  public int[] state() {
    return new int[] {boxes.size(), forgotten.size()};
  }

  /** Back to an earlier {@link #state}. */
  public void truncate(int[] state) {
    boxes.subList(state[0], boxes.size()).clear();
    owners.subList(state[0], owners.size()).clear();
    forgotten.subList(state[1], forgotten.size()).clear();
  }

  /** Whether questions are no longer answered in full, as there were too many. */
  public boolean isExhausted() {
    return scans > MAX_SCANS || allSteps > MAX_ALL_STEPS;
  }

  /**
   * Whether the boxes cover another.
   *
   * @param by gets the owners that do so, earliest first
   */
  public Answer covers(Box box, List<T> by) {
    if (scans > MAX_SCANS) {
      return Answer.UNKNOWN;
    }
    List<Integer> parts = new ArrayList<>();
    int whole = scan(box, parts);
    if (whole >= 0) {
      by.add(owners.get(whole));
      return Answer.YES;
    }
    if (parts.isEmpty()) {
      return Answer.NO;
    }
    if (allSteps > MAX_ALL_STEPS) {
      return Answer.UNKNOWN;
    }
    boolean isCut = parts.size() > MAX_PARTS;
    List<Integer> used = isCut ? parts.subList(0, MAX_PARTS) : parts;
    BitSet needed = new BitSet();
    Answer answer = prove(box, used, needed);
    if (answer == Answer.YES) {
      minimize(box, needed).forEach(at -> by.add(owners.get(at)));
    }
    return answer == Answer.NO && isCut ? Answer.UNKNOWN : answer;
  }

  /** The first box that covers alone, or -1; otherwise collects those that have something of it. */
  private int scan(Box box, List<Integer> parts) {
    int n = boxes.size();
    scans += n;
    int fixed = 0;
    int[][] lows = new int[Dimension.COUNT][];
    int[][] highs = new int[Dimension.COUNT][];
    int[] min = new int[Dimension.COUNT];
    int[] max = new int[Dimension.COUNT];
    while (fixed < box.size() && box.dimension(fixed) < Dimension.COUNT) {
      lows[fixed] = low[box.dimension(fixed)];
      highs[fixed] = high[box.dimension(fixed)];
      min[fixed] = box.set(fixed).min();
      max[fixed] = box.set(fixed++).max();
    }
    int event = 0;
    int dead = deadMask(event);
    for (int i = next(0, fixed, lows[0], highs[0], min[0], max[0]); i < n; ) {
      while (event < forgotten.size() && forgotten.get(event)[0] <= i) {
        dead = deadMask(++event);
      }
      boolean meets = (boxes.get(i).mask() & dead) == 0;
      for (int k = 1; k < fixed && meets; k++) {
        meets = lows[k][i] <= max[k] && highs[k][i] >= min[k];
      }
      if (meets && boxes.get(i).contains(box)) {
        return i;
      }
      if (meets && boxes.get(i).intersects(box)) {
        parts.add(i);
      }
      i = next(i + 1, fixed, lows[0], highs[0], min[0], max[0]);
    }
    return -1;
  }

  /** The next box that meets the other in its first dimension: this turns nearly all down. */
  private int next(int from, int fixed, int[] lows, int[] highs, int min, int max) {
    int n = boxes.size();
    int i = from;
    while (fixed > 0 && i < n && (lows[i] > max || highs[i] < min)) {
      i++;
    }
    return i;
  }

  /** What was forgotten at an event or later. */
  private int deadMask(int event) {
    int mask = 0;
    for (int i = event; i < forgotten.size(); i++) {
      mask |= forgotten.get(i)[1];
    }
    return mask;
  }

  private Answer prove(Box box, List<Integer> parts, BitSet needed) {
    parts.sort(Comparator.comparingInt(at -> boxes.get(at).size()));
    steps = MAX_STEPS;
    Answer answer = rest(box, parts, 0, needed);
    allSteps += MAX_STEPS - steps;
    return answer;
  }

  /** Takes box after box away; what is left in the end is covered by none. */
  private Answer rest(Box piece, List<Integer> parts, int from, BitSet needed) {
    int at = from;
    while (at < parts.size() && !boxes.get(parts.get(at)).intersects(piece)) {
      at++;
      steps--;
    }
    if (at == parts.size()) {
      return Answer.NO;
    }
    if (steps-- <= 0) {
      return Answer.UNKNOWN;
    }
    needed.set(parts.get(at));
    for (Box smaller : piece.minus(boxes.get(parts.get(at)), space)) {
      Answer answer = rest(smaller, parts, at + 1, needed);
      if (answer != Answer.YES) {
        return answer;
      }
    }
    return Answer.YES;
  }

  /** Leaves out what the proof does not need. */
  private List<Integer> minimize(Box box, BitSet needed) {
    List<Integer> kept = new ArrayList<>();
    needed.stream().forEach(kept::add);
    if (kept.size() <= MAX_MINIMIZED) {
      for (Integer each : List.copyOf(kept).stream().sorted(Comparator.reverseOrder()).toList()) {
        List<Integer> fewer = new ArrayList<>(kept);
        fewer.remove(each);
        if (prove(box, fewer, new BitSet()) == Answer.YES) {
          kept.remove(each);
        }
      }
    }
    kept.sort(Comparator.naturalOrder());
    return kept;
  }
}
