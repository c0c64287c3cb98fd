package org.fwreplay.xt.match;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m time}: tests the time of arrival, on the capture's clock. xt_time, libxt_time.
 *
 * <p>With {@code --kerneltz} the kernel goes by its own time zone, which no dump tells: the match
 * is decided only where it is the same in all of them.
 *
 * @param dateStart seconds since 1970
 * @param dateStop seconds since 1970
 * @param dayStart seconds since midnight
 * @param dayStop seconds since midnight
 * @param monthDays bits 1 to 31
 * @param weekdays bits 1 (Monday) to 7
 * @param contiguous whether the hours behind midnight belong to the day before
 * @param kernelZone whether times are in the kernel's time zone, not UTC
 */
public record TimeMatch(
    long dateStart,
    long dateStop,
    int dayStart,
    int dayStop,
    int monthDays,
    int weekdays,
    boolean contiguous,
    boolean kernelZone)
    implements StatelessMatch {

  private static final int DAY = 86_400;
  private static final int ALL_MONTH_DAYS = 0xfffffffe;
  private static final int ALL_WEEKDAYS = 0xfe;
  private static final long NS = 1_000_000_000L;
  private static final List<String> WEEKDAYS =
      List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");

  /** The time zones that are in use, as seconds east of Greenwich. */
  private static final int WESTERNMOST = -12 * 3600;

  private static final int EASTERNMOST = 14 * 3600;
  private static final int ZONE_STEP = 900;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    private static final long LAST_SECOND = 0x7fffffffL;

    @Override
    public String name() {
      return "time";
    }

    @Override
    public String summary() {
      return "tests the time of arrival";
    }

    @Override
    public List<Option> options() {
      String date = "YYYY[-MM[-DD[Thh[:mm[:ss]]]]]";
      return List.of(
          Option.of("datestart", date),
          Option.of("datestop", date),
          Option.of("timestart", "hh:mm[:ss]"),
          Option.of("timestop", "hh:mm[:ss]"),
          Option.flag("contiguous"),
          Option.of("weekdays", "day[,day...]").withInversion(),
          Option.of("monthdays", "day[,day...]").withInversion(),
          Option.flag("localtz"),
          Option.flag("utc"),
          Option.flag("kerneltz"));
    }

    @Override
    public TimeMatch parse(Arguments arguments) {
      boolean zone = arguments.has("kerneltz") || arguments.has("localtz");
      if (zone && arguments.has("utc")) {
        throw arguments.fail("time: --utc and --kerneltz exclude each other");
      }
      TimeMatch match =
          new TimeMatch(
              date(arguments.find("datestart"), 0),
              date(arguments.find("datestop"), LAST_SECOND),
              daytime(arguments.find("timestart"), 0),
              daytime(arguments.find("timestop"), DAY - 1),
              days(arguments.find("monthdays"), ALL_MONTH_DAYS, this::monthDay),
              days(arguments.find("weekdays"), ALL_WEEKDAYS, this::weekday),
              arguments.has("contiguous"),
              zone);
      if (match.contiguous && match.dayStart < match.dayStop) {
        throw arguments.fail(
            "time: --contiguous needs --timestop to be before --timestart (past midnight)");
      }
      return match;
    }

    private static long date(Argument argument, long absent) {
      if (argument == null) {
        return absent;
      }
      String text = argument.text();
      if (text.matches("\\d+(-\\d*(-\\d*(T\\d*(:\\d*(:\\d*)?)?)?)?)?")) {
        String[] parts = text.split("[-T:]", -1);
        int[] fields = {1970, 1, 1, 0, 0, 0};
        int[] most = {2038, 12, 31, 23, 59, 59};
        boolean good = true;
        for (int i = 0; i < parts.length; i++) {
          fields[i] = parts[i].length() > 6 ? Integer.MAX_VALUE : number(parts[i]);
          good &= fields[i] <= most[i];
        }
        if (good && fields[0] >= 1970) {
          return normalized(fields);
        }
      }
      throw argument.fail(
          "--"
              + argument.option()
              + ": \""
              + text
              + "\" is not a date such as 2030-12-31T23:59:59 (from 1970 to 2038)");
    }

    /** As mktime: the 31st of a shorter month lies in the next. */
    private static long normalized(int[] f) {
      LocalDateTime midnight = LocalDate.of(f[0], 1, 1).atStartOfDay();
      return midnight
          .plusMonths(f[1] - 1L)
          .plusDays(f[2] - 1L)
          .plusSeconds(f[3] * 3600L + f[4] * 60L + f[5])
          .toEpochSecond(ZoneOffset.UTC);
    }

    private static int daytime(Argument argument, int absent) {
      if (argument == null) {
        return absent;
      }
      String text = argument.text();
      if (text.matches("\\d{0,4}:\\d{0,4}(:\\d{0,4})?")) {
        String[] parts = text.split(":", -1);
        int hour = number(parts[0]);
        int minute = number(parts[1]);
        int second = parts.length < 3 ? 0 : number(parts[2]);
        if (hour <= 23 && minute <= 59 && second <= 59) {
          return hour * 3600 + minute * 60 + second;
        }
      }
      throw argument.fail(
          "--" + argument.option() + ": \"" + text + "\" is not a time from 00:00:00 to 23:59:59");
    }

    /** As strtoul: nothing is 0. */
    private static int number(String digits) {
      return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private interface DayReader {
      int read(Argument argument, String word);
    }

    private static int days(Argument argument, int all, DayReader reader) {
      if (argument == null) {
        return all;
      }
      int mask = 0;
      String[] words = argument.text().split(",", -1);
      int count = words[words.length - 1].isEmpty() ? words.length - 1 : words.length;
      for (int i = 0; i < count; i++) {
        mask |= 1 << reader.read(argument, words[i]);
      }
      return argument.inverted() ? mask ^ all : mask & (all | 1);
    }

    private int monthDay(Argument argument, String word) {
      return word.isEmpty() ? 0 : (int) argument.number(word, 0, 31);
    }

    /**
     * A number from 1 (Monday), or a name of which the first two letters count. iptables takes
     * numbers of no day, too: they stand for none.
     */
    private int weekday(Argument argument, String word) {
      if (!word.isEmpty() && Character.isDigit(word.charAt(0))) {
        String seen = word.substring(0, Math.min(word.length(), 3));
        int day = (int) argument.number(seen, 0, 999);
        if (day > 0) {
          return day;
        }
      }
      for (int i = 0; i < WEEKDAYS.size(); i++) {
        if (word.length() >= 2 && WEEKDAYS.get(i).startsWith(word.substring(0, 2))) {
          return i + 1;
        }
      }
      throw argument.fail(
          "--weekdays: \"" + word + "\" is no day (" + String.join(", ", WEEKDAYS) + ")");
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Instant.ofEpochSecond(Math.floorDiv(packet.timeNs, NS))
        .atOffset(ZoneOffset.UTC)
        .format(DateTimeFormatter.ofPattern("EEE uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT));
  }

  @Override
  public void save(RuleWriter out) {
    if (dayStart != 0 || dayStop != DAY - 1) {
      out.option("timestart", clock(dayStart)).option("timestop", clock(dayStop));
    }
    if (monthDays != ALL_MONTH_DAYS) {
      out.option("monthdays", list(monthDays, 31, String::valueOf));
    }
    if (weekdays != ALL_WEEKDAYS) {
      out.option("weekdays", list(weekdays, 7, day -> WEEKDAYS.get(day - 1)));
    }
    if (dateStart != 0) {
      out.option("datestart", date(dateStart));
    }
    if (dateStop != 0) {
      out.option("datestop", date(dateStop));
    }
    if (kernelZone) {
      out.flag("kerneltz");
    }
    if (contiguous) {
      out.flag("contiguous");
    }
  }

  private static String clock(int second) {
    return String.format("%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
  }

  private static String date(long second) {
    LocalDateTime t = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
    return t.toLocalDate() + "T" + clock(t.toLocalTime().toSecondOfDay());
  }

  private static String list(int mask, int most, IntFunction<String> name) {
    StringJoiner list = new StringJoiner(",");
    for (int day = 1; day <= most; day++) {
      if ((mask & 1 << day) != 0) {
        list.add(name.apply(day));
      }
    }
    return list.toString();
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    long now = Math.floorDiv(packet.timeNs, NS);
    boolean inUtc = holdsAt(now);
    if (kernelZone) {
      for (int zone = WESTERNMOST; zone <= EASTERNMOST; zone += ZONE_STEP) {
        if (holdsAt(now + zone) != inUtc) {
          return evaluation.undecided(packet);
        }
      }
    }
    return inUtc;
  }

  private boolean holdsAt(long second) {
    if (second < dateStart || second > dateStop) {
      return false;
    }
    int time = Math.floorMod(second, DAY);
    long day = Math.floorDiv(second, DAY);
    if (dayStart < dayStop) {
      if (time < dayStart || time > dayStop) {
        return false;
      }
    } else if (time < dayStart && time > dayStop) {
      return false;
    } else if (contiguous && time <= dayStop) {
      day--;
    }
    // 1970-01-01 was a Thursday.
    int weekday = (int) Math.floorMod(day + 3, 7L) + 1;
    return (weekdays & 1 << weekday) != 0
        && (monthDays == ALL_MONTH_DAYS || (monthDays & 1 << monthDay(day)) != 0);
  }

  /**
   * The day of the month of a day since 1970, without allocation: years are counted from March, so
   * that the leap day is their last.
   */
  private static int monthDay(long day) {
    long shifted = day + 719_468;
    int dayOfEra = (int) Math.floorMod(shifted, 146_097L);
    int year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100);
    int month = (5 * dayOfYear + 2) / 153;
    return dayOfYear - (153 * month + 2) / 5 + 1;
  }
}
