package org.fwreplay.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumsTest {
  /** RFC 1071 section 1: adjacent bytes as 16-bit numbers, an odd one as if a zero followed. */
  private static int folded(byte[] bytes, int at, int length, long start) {
    long sum = start;
    for (int i = 0; i < length; i++) {
      int shift = i % 2 == 0 ? 8 : 0;
      sum += (bytes[at + i] & 0xffL) << shift;
    }
    while (sum >>> 16 != 0) {
      sum = (sum >>> 16) + (sum & 0xffff);
    }
    return (int) sum;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theSumIsThatOfThe16BitWords(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[200];
    random.nextBytes(bytes);
    for (int length = 0; length <= 130; length++) {
      int at = random.nextInt(bytes.length - length);
      long start = random.nextInt(1 << 20);
      assertThat(Checksums.fold(Checksums.sum(bytes, at, length, start)))
          .as("%d bytes from %d, %d before", length, at, start)
          .isEqualTo(folded(bytes, at, length, start));
    }
  }
}
