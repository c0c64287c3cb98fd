package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;
import org.fwreplay.xt.match.PortRange;

/**
 * {@code -j TPROXY}: gives the packet to a program of this host as it is, and marks it, so that
 * routing delivers it. It is dropped where no transparent socket listens; what listens may be
 * known, whether it is transparent is not. xt_TPROXY, libxt_TPROXY revision 1.
 *
 * @param port 0 for the packet's own
 * @param hi upper half of the address that the program listens at
 * @param lo lower half of it; 0 for the interface's first
 * @param mark {@code mask} bits of the packet mark are cleared, then this is XORed in
 */
public record TproxyTarget(int port, long hi, long lo, int mark, int mask)
    implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "TPROXY";
    }

    @Override
    public String summary() {
      return "gives the packet to a program of this host";
    }

    @Override
    public Set<String> tables() {
      return Set.of("mangle");
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.PREROUTING);
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.TCP, Protocols.UDP);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("on-port", "port").required(),
          Option.of("on-ip", "address"),
          Option.of("tproxy-mark", "value[/mask]"));
    }

    @Override
    public TproxyTarget parse(Arguments arguments) {
      Argument ip = arguments.find("on-ip");
      AddressText.Address a =
          ip == null ? new AddressText.Address(0, 0) : ip.host(arguments.family(), ip.text());
      Argument mark = arguments.find("tproxy-mark");
      Argument.Masked m = mark == null ? new Argument.Masked(0, 0) : mark.masked32();
      Argument onPort = arguments.get("on-port");
      int port = PortRange.resolved(arguments, onPort, onPort.text());
      return new TproxyTarget(port, a.hi(), a.lo(), m.value(), m.mask());
    }
  }

  @Override
  public void save(RuleWriter out) {
    Family family = out.family();
    out.option("on-port", port).option("on-ip", AddressText.format(family, hi, lo));
    out.option("tproxy-mark", RuleWriter.hex(mark) + "/" + RuleWriter.hex(mask));
  }

  @Override
  public boolean needsDefragmentation() {
    return true;
  }

  @Override
  public String assumption() {
    return "TPROXY: whether a socket that listens is transparent is not known; a packet for one is"
        + " undecided";
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    if (packet.protocol < 0 || !packet.has(packet.transport, Udp.LENGTH)) {
      return Verdict.DROP;
    }
    int listener = port != 0 ? port : packet.u16(packet.transport + Udp.DESTINATION_PORT);
    boolean found =
        evaluation.services.mayListen(packet.protocol, listener) && evaluation.undecided(packet);
    if (!found) {
      return Verdict.DROP;
    }
    packet.mark = (packet.mark & ~mask) ^ mark;
    packet.hasSocket = true;
    return Verdict.ACCEPT;
  }
}
