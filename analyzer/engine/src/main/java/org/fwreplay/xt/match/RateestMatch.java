package org.fwreplay.xt.match;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m rateest}: compares the rate of an estimator of target RATEEST with a value or with
 * another estimator's. xt_rateest, libxt_rateest.
 *
 * <p>Estimators are read at ticks of a clock of their own, from when the rule was loaded, so that a
 * capture does not decide what they show.
 *
 * @param first estimator
 * @param second estimator; null where the first is compared with a value
 * @param delta whether what is compared is how far the rates are below the given ones
 * @param bytes the rates of bytes (a second); null where they do not count
 * @param packets the rates of packets (a second); null where they do not count
 */
public record RateestMatch(
    String first,
    String second,
    boolean delta,
    Comparison comparison,
    boolean inverted,
    Rates bytes,
    Rates packets)
    implements StatelessMatch {

  private static final int MAX_NAME = 15;
  private static final double KILO = 1000;
  private static final double MEGA = KILO * KILO;

  /** How rates are compared. */
  public enum Comparison {
    LT,
    GT,
    EQ;

    private String option() {
      return "rateest-" + name().toLowerCase(Locale.ROOT);
    }
  }

  /** The rates given for the first and the second estimator; 0 where one was not. */
  public record Rates(long first, long second) {}

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    private static final Pattern RATE =
        Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)([a-z]*)", Pattern.CASE_INSENSITIVE);

    /** Bits that a unit has. */
    private static final Map<String, Double> UNITS =
        Map.ofEntries(
            Map.entry("", 8.0),
            Map.entry("bit", 1.0),
            Map.entry("kibit", 0x1p10),
            Map.entry("kbit", 1e3),
            Map.entry("mibit", 0x1p20),
            Map.entry("mbit", 1e6),
            Map.entry("gibit", 0x1p30),
            Map.entry("gbit", 1e9),
            Map.entry("tibit", 0x1p40),
            Map.entry("tbit", 1e12),
            Map.entry("bps", 8.0),
            Map.entry("kibps", 8 * 0x1p10),
            Map.entry("kbps", 8e3),
            Map.entry("mibps", 8 * 0x1p20),
            Map.entry("mbps", 8e6),
            Map.entry("gibps", 8 * 0x1p30),
            Map.entry("gbps", 8e9),
            Map.entry("tibps", 8 * 0x1p40),
            Map.entry("tbps", 8e12));

    @Override
    public String name() {
      return "rateest";
    }

    @Override
    public String summary() {
      return "compares rates of estimators (target RATEEST)";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("rateest1", "name").orAs("rateest"),
          Option.of("rateest2", "name"),
          Option.of("rateest-bps1", "[rate]"),
          Option.of("rateest-pps1", "[rate]"),
          Option.of("rateest-bps2", "[rate]").orAs("rateest-bps"),
          Option.of("rateest-pps2", "[rate]").orAs("rateest-pps"),
          Option.flag("rateest-delta"),
          Option.flag("rateest-lt").withInversion().excluding("comparison"),
          Option.flag("rateest-gt").withInversion().excluding("comparison"),
          Option.flag("rateest-eq").withInversion().excluding("comparison"));
    }

    @Override
    public RateestMatch parse(Arguments arguments) {
      Comparison comparison = null;
      for (Comparison candidate : Comparison.values()) {
        comparison = arguments.has(candidate.option()) ? candidate : comparison;
      }
      if (!arguments.has("rateest1") || comparison == null) {
        throw arguments.fail(
            "rateest needs \"--rateest\" or \"--rateest1\", and one of \"--rateest-lt\","
                + " \"--rateest-gt\" and \"--rateest-eq\"");
      }
      Rates bytes = rates(arguments, "bps");
      Rates packets = rates(arguments, "pps");
      if (bytes == null && packets == null) {
        throw arguments.fail("rateest needs a \"--rateest-bps\" or \"--rateest-pps\" option");
      }
      return new RateestMatch(
          estimator(arguments.find("rateest1")),
          estimator(arguments.find("rateest2")),
          arguments.has("rateest-delta"),
          comparison,
          arguments.inverted(comparison.option()),
          bytes,
          packets);
    }

    private static String estimator(Argument argument) {
      return argument == null
          ? null
          : argument.text().substring(0, Math.min(argument.text().length(), MAX_NAME));
    }

    private static Rates rates(Arguments arguments, String kind) {
      Argument one = arguments.find("rateest-" + kind + "1");
      Argument two = arguments.find("rateest-" + kind + "2");
      return one == null && two == null ? null : new Rates(rate(one, kind), rate(two, kind));
    }

    private static long rate(Argument argument, String kind) {
      if (argument == null || argument.text().isEmpty()) {
        return 0;
      }
      if (kind.equals("pps")) {
        return argument.unsigned(0, 0xffffffffL);
      }
      Matcher parts = RATE.matcher(argument.text());
      Double bits = parts.matches() ? UNITS.get(parts.group(2).toLowerCase(Locale.ROOT)) : null;
      if (bits == null) {
        throw argument.fail(
            "--"
                + argument.option()
                + ": \""
                + argument.text()
                + "\" is not a rate such as 8bit, 100kbit or 2MBps");
      }
      return (long) (Double.parseDouble(parts.group(1)) * bits / 8) & 0xffffffffL;
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (delta) {
      out.flag("rateest-delta");
    }
    out.option(second == null ? "rateest" : "rateest1", first);
    if (bytes != null) {
      save(out, "bps", bits(bytes.first), bits(bytes.second));
    }
    if (packets != null) {
      save(out, "pps", String.valueOf(packets.first), String.valueOf(packets.second));
    }
    if (second != null) {
      out.option("rateest2", second);
    }
  }

  private void save(RuleWriter out, String kind, String one, String two) {
    String option = "rateest-" + kind;
    if (delta) {
      out.option(option + "1", one);
    }
    out.flag(comparison.option(), inverted).flag(delta ? option + "2" : option);
    if (second == null || delta) {
      out.word(two);
    }
  }

  /** Bytes a second as iptables-save writes them, in the largest unit that they reach. */
  private static String bits(long rate) {
    double bits = rate * 8.0;
    if (bits >= KILO * MEGA) {
      return Math.round(bits / MEGA) + "Mbit";
    }
    return bits >= MEGA ? Math.round(bits / KILO) + "Kbit" : Math.round(bits) + "bit";
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return evaluation.undecided(packet);
  }
}
