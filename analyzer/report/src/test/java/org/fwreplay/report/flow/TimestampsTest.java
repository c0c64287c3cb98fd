package org.fwreplay.report.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1970-01-01T00:00:00.000000000Z",
    "999999999, 1970-01-01T00:00:00.999999999Z",
    "1000000000, 1970-01-01T00:00:01.000000000Z",
    "-1, 1969-12-31T23:59:59.999999999Z",
    "-1000000000, 1969-12-31T23:59:59.000000000Z",
    "1700000000000000042, 2023-11-14T22:13:20.000000042Z",
    "9223372036854775807, 2262-04-11T23:47:16.854775807Z"
  })
  void aPointInTimeHasNineDigitsOfItsSecond(long ns, String text) {
    assertThat(Timestamps.iso(ns)).isEqualTo(text);
    assertThat(Timestamps.iso(ns)).isEqualTo(text);
  }
}
