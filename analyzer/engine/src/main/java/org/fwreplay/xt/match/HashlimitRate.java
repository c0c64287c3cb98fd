package org.fwreplay.xt.match;

import java.util.List;
import java.util.Locale;
import org.fwreplay.xt.Argument;

/**
 * A rate of {@code -m hashlimit}, and how rates are written.
 *
 * @param average us between two packets, or the cost of 16 bytes
 * @param bytes whether it is a rate of bytes
 * @param unit seconds of the unit it was given in
 */
record HashlimitRate(long average, boolean bytes, int unit) {
  /** How long, in ms, entries live at a rate of bytes, without and with a burst. */
  static final long BYTE_EXPIRY = 15_000;

  static final long BYTE_BURST_EXPIRY = 60_000;

  private static final long MAX_32 = 0xffffffffL;

  /** Bytes are counted in units of {@code 1 << 4}. */
  private static final int BYTE_SHIFT = 4;

  private static final long KILO = 1024;
  private static final long MEGA = KILO * KILO;

  /** A unit of time in which rates are written. */
  record Unit(String text, int seconds) {
    /** In us. */
    long period() {
      return seconds * HashlimitConfig.SCALE;
    }
  }

  private static final List<Unit> UNITS =
      List.of(
          new Unit("day", 86_400), new Unit("hour", 3600), new Unit("min", 60), new Unit("sec", 1));

  private static final List<String> NAMES = List.of("day", "hour", "minute", "second");

  /** {@code N[/UNIT]}, {@code Nb/s}, {@code Nkb/s} or {@code Nmb/s}. */
  static HashlimitRate parse(Argument argument) {
    String text = argument.text();
    long count = leadingNumber(argument, text);
    int bytes = text.indexOf("b/s");
    if (bytes > 0) {
      return bytes(argument, count * factor(text.charAt(bytes - 1)));
    }
    int slash = text.indexOf('/');
    int seconds = slash < 0 ? 1 : seconds(argument, text.substring(slash + 1));
    long average = HashlimitConfig.SCALE * seconds / count;
    if (average == 0) {
      throw argument.fail("--" + argument.option() + ": " + text + " is too fast");
    }
    return new HashlimitRate(average, false, seconds);
  }

  private static HashlimitRate bytes(Argument argument, long rate) {
    // 32 bits have to do, as in bytes_to_cost.
    long units = (rate >> BYTE_SHIFT) + 1 & MAX_32;
    long average = units == 0 ? 0 : MAX_32 / units;
    if (average == 0) {
      throw argument.fail("--" + argument.option() + ": " + argument.text() + " is too fast");
    }
    return new HashlimitRate(average, true, 1);
  }

  /** As C's atoll: what follows the digits is not looked at here. */
  private static long leadingNumber(Argument argument, String text) {
    int start = text.startsWith("+") ? 1 : 0;
    int end = start;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    if (end == start || end > 15 || Long.parseLong(text.substring(start, end)) == 0) {
      throw argument.fail(
          "--"
              + argument.option()
              + ": \""
              + text
              + "\" is not a rate such as 10/second, 5/minute or 512kb/s");
    }
    return Long.parseLong(text.substring(start, end));
  }

  private static int seconds(Argument argument, String unit) {
    String wanted = unit.toLowerCase(Locale.ROOT);
    // "s", "m", "h", "d": the smallest first, as in iptables.
    for (int i = NAMES.size() - 1; i >= 0; i--) {
      if (!wanted.isEmpty() && NAMES.get(i).startsWith(wanted)) {
        return UNITS.get(i).seconds;
      }
    }
    throw argument.fail(
        "--" + argument.option() + ": unknown unit \"" + unit + "\" (second, minute, hour, day)");
  }

  /** What a letter behind a number of bytes multiplies it with. */
  static long factor(char letter) {
    return letter == 'm' ? MEGA : letter == 'k' ? KILO : 1;
  }

  /** How long, in ms, entries live that are not told otherwise. */
  long defaultExpiry(boolean withBurst) {
    if (!bytes) {
      return unit * 1000L;
    }
    return withBurst ? BYTE_BURST_EXPIRY : BYTE_EXPIRY;
  }

  /** The unit in which a rate of packets is written. */
  static Unit unit(long average) {
    int unit = 0;
    // The smallest unit in which the rate is still told without too large an error.
    for (int next = 1; next < UNITS.size(); next++) {
      long period = UNITS.get(next).period();
      if (average > period || period / average < period % average) {
        break;
      }
      unit = next;
    }
    return UNITS.get(unit);
  }

  /** Bytes a second for a cost: {@code cost_to_bytes}. */
  static long bytes(long average) {
    return MAX_32 / average - 1 << BYTE_SHIFT;
  }

  /** A rate of bytes as iptables-save writes it. */
  static String bytesText(long average) {
    long rate = bytes(average);
    for (long unit : new long[] {MEGA, KILO}) {
      if (rate >= unit
          && rate <= MAX_32
          && MAX_32 / (((rate & -unit) >> BYTE_SHIFT) + 1) == average) {
        return rate / unit + (unit == MEGA ? "mb/s" : "kb/s");
      }
    }
    return rate + "b/s";
  }

  /** A number of bytes in the largest unit that it reaches. */
  static String unitText(long bytes) {
    if (bytes >= MEGA) {
      return bytes / MEGA + "mb";
    }
    return bytes >= KILO ? bytes / KILO + "kb" : bytes + "b";
  }
}
