package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/** {@code -m icmp6}: tests type and code of ICMPv6. xt_tcpudp, libip6t_icmp6. */
public record Icmp6Match(int type, int lowCode, int highCode, boolean inverted)
    implements StatelessMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    private static final List<IcmpType> TYPES =
        List.of(
            IcmpType.of("destination-unreachable", 1),
            IcmpType.of("no-route", 1, 0),
            IcmpType.of("communication-prohibited", 1, 1),
            IcmpType.of("beyond-scope", 1, 2),
            IcmpType.of("address-unreachable", 1, 3),
            IcmpType.of("port-unreachable", 1, 4),
            IcmpType.of("failed-policy", 1, 5),
            IcmpType.of("reject-route", 1, 6),
            IcmpType.of("packet-too-big", 2),
            IcmpType.of("time-exceeded", 3),
            IcmpType.of("ttl-exceeded", 3),
            IcmpType.of("ttl-zero-during-transit", 3, 0),
            IcmpType.of("ttl-zero-during-reassembly", 3, 1),
            IcmpType.of("parameter-problem", 4),
            IcmpType.of("bad-header", 4, 0),
            IcmpType.of("unknown-header-type", 4, 1),
            IcmpType.of("unknown-option", 4, 2),
            IcmpType.of("echo-request", 128),
            IcmpType.of("ping", 128),
            IcmpType.of("echo-reply", 129),
            IcmpType.of("pong", 129),
            IcmpType.of("mld-listener-query", 130),
            IcmpType.of("mld-listener-report", 131),
            IcmpType.of("mld-listener-done", 132),
            IcmpType.of("mld-listener-reduction", 132),
            IcmpType.of("router-solicitation", 133),
            IcmpType.of("router-advertisement", 134),
            IcmpType.of("neighbour-solicitation", 135),
            IcmpType.of("neighbor-solicitation", 135),
            IcmpType.of("neighbour-advertisement", 136),
            IcmpType.of("neighbor-advertisement", 136),
            IcmpType.of("redirect", 137));

    @Override
    public String name() {
      return "icmp6";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV6);
    }

    @Override
    public String summary() {
      return "tests ICMPv6 type and code";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.ICMPV6);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("icmpv6-type", "type[/code]").withInversion().required());
    }

    @Override
    public Icmp6Match parse(Arguments arguments) {
      Argument argument = arguments.get("icmpv6-type");
      IcmpType type = IcmpType.parse(argument, TYPES);
      return new Icmp6Match(type.type(), type.low(), type.high(), argument.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.icmp(packet, evaluation);
  }

  @Override
  public void save(RuleWriter out) {
    out.option("icmpv6-type", inverted, new IcmpType("", type, lowCode, highCode).text());
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    if (!evaluation.hasHeader(packet, Icmp.LENGTH)) {
      return false;
    }
    int at = evaluation.transport;
    int code = packet.u8(at + Icmp.CODE);
    boolean found = packet.u8(at + Icmp.TYPE) == type && code >= lowCode && code <= highCode;
    return found != inverted;
  }
}
