package org.fwreplay.report;

import java.util.Arrays;

/** When each rule was hit first and last, ns since the epoch. */
final class HitTimes {
  private static final long NEVER = -1;

  private final long[] first;
  private final long[] last;

  HitTimes(int places) {
    first = new long[places];
    last = new long[places];
    Arrays.fill(first, NEVER);
    Arrays.fill(last, NEVER);
  }

  void hit(int place, long timeNs) {
    if (first[place] == NEVER) {
      first[place] = timeNs;
    }
    last[place] = timeNs;
  }

  void hit(int[] places, long timeNs) {
    for (int place : places) {
      hit(place, timeNs);
    }
  }

  /** Less than 0 for never. */
  long first(int place) {
    return first[place];
  }

  long last(int place) {
    return last[place];
  }
}
