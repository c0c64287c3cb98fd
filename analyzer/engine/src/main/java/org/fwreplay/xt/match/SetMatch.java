package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.ipset.IpSet;
import org.fwreplay.ipset.SetQuery;
import org.fwreplay.ipset.SetQuery.Comparison;
import org.fwreplay.ipset.SetQuery.Counter;
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
import org.fwreplay.xt.SetReference;

/**
 * {@code -m set}: looks the packet up in an IP set. xt_set, libxt_set revision 4.
 *
 * @param flags of {@link SetQuery}
 */
public record SetMatch(
    SetReference set, boolean inverted, int flags, Counter packets, Counter bytes)
    implements PacketMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "set";
    }

    @Override
    public String summary() {
      return "looks the packet up in an IP set";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("match-set", "name src|dst[,...]").withInversion().required().orAs("set"),
          Option.flag("return-nomatch").multiple(),
          Option.flag("update-counters").withInversion().multiple(),
          Option.flag("update-subcounters").withInversion().multiple(),
          Option.of("packets-eq", "value").withInversion().excluding("packets"),
          Option.of("packets-lt", "value").excluding("packets"),
          Option.of("packets-gt", "value").excluding("packets"),
          Option.of("bytes-eq", "value").withInversion().excluding("bytes"),
          Option.of("bytes-lt", "value").excluding("bytes"),
          Option.of("bytes-gt", "value").excluding("bytes"));
    }

    @Override
    public SetMatch parse(Arguments arguments) {
      Argument set = arguments.get("match-set");
      int flags = 0;
      for (Argument each : arguments.all()) {
        flags |=
            switch (each.option()) {
              case "return-nomatch" -> SetQuery.RETURN_NOMATCH;
              case "update-counters" -> each.inverted() ? SetQuery.SKIP_COUNTERS : 0;
              case "update-subcounters" -> each.inverted() ? SetQuery.SKIP_SUBCOUNTERS : 0;
              default -> 0;
            };
      }
      return new SetMatch(
          SetReference.parse(set),
          set.inverted(),
          flags,
          counter(arguments, "packets"),
          counter(arguments, "bytes"));
    }

    private static Counter counter(Arguments arguments, String what) {
      Argument equal = arguments.find(what + "-eq");
      Argument less = arguments.find(what + "-lt");
      Argument greater = arguments.find(what + "-gt");
      if (equal != null) {
        return new Counter(
            equal.inverted() ? Comparison.NOT_EQUAL : Comparison.EQUAL, equal.unsigned(0, -1));
      }
      if (less != null) {
        return new Counter(Comparison.LESS, less.unsigned(0, -1));
      }
      return greater == null
          ? Counter.ANY
          : new Counter(Comparison.GREATER, greater.unsigned(0, -1));
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.source(packet) + ", " + Seen.destination(packet);
  }

  @Override
  public void save(RuleWriter out) {
    out.option("match-set", inverted, set.text());
    if ((flags & SetQuery.RETURN_NOMATCH) != 0) {
      out.flag("return-nomatch");
    }
    if ((flags & SetQuery.SKIP_COUNTERS) != 0) {
      out.flag("update-counters", true);
    }
    if ((flags & SetQuery.SKIP_SUBCOUNTERS) != 0) {
      out.flag("update-subcounters", true);
    }
    save(out, "packets", packets);
    save(out, "bytes", bytes);
  }

  private static void save(RuleWriter out, String what, Counter counter) {
    if (counter.comparison() == null) {
      return;
    }
    String ending =
        switch (counter.comparison()) {
          case EQUAL, NOT_EQUAL -> "-eq";
          case LESS -> "-lt";
          case GREATER -> "-gt";
        };
    boolean not = counter.comparison() == Comparison.NOT_EQUAL;
    out.option(what + ending, not, Long.toUnsignedString(counter.value()));
  }

  @Override
  public List<String> sets() {
    return List.of(set.name());
  }

  @Override
  public Matcher bind(Binding binding) {
    IpSet found = set.find(binding);
    SetQuery query = set.query(flags, packets, bytes, -1);
    return (packet, evaluation) -> {
      SetReference.take(query, packet, evaluation, binding);
      return found.matches(query) != inverted;
    };
  }
}
