package org.fwreplay.xt;

/**
 * A rate estimator by name, filled by RATEEST and asked by {@code -m rateest}: an exponentially
 * weighted moving average that Linux brings up to date at fixed intervals (gen_estimator.c). Its
 * clock starts with the first packet that meets it; Linux's starts when the rules are loaded.
 */
public final class RateEstimator {
  private static final long QUARTER_SECOND_NS = 250_000_000L;

  private int intervalLog;
  private int ewmaLog = 1;
  private long bytes;
  private long packets;
  private long lastBytes;
  private long lastPackets;
  private long averageBytes;
  private long averagePackets;
  private long nextNs;
  private boolean started;

  /** The estimator of a name in a run, made at the first request. */
  public static RateEstimator of(Binding binding, String name) {
    return binding.shared(RateEstimator.class, "rateest " + name, RateEstimator::new);
  }

  /**
   * Says how it measures.
   *
   * @param intervalLog the interval is 250 ms {@code << intervalLog}, 0 to 5
   * @param ewmaLog a new measurement weighs {@code 1 / (1 << ewmaLog)}
   */
  public void configure(int intervalLog, int ewmaLog) {
    this.intervalLog = intervalLog;
    this.ewmaLog = ewmaLog;
  }

  /** Counts a packet. */
  public void count(int length, long nowNs) {
    advance(nowNs);
    bytes += length;
    packets++;
  }

  /** Bytes a second. */
  public long bytesPerSecond(long nowNs) {
    advance(nowNs);
    return averageBytes >>> 8;
  }

  /** Packets a second. */
  public long packetsPerSecond(long nowNs) {
    advance(nowNs);
    return averagePackets >>> 8;
  }

  private void advance(long nowNs) {
    long interval = QUARTER_SECOND_NS << intervalLog;
    if (!started) {
      started = true;
      nextNs = nowNs + interval;
    }
    while (nowNs >= nextNs) {
      if (tick()) {
        nextNs += interval;
      } else {
        nextNs += ((nowNs - nextNs) / interval + 1) * interval;
      }
    }
  }

  /** {@code est_timer}; false where all further ticks would change nothing. */
  private boolean tick() {
    long oldBytes = averageBytes;
    long oldPackets = averagePackets;
    int shift = 10 - intervalLog;
    averageBytes += ((bytes - lastBytes << shift) >>> ewmaLog) - (averageBytes >>> ewmaLog);
    averagePackets += ((packets - lastPackets << shift) >>> ewmaLog) - (averagePackets >>> ewmaLog);
    boolean idle = bytes == lastBytes && packets == lastPackets;
    lastBytes = bytes;
    lastPackets = packets;
    return !idle || oldBytes != averageBytes || oldPackets != averagePackets;
  }
}
