package org.fwreplay.xt.target;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RateEstimator;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j RATEEST}: counts the packet for a rate estimator, which {@code -m rateest} asks.
 * xt_RATEEST, libxt_RATEEST.
 *
 * @param intervalLog the interval is 250 ms {@code << intervalLog}, 0 to 5
 * @param ewmaLog a new measurement weighs {@code 1 / (1 << ewmaLog)}, 1 to 30
 */
public record RateestTarget(String estimator, int intervalLog, int ewmaLog)
    implements PacketTarget {
  private static final int SECOND = 1_000_000;

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "RATEEST";
    }

    @Override
    public String summary() {
      return "counts the packet for a rate estimator";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("rateest-name", "name").required(),
          Option.of("rateest-interval", "time").required(),
          Option.of("rateest-ewmalog", "time").required());
    }

    private static final Pattern TIME =
        Pattern.compile("\\s*([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(.*)");
    private static final int MAX_NAME = 15;
    private static final int MAX_INTERVAL_LOG = 5;
    private static final int MAX_EWMA_LOG = 30;

    @Override
    public RateestTarget parse(Arguments arguments) {
      String name = arguments.get("rateest-name").text();
      Argument interval = arguments.get("rateest-interval");
      Argument ewma = arguments.get("rateest-ewmalog");
      long micros = time(interval);
      int intervalLog = 0;
      while (micros > (long) (SECOND / 4) << intervalLog) {
        if (++intervalLog > MAX_INTERVAL_LOG) {
          throw interval.fail("--rateest-interval: " + interval.text() + " is more than 8s");
        }
      }
      int ewmaLog = ewmaLog(micros, time(ewma));
      if (ewmaLog == 0 || ewmaLog > MAX_EWMA_LOG) {
        throw ewma.fail(
            "--rateest-ewmalog: " + ewma.text() + " is too short or too long for the interval");
      }
      String shortened = name.substring(0, Math.min(name.length(), MAX_NAME));
      return new RateestTarget(shortened, intervalLog, ewmaLog);
    }

    /** The largest weight with which the average still takes the time constant. */
    private static int ewmaLog(long interval, long constant) {
      int log = 1;
      while (log < 32 && interval / -Math.log(1.0 - 1.0 / (1L << log)) <= constant) {
        log++;
      }
      return log - 1;
    }

    /** Microseconds: a number with s, ms, us or their longer names; plain ones are microseconds. */
    private static long time(Argument a) {
      Matcher m = TIME.matcher(a.text());
      if (m.matches()) {
        double number = Double.parseDouble(m.group(1));
        double unit =
            switch (m.group(2).toLowerCase(Locale.ROOT)) {
              case "s", "sec", "secs" -> SECOND;
              case "ms", "msec", "msecs" -> SECOND / 1000.0;
              case "", "us", "usec", "usecs" -> 1;
              default -> -1;
            };
        if (unit > 0) {
          return (long) (number * unit) & 0xffffffffL;
        }
      }
      throw a.fail("--" + a.option() + ": \"" + a.text() + "\" is not a time, such as 250ms or 1s");
    }
  }

  @Override
  public void save(RuleWriter out) {
    long interval = ((long) SECOND << intervalLog) / 4;
    out.option("rateest-name", estimator);
    out.option("rateest-interval", time(interval));
    out.option("rateest-ewmalog", time((interval << ewmaLog) & 0xffffffffL));
  }

  private static String time(long micros) {
    if (micros >= SECOND) {
      return String.format(Locale.ROOT, "%.1fs", (double) micros / SECOND);
    }
    return String.format(Locale.ROOT, "%.1fms", (double) micros / (SECOND / 1000));
  }

  @Override
  public String assumption() {
    return "RATEEST: the estimator's clock starts with the first packet that it counts";
  }

  @Override
  public Action bind(Binding binding) {
    RateEstimator own = RateEstimator.of(binding, estimator);
    own.configure(intervalLog, ewmaLog);
    return (packet, evaluation) -> {
      own.count(packet.length(), packet.timeNs);
      return Verdict.CONTINUE;
    };
  }
}
