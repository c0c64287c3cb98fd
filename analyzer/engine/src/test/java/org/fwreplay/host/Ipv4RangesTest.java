package org.fwreplay.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv4RangesTest {
  @ParameterizedTest(name = "{0} ranges, seed {1}")
  @CsvSource({"1, 1", "2, 2", "10, 3", "63, 4", "64, 5", "5000, 6"})
  void anAddressIsInTheRangeThatBeganLastBeforeIt(int count, long seed) {
    Random random = new Random(seed);
    TreeSet<Long> first = new TreeSet<>();
    first.add(0L);
    while (first.size() < count) {
      first.add(random.nextLong() >>> 32 & (random.nextBoolean() ? -1 : 0xc0a8ffffL));
    }
    Ipv4Ranges ranges = new Ipv4Ranges(first.stream().mapToLong(Long::longValue).toArray());

    for (long begin : first) {
      for (long address : new long[] {begin, begin + 1, begin - 1, random.nextLong() >>> 32}) {
        long inSpace = address & 0xffffffffL;
        assertThat(ranges.indexOf((int) inSpace))
            .isEqualTo(first.headSet(inSpace, true).size() - 1);
      }
    }
  }

  @Test
  void aPrefixIsCutOutAtBothEnds() {
    Ipv4Ranges ranges =
        new Ipv4Ranges.Cuts()
            .prefix(Prefix.parse("10.0.0.0/8"))
            .prefix(Prefix.parse("255.255.255.0/24"))
            .prefix(Prefix.parse("2001:db8::/32"))
            .ranges();

    assertThat(indexOf(ranges, "0.0.0.0")).isZero();
    assertThat(indexOf(ranges, "9.255.255.255")).isZero();
    assertThat(indexOf(ranges, "10.0.0.0")).isEqualTo(1);
    assertThat(indexOf(ranges, "10.255.255.255")).isEqualTo(1);
    assertThat(indexOf(ranges, "11.0.0.0")).isEqualTo(2);
    assertThat(indexOf(ranges, "255.255.254.255")).isEqualTo(2);
    assertThat(indexOf(ranges, "255.255.255.255")).isEqualTo(3);
  }

  private static int indexOf(Ipv4Ranges ranges, String address) {
    return ranges.indexOf((int) Prefix.parse(address).lo());
  }
}
