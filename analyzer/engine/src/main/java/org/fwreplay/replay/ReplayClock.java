package org.fwreplay.replay;

/**
 * The run's clock: it follows the captures' time stamps but never runs backwards. A small step back
 * (frames slightly out of order) stands still; after a large one (a clock that was set) time goes
 * on from where it was.
 */
final class ReplayClock {
  private static final long LARGE_STEP_NS = 1_000_000_000L;

  private long last = Long.MIN_VALUE;
  private long offset;

  /** The run's time at a frame with the given time stamp, ns. */
  long at(long stampNs) {
    long now = stampNs + offset;
    if (now < last) {
      if (last - now > LARGE_STEP_NS) {
        offset += last - now;
      }
      now = last;
    }
    last = now;
    return now;
  }
}
