package org.fwreplay.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<Connection> expired = new ArrayList<>();
  private final TimerWheel wheel = new TimerWheel(this::expire);

  private void expire(Connection ct) {
    wheel.remove(ct);
    expired.add(ct);
  }

  private Connection due(double second) {
    Connection ct = new Connection();
    ct.expiresNs = Math.round(second * SECOND);
    wheel.add(ct);
    return ct;
  }

  private void advance(double second) {
    wheel.advance(Math.round(second * SECOND));
  }

  @Test
  void aConnectionExpiresAsSoonAsItsSecondIsOver() {
    advance(100);
    Connection ct = due(110.5);
    advance(110.4);
    assertThat(expired).isEmpty();
    advance(111);
    assertThat(expired).containsExactly(ct);
  }

  @Test
  void whatIsProlongedLivesOn() {
    advance(100);
    Connection ct = due(110);
    ct.expiresNs = 5000 * SECOND;
    wheel.changed(ct);
    advance(4999);
    assertThat(expired).isEmpty();
    advance(5001);
    assertThat(expired).containsExactly(ct);
  }

  @Test
  void whatIsCutShortDoesNotWaitForItsFormerTime() {
    advance(100);
    Connection ct = due(432_000);
    ct.expiresNs = 110 * SECOND;
    wheel.changed(ct);
    advance(111);
    assertThat(expired).containsExactly(ct);
  }

  @Test
  void whatIsRemovedNeverExpires() {
    advance(100);
    Connection ct = due(110);
    wheel.remove(ct);
    wheel.remove(ct);
    advance(1000);
    assertThat(expired).isEmpty();
  }

  @Test
  void whatIsUsedAgainExpiresAtItsNewTime() {
    advance(100);
    Connection later = due(110);
    Connection sooner = due(432_000);
    wheel.remove(later);
    wheel.remove(sooner);
    later.expiresNs = 120 * SECOND;
    sooner.expiresNs = 115 * SECOND;
    wheel.add(later);
    wheel.add(sooner);
    advance(114.9);
    assertThat(expired).isEmpty();
    advance(116);
    assertThat(expired).containsExactly(sooner);
    advance(121);
    assertThat(expired).containsExactly(sooner, later);
  }

  @Test
  void aLeapOfDaysExpiresAllThatIsDue() {
    advance(100);
    Connection soon = due(101);
    Connection later = due(86_000);
    Connection tooLate = due(1_000_000);
    advance(90_000);
    assertThat(expired).containsExactlyInAnyOrder(soon, later);
    advance(1_000_001);
    assertThat(expired).contains(tooLate);
  }

  @Test
  void timesBeforeTheEpochAreTimes() {
    advance(-5000.5);
    Connection ct = due(-4990.5);
    advance(-4991);
    assertThat(expired).isEmpty();
    advance(-4990);
    assertThat(expired).containsExactly(ct);
  }

  /** The model: all connections are looked at; the wheel may be late by less than a second. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyHistoryExpiresWhatALookAtAllWouldExpire(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Set<Connection> alive = new HashSet<>();
    long now = 1000 * SECOND;
    wheel.advance(now);
    for (int step = 0; step < 5_000; step++) {
      int what = random.nextInt(10);
      Connection any = alive.isEmpty() ? null : alive.iterator().next();
      if (what < 4 || any == null) {
        Connection ct = new Connection();
        ct.expiresNs = now + lifetime(random);
        wheel.add(ct);
        alive.add(ct);
      } else if (what < 8) {
        any.expiresNs = now + lifetime(random);
        wheel.changed(any);
      } else if (what < 9) {
        wheel.remove(any);
        alive.remove(any);
      }
      now += random.nextLong(random.nextInt(100) == 0 ? 3000 * SECOND : 2 * SECOND);
      expired.clear();
      wheel.advance(now);
      long second = Math.floorDiv(now, SECOND);
      for (Connection ct : expired) {
        assertThat(ct.expiresNs).isLessThanOrEqualTo(now);
        assertThat(alive.remove(ct)).isTrue();
      }
      assertThat(alive).noneMatch(ct -> Math.floorDiv(ct.expiresNs, SECOND) < second);
    }
  }

  private static long lifetime(SplittableRandom random) {
    long[] longest = {2 * SECOND, 30 * SECOND, 1024 * SECOND, 500_000 * SECOND};
    return random.nextLong(longest[random.nextInt(longest.length)]);
  }
}
