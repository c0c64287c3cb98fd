package org.fwreplay.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimeResolutionTest {
  private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000L);
  private static final int BINARY = 0x80;

  @Test
  void convertsEveryResolutionExactly() {
    long seed = 3;
    Random random = new Random(seed);
    for (int resolution = 0; resolution < 256; resolution++) {
      for (int round = 0; TimeResolution.isSupported(resolution) && round < 200; round++) {
        long ticks = random.nextLong() >>> random.nextInt(64);
        long offset = random.nextInt(1000) - 500L;
        assertThat(new TimeResolution(resolution, offset).toNanos(ticks))
            .as(
                "seed %d: %s ticks at %02x, offset %d",
                seed, Long.toUnsignedString(ticks), resolution, offset)
            .isEqualTo(exact(resolution, ticks, offset));
      }
    }
  }

  private static long exact(int resolution, long ticks, long offset) {
    int exponent = resolution & ~BINARY;
    BigInteger base = BigInteger.valueOf((resolution & BINARY) != 0 ? 2 : 10);
    BigInteger[] time =
        new BigInteger(Long.toUnsignedString(ticks)).divideAndRemainder(base.pow(exponent));
    long limit = Long.MAX_VALUE / 1_000_000_000L - 1;
    BigInteger seconds = time[0].add(BigInteger.valueOf(offset)).min(BigInteger.valueOf(limit));
    return seconds
        .multiply(NANOS)
        .add(time[1].multiply(NANOS).divide(base.pow(exponent)))
        .longValueExact();
  }

  @Test
  void supportsWhatFitsInto64Bits() {
    assertThat(TimeResolution.isSupported(18)).isTrue();
    assertThat(TimeResolution.isSupported(19)).isFalse();
    assertThat(TimeResolution.isSupported(BINARY | 62)).isTrue();
    assertThat(TimeResolution.isSupported(BINARY | 63)).isFalse();
  }

  @Test
  void holdsTimesThatAreOutOfRange() {
    assertThat(new TimeResolution(0, Long.MAX_VALUE).toNanos(0)).isPositive();
    assertThat(new TimeResolution(0, Long.MIN_VALUE).toNanos(0)).isNegative();
    assertThat(new TimeResolution(0, 0).toNanos(-1)).isGreaterThan(9_000_000_000_000_000_000L);
  }
}
