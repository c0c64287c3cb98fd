package org.fwreplay.xt.match;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m limit}: matches at a limited rate (token bucket). xt_limit, libxt_limit.
 *
 * @param period between two packets of the average rate, in 1/10,000 s
 * @param burst how many packets may match at once
 */
public record LimitMatch(int period, int burst) implements PacketMatch {
  /** Units of {@link #period} in a second ({@code XT_LIMIT_SCALE}). */
  private static final int SCALE = 10_000;

  private static final int DEFAULT_BURST = 5;
  private static final List<String> UNITS = List.of("day", "hour", "min", "sec");
  private static final int[] UNIT_SECONDS = {86_400, 3600, 60, 1};

  /** The largest power of two of credits a jiffy with which a day's credits fit into 32 bits. */
  private static final int CREDITS_PER_JIFFY =
      (int) Long.highestOneBit(0xffffffffL / (Jiffies.HZ * 60L * 60 * 24));

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    private static final int DEFAULT_PERIOD = SCALE * 3600 / 3;

    @Override
    public String name() {
      return "limit";
    }

    @Override
    public String summary() {
      return "matches at a limited rate";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("limit", "rate[/second|/minute|/hour|/day]"),
          Option.of("limit-burst", "packets"));
    }

    @Override
    public LimitMatch parse(Arguments arguments) {
      Argument rate = arguments.find("limit");
      Argument burst = arguments.find("limit-burst");
      LimitMatch match =
          new LimitMatch(
              rate == null ? DEFAULT_PERIOD : period(rate),
              burst == null ? DEFAULT_BURST : (int) burst.unsigned(1, 10_000));
      if (Integer.compareUnsigned(match.capacity(), match.cost()) < 0) {
        throw arguments.fail("limit: a burst of " + match.burst + " is too large for that rate");
      }
      return match;
    }

    private static int period(Argument argument) {
      String text = argument.text();
      int cut = text.indexOf('/');
      long count = leadingNumber(argument, text);
      int seconds = cut < 0 ? 1 : unit(argument, text.substring(cut + 1).toLowerCase(Locale.ROOT));
      int period = (int) ((long) SCALE * seconds / count);
      if (period == 0) {
        throw argument.fail("--limit: " + text + " is too fast, 10000/second is the fastest");
      }
      return period;
    }

    /** C's atoi: what stands between the digits and the slash is not looked at. */
    private static long leadingNumber(Argument argument, String text) {
      String digits = text.replaceFirst("[+]?([0-9]*).*", "$1").replaceFirst("^0+", "");
      if (digits.isEmpty()) {
        throw argument.fail(
            "--limit: \"" + text + "\" is not a rate such as 10/second or 5/minute");
      }
      return new BigInteger(digits).min(BigInteger.valueOf(Integer.MAX_VALUE)).longValue();
    }

    private static int unit(Argument argument, String unit) {
      List<String> names = List.of("day", "hour", "minute", "second");
      for (int i = 0; i < names.size(); i++) {
        if (!unit.isEmpty() && names.get(i).startsWith(unit)) {
          return UNIT_SECONDS[i];
        }
      }
      throw argument.fail("--limit: unknown unit \"" + unit + "\" (second, minute, hour, day)");
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return "no token left in the bucket";
  }

  @Override
  public void save(RuleWriter out) {
    int unit = 0;
    // The smallest unit in which the rate is still told without too large an error.
    for (int next = 1; next < UNIT_SECONDS.length; next++) {
      int perUnit = SCALE * UNIT_SECONDS[next];
      if (period > perUnit || perUnit / period < perUnit % period) {
        break;
      }
      unit = next;
    }
    out.option("limit", SCALE * UNIT_SECONDS[unit] / period + "/" + UNITS.get(unit));
    if (burst != DEFAULT_BURST) {
      out.option("limit-burst", burst);
    }
  }

  /** What a packet costs, in credits. */
  private int cost() {
    return credits(period);
  }

  /** The most credits that can be had. */
  private int capacity() {
    return credits(period * burst);
  }

  /** The kernel's {@code user2credits}, in 32 bits unsigned, with what overflows lost. */
  private static int credits(int time) {
    int perSecond = Jiffies.HZ * CREDITS_PER_JIFFY;
    if (Integer.compareUnsigned(time, Integer.divideUnsigned(-1, perSecond)) > 0) {
      return Integer.divideUnsigned(time, SCALE) * perSecond;
    }
    return Integer.divideUnsigned(time * perSecond, SCALE);
  }

  @Override
  public Matcher bind(Binding binding) {
    return new Bucket(cost(), capacity());
  }

  /** The credits of one run. */
  private static final class Bucket implements Matcher {
    private final int cost;
    private final int capacity;
    private int credit;
    private long last = Long.MIN_VALUE;

    Bucket(int cost, int capacity) {
      this.cost = cost;
      this.capacity = capacity;
      credit = capacity;
    }

    @Override
    public boolean matches(Packet packet, Evaluation evaluation) {
      long now = Jiffies.of(packet.timeNs);
      if (now > last && last != Long.MIN_VALUE) {
        credit += (int) (now - last) * CREDITS_PER_JIFFY;
      }
      // Where the capture's clock jumps back, time counts on from there.
      last = now;
      if (Integer.compareUnsigned(credit, capacity) > 0) {
        credit = capacity;
      }
      if (Integer.compareUnsigned(credit, cost) < 0) {
        return false;
      }
      credit -= cost;
      return true;
    }
  }
}
