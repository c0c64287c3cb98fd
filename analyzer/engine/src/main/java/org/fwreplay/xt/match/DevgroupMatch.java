package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.host.NetInterface;
import org.fwreplay.packet.Hook;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.Validity;

/**
 * {@code -m devgroup}: tests the groups of the interfaces that the packet came in and goes out by.
 * xt_devgroup, libxt_devgroup.
 *
 * @param source null where it was not given
 * @param destination null where it was not given
 */
public record DevgroupMatch(
    Argument.Masked source,
    boolean sourceInverted,
    Argument.Masked destination,
    boolean destinationInverted)
    implements PacketMatch {

  private static final NameMap NAMES = new NameMap("default");

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "devgroup";
    }

    @Override
    public String summary() {
      return "tests the groups of the interfaces";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("src-group", "value[/mask]").withInversion(),
          Option.of("dst-group", "value[/mask]").withInversion());
    }

    @Override
    public DevgroupMatch parse(Arguments arguments) {
      Argument source = arguments.find("src-group");
      Argument destination = arguments.find("dst-group");
      if (source == null && destination == null) {
        throw arguments.fail("devgroup needs \"--src-group\" or \"--dst-group\"");
      }
      return new DevgroupMatch(
          source == null ? null : NAMES.parse(source),
          arguments.inverted("src-group"),
          destination == null ? null : NAMES.parse(destination),
          arguments.inverted("dst-group"));
    }
  }

  @Override
  public Set<Hook> hooks() {
    Set<Hook> hooks = EnumSet.allOf(Hook.class);
    if (source != null) {
      hooks.retainAll(EnumSet.of(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD));
    }
    if (destination != null) {
      hooks.retainAll(EnumSet.of(Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING));
    }
    return hooks;
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    if (source != null) {
      out.option("src-group", sourceInverted, NAMES.text(source));
    }
    if (destination != null) {
      out.option("dst-group", destinationInverted, NAMES.text(destination));
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    int[] groups = binding.host().interfaces().stream().mapToInt(NetInterface::group).toArray();
    return (packet, evaluation) -> {
      if (isUnknown(source, groups, evaluation.in)
          || isUnknown(destination, groups, evaluation.out)) {
        return evaluation.undecided(packet);
      }
      return (source == null || holds(source, groups[evaluation.in]) != sourceInverted)
          && (destination == null
              || holds(destination, groups[evaluation.out]) != destinationInverted);
    };
  }

  private static boolean isUnknown(Argument.Masked asked, int[] groups, int id) {
    return asked != null && (id < 0 || groups[id] < 0);
  }

  private static boolean holds(Argument.Masked asked, int group) {
    return ((asked.value() ^ group) & asked.mask()) == 0;
  }
}
