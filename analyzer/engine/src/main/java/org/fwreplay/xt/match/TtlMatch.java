package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/** {@code -m ttl}: tests the time to live of IPv4. xt_hl, libipt_ttl. */
public record TtlMatch(Comparison comparison, int value) implements StatelessMatch {

  /** How a time to live or hop limit is compared. */
  public enum Comparison {
    EQUAL("eq"),
    NOT_EQUAL("eq"),
    LESS("lt"),
    GREATER("gt");

    private final String suffix;

    Comparison(String suffix) {
      this.suffix = suffix;
    }

    static Comparison of(Argument argument) {
      if (argument.option().endsWith("-lt")) {
        return LESS;
      }
      if (argument.option().endsWith("-gt")) {
        return GREATER;
      }
      return argument.inverted() ? NOT_EQUAL : EQUAL;
    }

    void save(RuleWriter out, String prefix, int value) {
      out.option(prefix + "-" + suffix, this == NOT_EQUAL, value);
    }

    boolean holds(int found, int value) {
      return switch (this) {
        case EQUAL -> found == value;
        case NOT_EQUAL -> found != value;
        case LESS -> found < value;
        case GREATER -> found > value;
      };
    }
  }

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "ttl";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV4);
    }

    @Override
    public String summary() {
      return "tests the time to live";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("ttl-eq", "value").withInversion().excluding("ttl"),
          Option.of("ttl-lt", "value").excluding("ttl"),
          Option.of("ttl-gt", "value").excluding("ttl"),
          Option.of("ttl", "value").withInversion().excluding("ttl"));
    }

    @Override
    public TtlMatch parse(Arguments arguments) {
      if (arguments.all().isEmpty()) {
        throw arguments.fail("ttl needs \"--ttl-eq\", \"--ttl-lt\" or \"--ttl-gt\"");
      }
      Argument argument = arguments.all().get(0);
      return new TtlMatch(Comparison.of(argument), (int) argument.unsigned(0, 255));
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return "TTL " + packet.ttl();
  }

  @Override
  public void save(RuleWriter out) {
    comparison.save(out, "ttl", value);
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return comparison.holds(packet.ttl(), value);
  }
}
