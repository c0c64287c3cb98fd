package org.fwreplay.xt.match;

import java.util.List;
import java.util.StringJoiner;
import org.fwreplay.host.RouteType;
import org.fwreplay.host.Router;
import org.fwreplay.packet.Family;
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
import org.fwreplay.xt.Validity;

/**
 * {@code -m addrtype}: tests what addresses are to this host: its own, broadcast, and so on.
 * xt_addrtype, libxt_addrtype.
 *
 * @param source types that the source may have, bits of {@link RouteType#bit}; 0 for any
 * @param destination types that the destination may have; 0 for any
 */
public record AddrtypeMatch(
    int source,
    boolean sourceInverted,
    int destination,
    boolean destinationInverted,
    Interface limitedTo)
    implements PacketMatch {

  /** The interface that an address must belong to. */
  public enum Interface {
    ANY,
    IN,
    OUT
  }

  /** By the kernel's numbers ({@code RTN_*}). */
  private static final List<String> TYPES =
      List.of(
          "UNSPEC",
          "UNICAST",
          "LOCAL",
          "BROADCAST",
          "ANYCAST",
          "MULTICAST",
          "BLACKHOLE",
          "UNREACHABLE",
          "PROHIBIT",
          "THROW",
          "NAT",
          "XRESOLVE");

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "addrtype";
    }

    @Override
    public String summary() {
      return "tests what addresses are to this host";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("src-type", "type[,type...]").withInversion(),
          Option.of("dst-type", "type[,type...]").withInversion(),
          Option.flag("limit-iface-in").excluding("interface"),
          Option.flag("limit-iface-out").excluding("interface"));
    }

    @Override
    public AddrtypeMatch parse(Arguments arguments) {
      if (!arguments.has("src-type") && !arguments.has("dst-type")) {
        throw arguments.fail("addrtype needs \"--src-type\" or \"--dst-type\"");
      }
      return new AddrtypeMatch(
          types(arguments.find("src-type"), arguments.family()),
          arguments.inverted("src-type"),
          types(arguments.find("dst-type"), arguments.family()),
          arguments.inverted("dst-type"),
          limit(arguments));
    }

    private static Interface limit(Arguments arguments) {
      String chain = arguments.chain();
      if (arguments.has("limit-iface-in")) {
        if (chain.equals("OUTPUT") || chain.equals("POSTROUTING")) {
          throw arguments.fail("addrtype: --limit-iface-in has no meaning in " + chain);
        }
        return Interface.IN;
      }
      if (arguments.has("limit-iface-out")) {
        if (chain.equals("PREROUTING") || chain.equals("INPUT")) {
          throw arguments.fail("addrtype: --limit-iface-out has no meaning in " + chain);
        }
        return Interface.OUT;
      }
      return Interface.ANY;
    }

    private static int types(Argument argument, Family family) {
      int types = 0;
      if (argument != null) {
        for (String word : argument.text().split(",", -1)) {
          types |= 1 << type(argument, word, family);
        }
      }
      return types;
    }

    /** A type by its name, or by how its name begins. */
    private static int type(Argument argument, String word, Family family) {
      int type = 0;
      while (type < TYPES.size()
          && (word.isEmpty() || !TYPES.get(type).regionMatches(true, 0, word, 0, word.length()))) {
        type++;
      }
      if (type == TYPES.size()) {
        throw argument.fail(
            "--"
                + argument.option()
                + ": unknown type \""
                + word
                + "\" ("
                + String.join(", ", TYPES)
                + ")");
      }
      boolean only4 =
          type >= RouteType.PROHIBIT.ordinal()
              || type == RouteType.BLACKHOLE.ordinal()
              || type == RouteType.BROADCAST.ordinal();
      if (only4 && family == Family.IPV6) {
        throw argument.fail(
            "--" + argument.option() + ": IPv6 has no addresses of type " + TYPES.get(type));
      }
      return type;
    }
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    if (source != 0) {
      out.option("src-type", sourceInverted, text(source));
    }
    if (destination != 0) {
      out.option("dst-type", destinationInverted, text(destination));
    }
    if (limitedTo != Interface.ANY) {
      out.flag(limitedTo == Interface.IN ? "limit-iface-in" : "limit-iface-out");
    }
  }

  private static String text(int types) {
    StringJoiner list = new StringJoiner(",");
    for (int i = 0; i < TYPES.size(); i++) {
      if ((types & 1 << i) != 0) {
        list.add(TYPES.get(i));
      }
    }
    return list.toString();
  }

  @Override
  public Matcher bind(Binding binding) {
    Router router = binding.router();
    return (packet, evaluation) -> matches(router, packet, evaluation);
  }

  private boolean matches(Router router, Packet packet, Evaluation evaluation) {
    int dev =
        switch (limitedTo) {
          case ANY -> -1;
          case IN -> evaluation.in;
          case OUT -> evaluation.out;
        };
    boolean ipv6 = packet.ipv6;
    if (source != 0
        && router.hasType(ipv6, dev, packet.sourceHi(), packet.sourceLo(), source)
            == sourceInverted) {
      return false;
    }
    return destination == 0
        || router.hasType(ipv6, dev, packet.destinationHi(), packet.destinationLo(), destination)
            != destinationInverted;
  }
}
