package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;

/**
 * {@code -j DNPT}: replaces the prefix of the destination address without keeping state (RFC 6296).
 * ip6t_NPT, libip6t_DNPT.
 */
public record DnptTarget(PrefixMapping mapping) implements PacketTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "DNPT";
    }

    @Override
    public String summary() {
      return "replaces the prefix of the destination address without keeping state";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV6);
    }

    @Override
    public Set<String> tables() {
      return Set.of("mangle");
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.PREROUTING, Hook.OUTPUT);
    }

    @Override
    public List<Option> options() {
      return PrefixMapping.OPTIONS;
    }

    @Override
    public DnptTarget parse(Arguments arguments) {
      return new DnptTarget(PrefixMapping.of(arguments));
    }
  }

  @Override
  public void save(RuleWriter out) {
    mapping.save(out);
  }

  @Override
  public Action bind(Binding binding) {
    int adjustment = mapping.adjustment();
    return (packet, evaluation) ->
        mapping.apply(packet, evaluation, Ipv6.DESTINATION, Ipv6.SOURCE, adjustment);
  }
}
