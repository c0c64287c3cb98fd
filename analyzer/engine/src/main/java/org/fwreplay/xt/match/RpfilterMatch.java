package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.host.Addresses;
import org.fwreplay.host.Host;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.Router;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
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
 * {@code -m rpfilter}: whether the packet came in by the interface that leads back to its source
 * (RFC 3704). ipt_rpfilter, ip6t_rpfilter, libxt_rpfilter.
 *
 * @param loose whether any interface will do
 * @param validMark whether the packet's mark counts for the way back
 * @param acceptLocal whether own addresses are accepted as source
 */
public record RpfilterMatch(boolean loose, boolean validMark, boolean acceptLocal, boolean inverted)
    implements PacketMatch {

  private static final int FLOW_LABEL = 0xfffff;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "rpfilter";
    }

    @Override
    public String summary() {
      return "whether the source is routed to where the packet came from";
    }

    @Override
    public Set<String> tables() {
      return Set.of("mangle", "raw");
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.PREROUTING);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.flag("loose"),
          Option.flag("validmark"),
          Option.flag("accept-local"),
          Option.flag("invert"));
    }

    @Override
    public RpfilterMatch parse(Arguments arguments) {
      return new RpfilterMatch(
          arguments.has("loose"),
          arguments.has("validmark"),
          arguments.has("accept-local"),
          arguments.has("invert"));
    }
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    if (loose) {
      out.flag("loose");
    }
    if (validMark) {
      out.flag("validmark");
    }
    if (acceptLocal) {
      out.flag("accept-local");
    }
    if (inverted) {
      out.flag("invert");
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    Router router = binding.router();
    Host host = binding.host();
    RouteQuery query = new RouteQuery();
    return (packet, evaluation) -> {
      boolean looped =
          packet.type == Packet.LOOPBACK || host.networkInterface(evaluation.in).loopback();
      return (looped || isUnspecified(packet) || passes(router, query, packet, evaluation))
          != inverted;
    };
  }

  /** Sources that say nothing of where a packet comes from: DHCP clients', ::. */
  private static boolean isUnspecified(Packet packet) {
    if (packet.ipv6) {
      return (packet.sourceHi() | packet.sourceLo()) == 0;
    }
    long to = packet.destinationLo();
    return Addresses.isZero4(packet.sourceLo())
        && (to == Addresses.LIMITED_BROADCAST || Addresses.isLocalMulticast4(to));
  }

  private boolean passes(Router router, RouteQuery query, Packet packet, Evaluation evaluation) {
    query.clear();
    query.six = packet.ipv6;
    query.iif = evaluation.in;
    query.srcHi = packet.sourceHi();
    query.srcLo = packet.sourceLo();
    query.dstHi = packet.destinationHi();
    query.dstLo = packet.destinationLo();
    query.mark = validMark ? packet.mark : 0;
    query.tos = packet.tos();
    if (packet.ipv6) {
      query.flowLabel = (int) packet.u32(packet.network) & FLOW_LABEL;
      query.protocol = packet.u8(packet.network + Ipv6.NEXT_HEADER);
    }
    return router.reversePath(query, loose, acceptLocal);
  }
}
