package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.nat.Nat;
import org.fwreplay.nat.NatRange;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;

/**
 * {@code -j NETMAP}: maps a network onto another, address by address: the destination before
 * routing, the source after. xt_NETMAP, libipt_NETMAP, libip6t_NETMAP.
 *
 * @param hi upper half of the network, masked
 * @param lo lower half of it
 * @param maskHi upper half of the mask
 * @param maskLo lower half of it
 */
public record NetmapTarget(long hi, long lo, long maskHi, long maskLo) implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "NETMAP";
    }

    @Override
    public String summary() {
      return "maps a network onto another, address by address";
    }

    @Override
    public Set<String> tables() {
      return Set.of("nat");
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.PREROUTING, Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("to", "network[/mask]").required());
    }

    @Override
    public NetmapTarget parse(Arguments arguments) {
      Family family = arguments.family();
      Argument to = arguments.get("to");
      String text = to.text();
      int slash = text.indexOf('/');
      AddressText.Address network = to.host(family, slash < 0 ? text : text.substring(0, slash));
      AddressText.Address mask =
          slash < 0
              ? AddressText.Address.hostMask(family)
              : to.mask(family, text.substring(slash + 1));
      return new NetmapTarget(
          network.hi() & mask.hi(), network.lo() & mask.lo(), mask.hi(), mask.lo());
    }
  }

  @Override
  public void save(RuleWriter out) {
    Family family = out.family();
    int length = AddressText.prefixLength(family, maskHi, maskLo);
    String mask = length < 0 ? AddressText.format(family, maskHi, maskLo) : String.valueOf(length);
    out.option("to", AddressText.format(family, hi, lo) + "/" + mask);
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    boolean destination = evaluation.hook == Hook.PREROUTING || evaluation.hook == Hook.OUTPUT;
    long oldHi = destination ? packet.destinationHi() : packet.sourceHi();
    long oldLo = destination ? packet.destinationLo() : packet.sourceLo();
    NatRange range = NatRange.of(oldHi & ~maskHi | hi, oldLo & ~maskLo | lo);
    return NatSetup.verdict(
        evaluation, Connection.of(packet), range, destination ? Nat.DESTINATION : Nat.SOURCE);
  }
}
