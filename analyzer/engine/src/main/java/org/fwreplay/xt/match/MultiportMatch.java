package org.fwreplay.xt.match;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.PortConstraint;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.Validity;

/** {@code -m multiport}: tests ports against a list. xt_multiport, libxt_multiport. */
public record MultiportMatch(Side side, List<PortRange> ports, boolean inverted)
    implements PacketMatch, PortConstraint {

  /** Which of the packet's ports are looked at. */
  public enum Side {
    SOURCE("sports"),
    DESTINATION("dports"),
    EITHER("ports");

    private final String option;

    Side(String option) {
      this.option = option;
    }
  }

  /** How many numbers the list may have; a range counts as two. */
  private static final int MAX_PORTS = 15;

  /** The list as given. */
  public MultiportMatch {
    ports = List.copyOf(ports);
  }

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "multiport";
    }

    @Override
    public String summary() {
      return "tests ports against a list of up to 15";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(
          Protocols.TCP, Protocols.UDP, Protocols.UDPLITE, Protocols.SCTP, Protocols.DCCP);
    }

    @Override
    public List<Option> options() {
      String value = "port[,port:port...]";
      return List.of(
          Option.of("source-ports", value).orAs("sports").withInversion().excluding("ports"),
          Option.of("destination-ports", value).orAs("dports").withInversion().excluding("ports"),
          Option.of("ports", value).withInversion().excluding("ports"));
    }

    @Override
    public MultiportMatch parse(Arguments arguments) {
      if (arguments.all().isEmpty()) {
        throw arguments.fail("multiport needs \"--sports\", \"--dports\" or \"--ports\"");
      }
      Argument argument = arguments.all().get(0);
      String protocol =
          protocolName(arguments.protocolInverted() ? 0 : arguments.protocolBefore(argument));
      if (protocol == null) {
        throw arguments.fail(
            "multiport needs \"-p tcp\", \"-p udp\", \"-p udplite\", \"-p sctp\" or \"-p dccp\""
                + " before it");
      }
      Side side =
          switch (argument.option()) {
            case "source-ports" -> Side.SOURCE;
            case "destination-ports" -> Side.DESTINATION;
            default -> Side.EITHER;
          };
      return new MultiportMatch(side, list(argument, protocol), argument.inverted());
    }

    private static String protocolName(int protocol) {
      return switch (protocol) {
        case Protocols.TCP -> "tcp";
        case Protocols.UDP -> "udp";
        case Protocols.UDPLITE -> "udplite";
        case Protocols.SCTP -> "sctp";
        case Protocols.DCCP -> "dccp";
        default -> null;
      };
    }

    private static List<PortRange> list(Argument argument, String protocol) {
      List<PortRange> ports = new ArrayList<>();
      int count = 0;
      for (String item : argument.text().split(",", -1)) {
        int cut = item.indexOf(':');
        int low = PortRange.port(argument, cut < 0 ? item : item.substring(0, cut), protocol);
        int high = cut < 0 ? low : PortRange.port(argument, item.substring(cut + 1), protocol);
        if (cut >= 0 && low >= high) {
          throw argument.fail("--" + argument.option() + ": " + item + " is not a range of ports");
        }
        count += cut < 0 ? 1 : 2;
        ports.add(new PortRange(low, high, false));
      }
      if (count > MAX_PORTS) {
        throw argument.fail(
            "--"
                + argument.option()
                + ": "
                + count
                + " ports, "
                + MAX_PORTS
                + " can be given (a range counts as two)");
      }
      return ports;
    }
  }

  @Override
  public int[] sourcePorts() {
    return side == Side.SOURCE ? ranges() : ANY;
  }

  @Override
  public int[] destinationPorts() {
    return side == Side.DESTINATION ? ranges() : ANY;
  }

  private int[] ranges() {
    BitSet set = new BitSet(65_536);
    ports.forEach(p -> set.set(p.low(), p.high() + 1));
    if (inverted) {
      set.flip(0, 65_536);
    }
    return set.stream()
        .filter(port -> port == 0 || !set.get(port - 1))
        .flatMap(port -> IntStream.of(port, set.nextClearBit(port) - 1))
        .toArray();
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.ports(packet, evaluation, side == Side.SOURCE, side == Side.DESTINATION);
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    StringJoiner list = new StringJoiner(",");
    for (PortRange p : ports) {
      list.add(p.low() == p.high() ? String.valueOf(p.low()) : p.low() + ":" + p.high());
    }
    out.option(side.option, inverted, list);
  }

  @Override
  public Matcher bind(Binding binding) {
    int[] low = ports.stream().mapToInt(PortRange::low).toArray();
    int[] high = ports.stream().mapToInt(PortRange::high).toArray();
    return (packet, evaluation) -> {
      if (!evaluation.hasHeader(packet, 4)) {
        return false;
      }
      int at = evaluation.transport;
      return matches(packet, at, low, high) != inverted;
    };
  }

  private boolean matches(Packet packet, int at, int[] low, int[] high) {
    int source = side == Side.DESTINATION ? -1 : packet.u16(at);
    int destination = side == Side.SOURCE ? -1 : packet.u16(at + 2);
    for (int i = 0; i < low.length; i++) {
      if (source >= low[i] && source <= high[i]
          || destination >= low[i] && destination <= high[i]) {
        return true;
      }
    }
    return false;
  }
}
