package org.fwreplay.xt.match;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
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
 * {@code -m statistic}: matches at random, or every n-th packet. xt_statistic, libxt_statistic.
 *
 * @param probability in units of 2<sup>-31</sup>; -1 in mode nth
 * @param every n, in mode nth
 * @param packet which packet of the first n matches, from 0, in mode nth
 */
public record StatisticMatch(long probability, long every, long packet, boolean inverted)
    implements PacketMatch {
  private static final long ONE = 0x80000000L;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "statistic";
    }

    @Override
    public String summary() {
      return "matches at random or every n-th packet";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("mode", "random|nth").required(),
          Option.of("probability", "0..1").withInversion(),
          Option.of("every", "n").withInversion(),
          Option.of("packet", "p"));
    }

    @Override
    public StatisticMatch parse(Arguments arguments) {
      Argument mode = arguments.get("mode");
      boolean nth = arguments.has("every") || arguments.has("packet");
      if (nth && arguments.has("probability")) {
        throw arguments.fail("statistic: --probability and --every exclude each other");
      }
      switch (mode.text()) {
        case "random":
          Argument probability = arguments.get("probability");
          return new StatisticMatch(probability(probability), 0, 0, probability.inverted());
        case "nth":
          Argument every = arguments.get("every");
          long n = every.unsigned(1, 0xffffffffL);
          long p = arguments.get("packet").unsigned(0, 0xffffffffL);
          if (p >= n) {
            throw arguments.fail("statistic: --packet must be less than --every");
          }
          return new StatisticMatch(-1, n, p, every.inverted());
        default:
          throw mode.fail("--mode: \"" + mode.text() + "\" is neither random nor nth");
      }
    }

    private static long probability(Argument argument) {
      String text = argument.text();
      boolean hexadecimal =
          text.matches("\\+?0[xX][0-9a-fA-F]+(\\.[0-9a-fA-F]*)?([pP][+-]?[0-9]+)?");
      if (hexadecimal || text.matches("\\+?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
        boolean power = !hexadecimal || text.toLowerCase(Locale.ROOT).indexOf('p') > 0;
        double value = Double.parseDouble(power ? text : text + "p0");
        if (value <= 1) {
          return Math.round(value * ONE);
        }
      }
      throw argument.fail("--probability: \"" + text + "\" is not a number from 0 to 1");
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (probability >= 0) {
      BigDecimal exact = BigDecimal.valueOf(probability).divide(BigDecimal.valueOf(ONE));
      String text = exact.setScale(11, RoundingMode.HALF_EVEN).toPlainString();
      out.option("mode", "random").option("probability", inverted, text);
    } else {
      out.option("mode", "nth").option("every", inverted, every).option("packet", packet);
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    if (probability < 0) {
      return new Nth(this);
    }
    SplittableRandom random = binding.random();
    return (p, evaluation) -> (random.nextInt() & 0x7fffffff) < probability != inverted;
  }

  /** The count of one run. */
  private static final class Nth implements Matcher {
    private final StatisticMatch match;
    private long left;

    Nth(StatisticMatch match) {
      this.match = match;
      left = match.packet;
    }

    @Override
    public boolean matches(Packet packet, Evaluation evaluation) {
      boolean found = left == 0;
      left = found ? match.every - 1 : left - 1;
      return found != match.inverted;
    }
  }
}
