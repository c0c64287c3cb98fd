package org.fwreplay.report.flow;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Points in time as reports write them. */
public final class Timestamps {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Timestamps() {}

  /** ISO 8601 in UTC with nine digits of a second, from nanoseconds since the epoch. */
  public static String iso(long ns) {
    return ISO.format(
        Instant.ofEpochSecond(Math.floorDiv(ns, SECOND_NS), Math.floorMod(ns, SECOND_NS)));
  }
}
