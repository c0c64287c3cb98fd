package org.fwreplay.report;

import org.fwreplay.hook.Fate;

/**
 * Frames over time by what became of them, in spans of equal length: when there are too many of
 * them, they become twice as long.
 */
public final class Timeline {
  private static final int MOST_SPANS = 120;
  private static final long FIRST_SPAN_NS = 1_000_000;

  private final long[][] packets = new long[Fate.values().length][MOST_SPANS];
  private long spanNs = FIRST_SPAN_NS;
  private long startNs = Long.MIN_VALUE;
  private int spans;

  /** The span of the frame before, and where it begins. */
  private int span;

  private long spanStartNs;

  /** A frame's way ended. */
  void frame(long timeNs, Fate fate) {
    if (startNs == Long.MIN_VALUE) {
      startNs = timeNs;
      spanStartNs = timeNs;
      spans = 1;
    }
    if (timeNs - spanStartNs >= spanNs) {
      goTo(timeNs);
    }
    packets[fate.ordinal()][span]++;
  }

  private void goTo(long timeNs) {
    while ((timeNs - startNs) / spanNs >= MOST_SPANS) {
      fold();
    }
    span = (int) ((timeNs - startNs) / spanNs);
    spanStartNs = startNs + span * spanNs;
    spans = Math.max(spans, span + 1);
  }

  private void fold() {
    for (long[] each : packets) {
      for (int i = 0; i < MOST_SPANS; i++) {
        each[i] = 2 * i + 1 < MOST_SPANS ? each[2 * i] + each[2 * i + 1] : 0;
      }
    }
    spanNs *= 2;
    spans = (spans + 1) / 2;
  }

  /** How long a span is, in ns. */
  public long spanNs() {
    return spanNs;
  }

  /** How many there are, up to that of the last frame. */
  public int spans() {
    return spans;
  }

  /** Frames with a fate in a span. */
  public long packets(Fate fate, int span) {
    return packets[fate.ordinal()][span];
  }
}
