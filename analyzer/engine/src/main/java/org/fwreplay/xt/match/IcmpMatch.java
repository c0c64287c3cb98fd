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

/** {@code -m icmp}: tests type and code of ICMP. xt_tcpudp, libipt_icmp. */
public record IcmpMatch(int type, int lowCode, int highCode, boolean inverted)
    implements StatelessMatch {

  /** Type that stands for every type. */
  private static final int ANY = 255;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    private static final List<IcmpType> TYPES =
        List.of(
            IcmpType.of("any", ANY),
            IcmpType.of("echo-reply", 0),
            IcmpType.of("pong", 0),
            IcmpType.of("destination-unreachable", 3),
            IcmpType.of("network-unreachable", 3, 0),
            IcmpType.of("host-unreachable", 3, 1),
            IcmpType.of("protocol-unreachable", 3, 2),
            IcmpType.of("port-unreachable", 3, 3),
            IcmpType.of("fragmentation-needed", 3, 4),
            IcmpType.of("source-route-failed", 3, 5),
            IcmpType.of("network-unknown", 3, 6),
            IcmpType.of("host-unknown", 3, 7),
            IcmpType.of("network-prohibited", 3, 9),
            IcmpType.of("host-prohibited", 3, 10),
            IcmpType.of("TOS-network-unreachable", 3, 11),
            IcmpType.of("TOS-host-unreachable", 3, 12),
            IcmpType.of("communication-prohibited", 3, 13),
            IcmpType.of("host-precedence-violation", 3, 14),
            IcmpType.of("precedence-cutoff", 3, 15),
            IcmpType.of("source-quench", 4),
            IcmpType.of("redirect", 5),
            IcmpType.of("network-redirect", 5, 0),
            IcmpType.of("host-redirect", 5, 1),
            IcmpType.of("TOS-network-redirect", 5, 2),
            IcmpType.of("TOS-host-redirect", 5, 3),
            IcmpType.of("echo-request", 8),
            IcmpType.of("ping", 8),
            IcmpType.of("router-advertisement", 9),
            IcmpType.of("router-solicitation", 10),
            IcmpType.of("time-exceeded", 11),
            IcmpType.of("ttl-exceeded", 11),
            IcmpType.of("ttl-zero-during-transit", 11, 0),
            IcmpType.of("ttl-zero-during-reassembly", 11, 1),
            IcmpType.of("parameter-problem", 12),
            IcmpType.of("ip-header-bad", 12, 0),
            IcmpType.of("required-option-missing", 12, 1),
            IcmpType.of("timestamp-request", 13),
            IcmpType.of("timestamp-reply", 14),
            IcmpType.of("address-mask-request", 17),
            IcmpType.of("address-mask-reply", 18));

    @Override
    public String name() {
      return "icmp";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV4);
    }

    @Override
    public String summary() {
      return "tests ICMP type and code";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.ICMP);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("icmp-type", "type[/code]").withInversion().required());
    }

    @Override
    public IcmpMatch parse(Arguments arguments) {
      Argument argument = arguments.get("icmp-type");
      IcmpType type = IcmpType.parse(argument, TYPES);
      return new IcmpMatch(type.type(), type.low(), type.high(), argument.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.icmp(packet, evaluation);
  }

  @Override
  public void save(RuleWriter out) {
    IcmpType asked = new IcmpType("", type, lowCode, highCode);
    out.option("icmp-type", inverted, type == ANY && asked.anyCode() ? "any" : asked.text());
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    if (!evaluation.hasHeader(packet, Icmp.LENGTH)) {
      return false;
    }
    int at = evaluation.transport;
    int code = packet.u8(at + Icmp.CODE);
    boolean found =
        type == ANY || packet.u8(at + Icmp.TYPE) == type && code >= lowCode && code <= highCode;
    return found != inverted;
  }
}
