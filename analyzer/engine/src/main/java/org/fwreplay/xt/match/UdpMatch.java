package org.fwreplay.xt.match;

import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PortConstraint;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;
import org.fwreplay.xt.Validity;

/** {@code -m udp}: tests ports of UDP. xt_tcpudp, libxt_udp. */
public record UdpMatch(PortRange source, PortRange destination)
    implements StatelessMatch, PortConstraint {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "udp";
    }

    @Override
    public String summary() {
      return "tests UDP ports";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.UDP);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("source-port", "port[:port]").orAs("sport").withInversion(),
          Option.of("destination-port", "port[:port]").orAs("dport").withInversion());
    }

    @Override
    public UdpMatch parse(Arguments arguments) {
      return new UdpMatch(ports(arguments, "source-port"), ports(arguments, "destination-port"));
    }

    private static PortRange ports(Arguments arguments, String option) {
      PortRange given = PortRange.resolved(arguments, option);
      return given == null ? PortRange.ALL : given;
    }
  }

  @Override
  public int[] sourcePorts() {
    return source.ranges();
  }

  @Override
  public int[] destinationPorts() {
    return destination.ranges();
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.ports(packet, evaluation, !source.isAny(), !destination.isAny());
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    source.save(out, "sport");
    destination.save(out, "dport");
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    if (!evaluation.hasHeader(packet, Udp.LENGTH)) {
      return false;
    }
    int at = evaluation.transport;
    return source.matches(packet.u16(at + Udp.SOURCE_PORT))
        && destination.matches(packet.u16(at + Udp.DESTINATION_PORT));
  }
}
