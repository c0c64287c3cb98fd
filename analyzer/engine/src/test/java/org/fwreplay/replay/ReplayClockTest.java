package org.fwreplay.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplayClockTest {
  private static final long SECOND = 1_000_000_000L;

  private final ReplayClock clock = new ReplayClock();

  private double at(double second) {
    return (double) clock.at(Math.round(second * SECOND)) / SECOND;
  }

  @Test
  void theClockIsTheCaptures() {
    assertThat(at(100)).isEqualTo(100);
    assertThat(at(100.5)).isEqualTo(100.5);
    assertThat(at(5000)).isEqualTo(5000);
  }

  @Test
  void framesALittleOutOfOrderStopTheClockForAMoment() {
    at(100);
    assertThat(at(99.5)).isEqualTo(100);
    assertThat(at(99.9)).isEqualTo(100);
    assertThat(at(100.25)).isEqualTo(100.25);
  }

  @Test
  void aClockThatWasSetBackGoesOnFromWhereItWas() {
    at(5000);
    assertThat(at(100)).isEqualTo(5000);
    assertThat(at(101)).isEqualTo(5001);
    assertThat(at(103.5)).isEqualTo(5003.5);
  }

  @Test
  void aClockThatIsSetBackAgainAndAgainStillNeverRunsBackwards() {
    at(5000);
    at(100);
    assertThat(at(110)).isEqualTo(5010);
    assertThat(at(50)).isEqualTo(5010);
    assertThat(at(51)).isEqualTo(5011);
  }

  @Test
  void aClockThatIsSetForwardLeaps() {
    at(100);
    assertThat(at(100_000)).isEqualTo(100_000);
  }

  @Test
  void timesBeforeTheEpochAreTimes() {
    assertThat(at(-100)).isEqualTo(-100);
    assertThat(at(-99)).isEqualTo(-99);
  }
}
