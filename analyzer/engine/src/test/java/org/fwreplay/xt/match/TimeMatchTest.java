package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.SplittableRandom;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.xt.TestRun;
import org.junit.jupiter.api.Test;

/** What {@code -m time} says of packets by the capture's clock. */
class TimeMatchTest {
  private final TestRun run = new TestRun();

  private static Packet at(String time) {
    Packet packet = Packets.udp("192.0.2.1:1", "192.0.2.2:2").build();
    packet.timeNs = Instant.parse(time).getEpochSecond() * 1_000_000_000L + 999_999_999;
    return packet;
  }

  private boolean matches(String options, String time) {
    return run.match("time " + options).matches(at(time));
  }

  @Test
  void timesOfDayIncludeBothEnds() {
    String hours = "--timestart 09:00 --timestop 17:00";
    assertThat(matches(hours, "2030-05-06T09:00:00Z")).isTrue();
    assertThat(matches(hours, "2030-05-06T17:00:00Z")).isTrue();
    assertThat(matches(hours, "2030-05-06T17:00:01Z")).isFalse();
    assertThat(matches(hours, "2030-05-06T08:59:59Z")).isFalse();
  }

  @Test
  void hoursPastMidnightBelongToTheirOwnDayUnlessContiguous() {
    // 2030-05-06 is a Monday.
    String night = "--timestart 22:00 --timestop 02:00 --weekdays Mon";
    assertThat(matches(night, "2030-05-06T23:00:00Z")).isTrue();
    assertThat(matches(night, "2030-05-06T01:00:00Z")).isTrue();
    assertThat(matches(night, "2030-05-07T01:00:00Z")).isFalse();
    assertThat(matches(night, "2030-05-06T12:00:00Z")).isFalse();
    assertThat(matches(night + " --contiguous", "2030-05-07T01:00:00Z")).isTrue();
    assertThat(matches(night + " --contiguous", "2030-05-06T01:00:00Z")).isFalse();
  }

  @Test
  void daysAndDatesAreThoseOfUtc() {
    assertThat(matches("--monthdays 29", "2032-02-29T12:00:00Z")).isTrue();
    assertThat(matches("! --monthdays 29", "2032-02-29T12:00:00Z")).isFalse();
    assertThat(matches("--datestart 2030-05-06T12:00", "2030-05-06T11:59:59Z")).isFalse();
    assertThat(matches("--datestop 2030-05-06T12:00", "2030-05-06T12:00:00Z")).isTrue();
    assertThat(matches("--datestop 2030-05-06T12:00", "2030-05-06T12:00:01Z")).isFalse();
    assertThat(matches("", "2039-01-01T00:00:00Z")).as("the default ends in 2038").isFalse();
  }

  @Test
  void everyDayIsWhatTheCalendarSays() {
    SplittableRandom random = new SplittableRandom(20300506);
    for (int i = 0; i < 300; i++) {
      Instant instant = Instant.ofEpochSecond(random.nextLong(0x7fffffffL));
      ZonedDateTime t = instant.atZone(ZoneOffset.UTC);
      String day =
          "--monthdays " + t.getDayOfMonth() + " --weekdays " + t.getDayOfWeek().getValue();
      assertThat(matches(day, instant.toString())).as("seed 20300506: %s", instant).isTrue();
      String other = "! --monthdays " + t.getDayOfMonth();
      assertThat(matches(other, instant.toString())).as("seed 20300506: %s", instant).isFalse();
    }
  }

  @Test
  void theKernelsTimeZoneIsNotKnown() {
    Packet noon = at("2030-05-06T12:00:00Z");
    assertThat(run.match("time --datestart 2029 --kerneltz").matches(noon)).isTrue();
    assertThat(noon.undecided).as("the same in all zones").isFalse();
    run.match("time --timestart 9:00 --timestop 13:00 --kerneltz").matches(noon);
    assertThat(noon.undecided).isTrue();
  }
}
