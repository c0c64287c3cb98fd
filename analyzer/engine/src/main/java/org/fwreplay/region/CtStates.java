package org.fwreplay.region;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.conntrack.CtInfo;

/**
 * What a packet can be to connection tracking, as points of {@link Dimension#STATE}: invalid,
 * untracked, or one of three states with its connection's addresses translated or not. Each point
 * stands for the bits that {@code --ctstate} tests (XT_CONNTRACK_STATE_*).
 */
public final class CtStates {
  private static final int INVALID = 1;
  private static final int NEW = 1 << CtInfo.NEW + 1;
  private static final int RELATED = 1 << CtInfo.RELATED + 1;
  private static final int ESTABLISHED = 1 << CtInfo.ESTABLISHED + 1;
  private static final int UNTRACKED = 1 << 4;
  private static final int SNAT = 1 << 5;
  private static final int DNAT = 1 << 6;

  /** The bits by point; those without a connection come first. */
  private static final int[] POINTS = {
    INVALID,
    UNTRACKED,
    NEW,
    NEW | SNAT,
    NEW | DNAT,
    NEW | SNAT | DNAT,
    RELATED,
    RELATED | SNAT,
    RELATED | DNAT,
    RELATED | SNAT | DNAT,
    ESTABLISHED,
    ESTABLISHED | SNAT,
    ESTABLISHED | DNAT,
    ESTABLISHED | SNAT | DNAT
  };

  /** How many points there are. */
  static final int SIZE = POINTS.length;

  /** Packets that belong to no connection. */
  public static final IntSet WITHOUT_CONNECTION = IntSet.range(0, 1);

  /** Packets that belong to a connection. */
  public static final IntSet WITH_CONNECTION = IntSet.range(2, SIZE - 1);

  /** Packets that open a connection. */
  public static final IntSet OPENING = with(NEW);

  /** Packets of connections that were answered. */
  public static final IntSet ANSWERED = with(ESTABLISHED);

  /** All that table nat gets to see: packets that open a connection, expected or not. */
  public static final IntSet SEEN_BY_NAT = with(NEW | RELATED);

  private static final int[] BY_REACH = {
    NEW, ESTABLISHED, UNTRACKED, INVALID, NEW | DNAT, ESTABLISHED | DNAT, RELATED
  };

  private CtStates() {}

  /**
   * Points of a set, or of all for null, those first that a packet is in most easily: new
   * connections, answered ones, untracked, invalid, those that are translated, expected ones.
   */
  static List<Integer> byReach(IntSet set) {
    List<Integer> points = new ArrayList<>();
    for (int bits : BY_REACH) {
      for (int i = 0; i < SIZE; i++) {
        if (POINTS[i] == bits && (set == null || set.contains(i))) {
          points.add(i);
        }
      }
    }
    return points.isEmpty() ? List.of(set.min()) : points;
  }

  /** Words for a point: {@code NEW,DNAT}. */
  static String words(int point) {
    StringBuilder words = new StringBuilder();
    String[] names = {"INVALID", "ESTABLISHED", "RELATED", "NEW", "UNTRACKED", "SNAT", "DNAT"};
    int[] bits = {INVALID, ESTABLISHED, RELATED, NEW, UNTRACKED, SNAT, DNAT};
    for (int i = 0; i < bits.length; i++) {
      if ((POINTS[point] & bits[i]) != 0) {
        words.append(words.isEmpty() ? "" : ",").append(names[i]);
      }
    }
    return words.toString();
  }

  /** The points that have one of the bits. */
  static IntSet with(int bits) {
    IntSet points = IntSet.EMPTY;
    for (int i = 0; i < SIZE; i++) {
      if ((POINTS[i] & bits) != 0) {
        points = points.or(IntSet.of(i));
      }
    }
    return points;
  }
}
