package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.nat.Nat;
import org.fwreplay.nat.NatRange;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;

/** {@code -j SNAT}: gives the connection another source. xt_nat, libxt_NAT. */
public record SnatTarget(NatRange range) implements StatelessTarget {
  private static final String TO = "to-source";

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "SNAT";
    }

    @Override
    public String summary() {
      return "gives connections another source";
    }

    @Override
    public Set<String> tables() {
      return Set.of("nat");
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.POSTROUTING, Hook.INPUT);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of(TO, "[address[-address]][:port[-port]]").required(),
          Option.flag("random"),
          Option.flag("random-fully"),
          Option.flag("persistent"));
    }

    @Override
    public SnatTarget parse(Arguments arguments) {
      arguments.get(TO);
      return new SnatTarget(NatOptions.parse(arguments));
    }
  }

  @Override
  public void save(RuleWriter out) {
    NatOptions.save(out, TO, range);
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    return NatSetup.verdict(evaluation, Connection.of(packet), range, Nat.SOURCE);
  }
}
