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

/** {@code -m hl}: tests the hop limit of IPv6. xt_hl, libip6t_hl. */
public record HlMatch(TtlMatch.Comparison comparison, int value) implements StatelessMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "hl";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV6);
    }

    @Override
    public String summary() {
      return "tests the hop limit";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("hl-eq", "value").withInversion().excluding("hl"),
          Option.of("hl-lt", "value").excluding("hl"),
          Option.of("hl-gt", "value").excluding("hl"),
          Option.of("hl", "value").withInversion().excluding("hl"));
    }

    @Override
    public HlMatch parse(Arguments arguments) {
      if (arguments.all().isEmpty()) {
        throw arguments.fail("hl needs \"--hl-eq\", \"--hl-lt\" or \"--hl-gt\"");
      }
      Argument argument = arguments.all().get(0);
      return new HlMatch(TtlMatch.Comparison.of(argument), (int) argument.unsigned(0, 255));
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return "hop limit " + packet.ttl();
  }

  @Override
  public void save(RuleWriter out) {
    comparison.save(out, "hl", value);
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return comparison.holds(packet.ttl(), value);
  }
}
