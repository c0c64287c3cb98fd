package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;
import org.fwreplay.host.Scope;
import org.fwreplay.nat.Nat;
import org.fwreplay.nat.NatRange;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j MASQUERADE}: gives the connection the address of the interface that it leaves by.
 * xt_MASQUERADE, nf_nat_masquerade, libxt_NAT.
 *
 * @param range its ports and flags; the addresses are found for each connection
 */
public record MasqueradeTarget(NatRange range) implements PacketTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "MASQUERADE";
    }

    @Override
    public String summary() {
      return "gives connections the address of the interface that they leave by";
    }

    @Override
    public Set<String> tables() {
      return Set.of("nat");
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.POSTROUTING);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("to-ports", "port[-port]"), Option.flag("random"), Option.flag("random-fully"));
    }

    @Override
    public MasqueradeTarget parse(Arguments arguments) {
      return new MasqueradeTarget(NatOptions.parse(arguments));
    }
  }

  @Override
  public void save(RuleWriter out) {
    NatOptions.save(out, "to-ports", range);
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public Action bind(Binding binding) {
    return new Masquerade(binding.router(), new AddressedRange(range));
  }

  private static final class Masquerade implements Action {
    private final Router router;
    private final AddressedRange ranges;
    private final RouteResult result = new RouteResult();

    Masquerade(Router router, AddressedRange ranges) {
      this.router = router;
      this.ranges = ranges;
    }

    @Override
    public int apply(Packet packet, Evaluation evaluation) {
      Connection connection = Connection.of(packet);
      // a host that has no address yet asks for one, as DHCP does
      if (!packet.ipv6 && connection.original.sourceLo == 0) {
        return Verdict.ACCEPT;
      }
      NatRange range = packet.ipv6 ? range6(packet, evaluation) : range4(packet, evaluation);
      if (range == null) {
        return Verdict.DROP;
      }
      connection.extend().masqueradeInterface = evaluation.out;
      return NatSetup.verdict(evaluation, connection, range, Nat.SOURCE);
    }

    private NatRange range4(Packet packet, Evaluation evaluation) {
      long near = packet.nextHopSix ? packet.destinationLo() : packet.nextHopLo;
      long source = router.selectSource4(evaluation.out, near, Scope.GLOBAL);
      return source == 0 ? null : ranges.at(0, source);
    }

    private NatRange range6(Packet packet, Evaluation evaluation) {
      boolean found =
          router.selectSource6(
              evaluation.out, packet.destinationHi(), packet.destinationLo(), result);
      return found ? ranges.at(result.srcHi, result.srcLo) : null;
    }
  }
}
