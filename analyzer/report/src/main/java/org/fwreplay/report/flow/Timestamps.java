package org.fwreplay.report.flow;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Points in time as reports write them. */
public final class Timestamps {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Most of what is written lies in few seconds. Any thread may set it: it is whole or not. */
  private static Second latest = new Second(0);

  /** A second and its text. */
  private static final class Second {
    final long second;
    final String text;

    Second(long second) {
      this.second = second;
      text = SECONDS.format(Instant.ofEpochSecond(second));
    }
  }

  private Timestamps() {}

  /** ISO 8601 in UTC with nine digits of a second, from nanoseconds since the epoch. */
  public static String iso(long ns) {
    long second = Math.floorDiv(ns, SECOND_NS);
    Second known = latest;
    if (known.second != second) {
      known = new Second(second);
      latest = known;
    }
    String digits = Long.toString(SECOND_NS + Math.floorMod(ns, SECOND_NS));
    return new StringBuilder(30).append(known.text).append(digits, 1, 10).append('Z').toString();
  }
}
