package org.fwreplay.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequenceAdjustmentTest {
  private final SequenceAdjustment adjustment = new SequenceAdjustment();

  @Test
  void withoutAChangeNothingIsShifted() {
    assertThat(adjustment.offset(1000)).isZero();
    assertThat(adjustment.acknowledged(1000)).isZero();
  }

  @Test
  void onlySegmentsBehindTheChangedOneAreShifted() {
    adjustment.add(1000, 3);

    assertThat(adjustment.offset(1000)).isZero();
    assertThat(adjustment.offset(1001)).isEqualTo(3);
  }

  @Test
  void aSecondChangeAddsToTheFirst() {
    adjustment.add(1000, 3);
    adjustment.add(1100, -5);

    assertThat(adjustment.offset(1100)).isEqualTo(3);
    assertThat(adjustment.offset(1101)).isEqualTo(-2);
  }

  @Test
  void aRetransmissionOfTheChangedSegmentDoesNotCountTwice() {
    adjustment.add(1000, 3);
    adjustment.add(1000, 3);

    assertThat(adjustment.offset(1200)).isEqualTo(3);
  }

  @Test
  void acknowledgmentsAreComparedAsTheSenderNumbersThem() {
    adjustment.add(1000, 3);
    adjustment.add(1100, 2);

    assertThat(adjustment.acknowledged(1103)).isEqualTo(3);
    assertThat(adjustment.acknowledged(1104)).isEqualTo(5);
  }

  @Test
  void sequenceNumbersWrapAround() {
    adjustment.add(-10, 4);

    assertThat(adjustment.offset(-11)).isZero();
    assertThat(adjustment.offset(5)).isEqualTo(4);
  }
}
