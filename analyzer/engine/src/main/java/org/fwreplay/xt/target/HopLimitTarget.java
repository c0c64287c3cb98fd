package org.fwreplay.xt.target;

import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j TTL} of IPv4 and {@code -j HL} of IPv6: set, raise or lower the hop limit. xt_HL,
 * libipt_TTL, libip6t_HL.
 *
 * @param value 0 to 255; not 0 unless it is set
 */
public record HopLimitTarget(Change change, int value) implements StatelessTarget {

  /** What is done with the value. */
  public enum Change {
    SET("set"),
    DECREASE("dec"),
    INCREASE("inc");

    private final String suffix;

    Change(String suffix) {
      this.suffix = suffix;
    }
  }

  /** TTL's options and parsing. */
  public static final class Ttl extends Extension {
    /** For IPv4. */
    public Ttl() {
      super(Family.IPV4);
    }
  }

  /** HL's options and parsing. */
  public static final class Hl extends Extension {
    /** For IPv6. */
    public Hl() {
      super(Family.IPV6);
    }
  }

  private static String option(Family family, Change change) {
    return (family == Family.IPV4 ? "ttl-" : "hl-") + change.suffix;
  }

  /** What both extensions have in common: all but their names. */
  private abstract static class Extension implements TargetExtension {
    private final Family family;

    Extension(Family family) {
      this.family = family;
    }

    @Override
    public String name() {
      return family == Family.IPV4 ? "TTL" : "HL";
    }

    @Override
    public String summary() {
      return family == Family.IPV4 ? "changes the time to live" : "changes the hop limit";
    }

    @Override
    public Set<Family> families() {
      return Set.of(family);
    }

    @Override
    public Set<String> tables() {
      return Set.of("mangle");
    }

    @Override
    public List<Option> options() {
      return List.of(declare(Change.SET), declare(Change.DECREASE), declare(Change.INCREASE));
    }

    private Option declare(Change change) {
      return Option.of(option(family, change), "value").excluding("change");
    }

    @Override
    public HopLimitTarget parse(Arguments arguments) {
      for (Change change : Change.values()) {
        Argument a = arguments.find(option(family, change));
        if (a != null) {
          int value = (int) a.unsigned(change == Change.SET ? 0 : 1, 255);
          return new HopLimitTarget(change, value);
        }
      }
      throw arguments.fail(
          name()
              + ": one of --"
              + option(family, Change.SET)
              + ", --"
              + option(family, Change.DECREASE)
              + ", --"
              + option(family, Change.INCREASE)
              + " is required");
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option(option(out.family(), change), value);
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    int now = packet.ttl();
    packet.setTtl(
        switch (change) {
          case SET -> value;
          case DECREASE -> Math.max(now - value, 0);
          case INCREASE -> Math.min(now + value, 255);
        });
    return Verdict.CONTINUE;
  }
}
