package org.fwreplay.region;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random sets against bit sets. */
class IntSetTest {
  private static final int SIZE = 40;
  private final SplittableRandom random = new SplittableRandom(7);

  private static BitSet bits(IntSet set) {
    BitSet bits = new BitSet();
    for (int i = 0; i < SIZE; i++) {
      bits.set(i, set.contains(i));
    }
    return bits;
  }

  private IntSet any() {
    IntSet set = IntSet.EMPTY;
    for (int i = random.nextInt(5); i > 0; i--) {
      int low = random.nextInt(SIZE);
      set = set.or(IntSet.range(low, Math.min(SIZE - 1, low + random.nextInt(6))));
    }
    return set;
  }

  @Test
  void operationsAreThoseOfSets() {
    for (int i = 0; i < 20_000; i++) {
      IntSet a = any();
      IntSet b = any();
      BitSet both = bits(a);
      both.and(bits(b));
      BitSet either = bits(a);
      either.or(bits(b));
      BitSet rest = new BitSet();
      rest.set(0, SIZE);
      rest.andNot(bits(a));

      assertThat(bits(a.and(b))).as("%s and %s", a, b).isEqualTo(both);
      assertThat(bits(a.or(b))).as("%s or %s", a, b).isEqualTo(either);
      assertThat(bits(a.complement(SIZE))).as("not %s", a).isEqualTo(rest);
      assertThat(a.intersects(b)).as("%s meets %s", a, b).isEqualTo(!both.isEmpty());
      assertThat(a.containsAll(b)).as("%s holds %s", a, b).isEqualTo(both.equals(bits(b)));
      assertThat(a.and(b).or(a.and(b.complement(SIZE)))).as("%s by %s", a, b).isEqualTo(a);
    }
  }

  @Test
  void aReversedRangeIsEmpty() {
    assertThat(IntSet.range(3, 2)).isSameAs(IntSet.EMPTY);
    assertThat(IntSet.range(3, 3)).hasToString("{3}");
  }
}
