package org.fwreplay.xt.match;

import java.util.List;
import java.util.regex.Pattern;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.AddressText;
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
 * {@code -m hashlimit}: matches at a rate limited for each address, port or both. xt_hashlimit,
 * libxt_hashlimit (revision 3).
 *
 * @param above whether what exceeds the rate matches
 * @param name of the table, shared by the rules of a family that name it
 * @param config what the table is made with
 */
public record HashlimitMatch(boolean above, String name, HashlimitConfig config)
    implements PacketMatch {

  private static final int MAX_NAME = 254;
  private static final long MAX_32 = 0xffffffffL;
  private static final long MAX_BURST = 1_000_000;
  private static final int DEFAULT_BURST = 5;
  private static final Pattern BURST = Pattern.compile("([+]?0[xX][0-9a-fA-F]+|[+]?[0-9]+)(.*)");

  /** The kernel's {@code HASHLIMIT_MAX_SIZE}. */
  private static final long MAX_SIZE = 1 << 20;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "hashlimit";
    }

    @Override
    public String summary() {
      return "matches at a rate limited for each address or port";
    }

    @Override
    public List<Option> options() {
      String rate = "rate[/second|/minute|/hour|/day|b/s|kb/s|mb/s]";
      return List.of(
          Option.of("hashlimit-upto", rate).orAs("hashlimit").withInversion().excluding("rate"),
          Option.of("hashlimit-above", rate).withInversion().excluding("rate"),
          Option.of("hashlimit-srcmask", "prefix"),
          Option.of("hashlimit-dstmask", "prefix"),
          Option.of("hashlimit-burst", "packets|bytes"),
          Option.of("hashlimit-htable-size", "buckets"),
          Option.of("hashlimit-htable-max", "entries"),
          Option.of("hashlimit-htable-gcinterval", "ms"),
          Option.of("hashlimit-htable-expire", "ms"),
          Option.of("hashlimit-mode", "srcip,srcport,dstip,dstport"),
          Option.of("hashlimit-name", "name").required(),
          Option.flag("hashlimit-rate-match"),
          Option.of("hashlimit-rate-interval", "seconds"));
    }

    @Override
    public HashlimitMatch parse(Arguments arguments) {
      boolean isAbove = arguments.has("hashlimit-above");
      Argument given = arguments.find(isAbove ? "hashlimit-above" : "hashlimit-upto");
      if (given == null) {
        throw arguments.fail("hashlimit needs \"--hashlimit-upto\" or \"--hashlimit-above\"");
      }
      HashlimitRate rate = HashlimitRate.parse(given);
      long expire = number(arguments, "hashlimit-htable-expire", MAX_32, -1);
      boolean burst = arguments.has("hashlimit-burst");
      Family family = arguments.family();
      HashlimitConfig config =
          new HashlimitConfig(
              mode(arguments.find("hashlimit-mode")),
              rate.bytes(),
              arguments.has("hashlimit-rate-match"),
              average(arguments, rate),
              burst(arguments, rate),
              Math.min(MAX_SIZE, number(arguments, "hashlimit-htable-size", MAX_32, 0)),
              Math.min(MAX_SIZE, number(arguments, "hashlimit-htable-max", MAX_32, 0)),
              number(arguments, "hashlimit-htable-gcinterval", MAX_32, HashlimitConfig.GC_INTERVAL),
              expire >= 0 ? expire : rate.defaultExpiry(burst),
              interval(arguments, rate),
              prefix(arguments.find("hashlimit-srcmask"), family),
              prefix(arguments.find("hashlimit-dstmask"), family));
      String refusal = config.refusal();
      if (refusal != null) {
        throw given.fail("hashlimit: " + refusal);
      }
      return new HashlimitMatch(
          isAbove != given.inverted(), tableName(arguments.get("hashlimit-name")), config);
    }

    private static long number(Arguments arguments, String option, long most, long absent) {
      Argument argument = arguments.find(option);
      return argument == null ? absent : argument.unsigned(0, most);
    }

    private static String tableName(Argument argument) {
      String text = argument.text();
      String name = text.substring(0, Math.min(text.length(), MAX_NAME));
      if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/")) {
        throw argument.fail("--hashlimit-name: \"" + text + "\" cannot be the name of a table");
      }
      return name;
    }

    private static int mode(Argument argument) {
      int mode = 0;
      if (argument != null) {
        for (String word : argument.text().split("[,|]")) {
          int bit = HashlimitConfig.MODES.indexOf(word);
          if (bit < 0 && !word.isEmpty()) {
            throw argument.fail(
                "--hashlimit-mode: \""
                    + word
                    + "\" is none of "
                    + String.join(", ", HashlimitConfig.MODES));
          }
          mode |= bit < 0 ? 0 : 1 << bit;
        }
      }
      return mode;
    }

    private static long average(Arguments arguments, HashlimitRate rate) {
      boolean perSecond = arguments.has("hashlimit-rate-match") && !rate.bytes();
      return perSecond ? rate.average() / rate.unit() : rate.average();
    }

    private static long interval(Arguments arguments, HashlimitRate rate) {
      Argument argument = arguments.find("hashlimit-rate-interval");
      if (argument != null) {
        return argument.unsigned(1, Integer.MAX_VALUE);
      }
      boolean matching = arguments.has("hashlimit-rate-match");
      return matching ? (rate.bytes() ? 1 : rate.unit()) : 0;
    }

    /** In packets; for a rate in bytes how often the allowance of a second is refilled. */
    private static long burst(Arguments arguments, HashlimitRate rate) {
      Argument argument = arguments.find("hashlimit-burst");
      if (argument == null) {
        return rate.bytes() ? 0 : DEFAULT_BURST;
      }
      var parts = BURST.matcher(argument.text());
      if (!parts.matches()) {
        throw argument.fail(
            "--hashlimit-burst: \"" + argument.text() + "\" is not a number, or one of kb or mb");
      }
      String unit = parts.group(2);
      long count = argument.number(parts.group(1), 1, unit.isEmpty() ? MAX_BURST : -1);
      count *= unit.isEmpty() ? 1 : HashlimitRate.factor(unit.charAt(0));
      if (!rate.bytes()) {
        if (Long.compareUnsigned(count, MAX_BURST) > 0) {
          throw argument.fail("--hashlimit-burst: more than " + MAX_BURST + " packets");
        }
        return count;
      }
      long bytes = HashlimitRate.bytes(rate.average());
      if (Long.compareUnsigned(count, bytes) < 0 || bytes == 0) {
        throw argument.fail("--hashlimit-burst: cannot be smaller than the rate, " + bytes + "b");
      }
      // The count is cut to 32 bits before the division, but not for what remains of it.
      long rest = Long.remainderUnsigned(count, bytes) == 0 ? 0 : 1;
      return (count & MAX_32) / bytes + rest & MAX_32;
    }

    private static int prefix(Argument argument, Family family) {
      if (argument == null) {
        return HashlimitConfig.hostPrefix(family);
      }
      AddressText.Address mask = argument.mask(family, argument.text());
      int length = AddressText.prefixLength(family, mask.hi(), mask.lo());
      if (length < 0) {
        throw argument.fail("--" + argument.option() + ": " + argument.text() + " is no prefix");
      }
      return length;
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return "rate is " + (above ? "not above the limit" : "above the limit");
  }

  @Override
  public void save(RuleWriter out) {
    out.flag(above ? "hashlimit-above" : "hashlimit-upto");
    long expiry;
    if (config.bytes()) {
      out.word(HashlimitRate.bytesText(config.average()));
      if (config.burst() != 0) {
        long total = HashlimitRate.bytes(config.average()) * config.burst();
        out.option("hashlimit-burst", HashlimitRate.unitText(total));
      }
      expiry = config.burst() == 0 ? HashlimitRate.BYTE_EXPIRY : HashlimitRate.BYTE_BURST_EXPIRY;
    } else {
      HashlimitRate.Unit unit = HashlimitRate.unit(config.average());
      out.word(unit.period() / config.average() + "/" + unit.text());
      out.option("hashlimit-burst", config.burst());
      expiry = unit.seconds() * 1000L;
    }
    if (config.mode() != 0) {
      out.option("hashlimit-mode", config.modeText());
    }
    out.option("hashlimit-name", name);
    saveTable(out, expiry);
    if (config.rateMatch()) {
      out.flag("hashlimit-rate-match");
      if (config.interval() != 1) {
        out.option("hashlimit-rate-interval", config.interval());
      }
    }
  }

  private void saveTable(RuleWriter out, long defaultExpiry) {
    option(out, "htable-size", config.size(), 0);
    option(out, "htable-max", config.max(), 0);
    option(out, "htable-gcinterval", config.gcInterval(), HashlimitConfig.GC_INTERVAL);
    option(out, "htable-expire", config.expire(), defaultExpiry);
    int host = HashlimitConfig.hostPrefix(out.family());
    option(out, "srcmask", config.sourcePrefix(), host);
    option(out, "dstmask", config.destinationPrefix(), host);
  }

  private static void option(RuleWriter out, String name, long value, long usual) {
    if (value != usual) {
      out.option("hashlimit-" + name, value);
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    Family family = binding.family();
    HashlimitTable table =
        binding.shared(
            HashlimitTable.class,
            "hashlimit/" + family + "/" + name,
            () -> new HashlimitTable(config, family == Family.IPV6));
    return (packet, evaluation) -> matches(table, packet, evaluation);
  }

  private boolean matches(HashlimitTable table, Packet packet, Evaluation evaluation) {
    HashlimitTable.Entry entry = table.entry(packet, evaluation);
    if (entry == null) {
      evaluation.hotDrop = true;
      return false;
    }
    boolean within =
        config.rateMatch()
            ? entry.count(config.bytes() ? packet.length() : 1)
            : entry.pay(config.bytes() ? packet.length() : -1);
    return within != above;
  }
}
