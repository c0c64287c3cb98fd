package org.fwreplay.capture;

/**
 * How an interface of a pcapng file counts time: draft-ietf-opsawg-pcapng, options if_tsresol and
 * if_tsoffset. Times beyond the range of nanoseconds in 64 bits (year 2262) are held at its end.
 */
final class TimeResolution {
  /** Without an if_tsresol option. */
  static final int MICROSECONDS = 6;

  private static final int BINARY = 0x80;
  private static final int MAX_DECIMAL = 18;
  private static final int MAX_BINARY = 62;
  private static final long NANOS = 1_000_000_000L;

  /** In seconds, either side of the epoch. */
  private static final long LIMIT = Long.MAX_VALUE / NANOS - 1;

  /**
   * The common case, ticks * factor + offset, holds up to this number of ticks; 0 if it never does.
   */
  private final long simpleLimit;

  private final long factor;
  private final long offsetNs;

  private final boolean binary;
  private final int exponent;
  private final long ticksPerSecond;
  private final long offsetSeconds;

  /**
   * @param resolution the option's byte: exponent of 10, or of 2 with the top bit, of the ticks in
   *     a second
   * @param offsetSeconds added to every time
   */
  TimeResolution(int resolution, long offsetSeconds) {
    this.binary = (resolution & BINARY) != 0;
    this.exponent = resolution & ~BINARY;
    this.offsetSeconds = within(offsetSeconds);
    this.ticksPerSecond = binary ? 1L << exponent : power(exponent);
    boolean simple = !binary && exponent <= 9;
    this.factor = simple ? power(9 - exponent) : 0;
    this.offsetNs = simple ? this.offsetSeconds * NANOS : 0;
    this.simpleLimit = simple ? (Long.MAX_VALUE - Math.abs(offsetNs)) / factor : -1;
  }

  /** Whether the ticks of a second can be counted in 64 bits. */
  static boolean isSupported(int resolution) {
    int exponent = resolution & ~BINARY;
    return exponent <= ((resolution & BINARY) != 0 ? MAX_BINARY : MAX_DECIMAL);
  }

  private static long power(int exponent) {
    long value = 1;
    for (int i = 0; i < exponent; i++) {
      value *= 10;
    }
    return value;
  }

  /** Nanoseconds since the epoch. */
  long toNanos(long ticks) {
    return ticks >= 0 && ticks <= simpleLimit ? ticks * factor + offsetNs : general(ticks);
  }

  private long general(long ticks) {
    long seconds = secondsOf(ticks);
    long fraction = Long.remainderUnsigned(ticks, ticksPerSecond);
    return within(seconds + offsetSeconds) * NANOS + fractionNanos(fraction);
  }

  private long secondsOf(long ticks) {
    long seconds = Long.divideUnsigned(ticks, ticksPerSecond);
    return seconds < 0 ? 2 * LIMIT : Math.min(seconds, 2 * LIMIT);
  }

  private static long within(long seconds) {
    return Math.max(-LIMIT, Math.min(seconds, LIMIT));
  }

  private long fractionNanos(long fraction) {
    if (!binary) {
      return exponent <= 9 ? fraction * power(9 - exponent) : fraction / power(exponent - 9);
    }
    if (exponent == 0) {
      return 0;
    }
    long high = Math.multiplyHigh(fraction, NANOS);
    return high << (Long.SIZE - exponent) | fraction * NANOS >>> exponent;
  }
}
