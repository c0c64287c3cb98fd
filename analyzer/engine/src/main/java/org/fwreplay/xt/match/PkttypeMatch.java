package org.fwreplay.xt.match;

import java.util.List;
import java.util.Locale;
import org.fwreplay.host.Addresses;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;
import org.fwreplay.xt.Validity;

/**
 * {@code -m pkttype}: tests whom the frame was sent to on the link. xt_pkttype, libxt_pkttype.
 *
 * @param type {@link Packet#TO_HOST} and so on
 */
public record PkttypeMatch(int type, boolean inverted) implements StatelessMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "pkttype";
    }

    @Override
    public String summary() {
      return "tests whether a frame was sent to this host, to a group, to all";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("pkt-type", "type").withInversion().required());
    }

    @Override
    public PkttypeMatch parse(Arguments arguments) {
      Argument argument = arguments.get("pkt-type");
      int type =
          switch (argument.text().toLowerCase(Locale.ROOT)) {
            case "unicast", "host" -> Packet.TO_HOST;
            case "broadcast", "bcast" -> Packet.BROADCAST;
            case "multicast", "mcast" -> Packet.MULTICAST;
            case "otherhost" -> Packet.OTHER_HOST;
            default ->
                throw argument.fail(
                    "--pkt-type: unknown type \""
                        + argument.text()
                        + "\" (unicast, broadcast, multicast, otherhost)");
          };
      return new PkttypeMatch(type, argument.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return switch (packet.type) {
      case Packet.TO_HOST -> "unicast";
      case Packet.BROADCAST -> "broadcast";
      case Packet.MULTICAST -> "multicast";
      default -> "another type";
    };
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    String name =
        switch (type) {
          case Packet.TO_HOST -> "unicast";
          case Packet.BROADCAST -> "broadcast";
          case Packet.MULTICAST -> "multicast";
          default -> "otherhost";
        };
    out.option("pkt-type", inverted, name);
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    int found = packet.type;
    if (found == Packet.LOOPBACK) {
      boolean group = packet.ipv6 || Addresses.isMulticast4(packet.destinationLo());
      found = group ? Packet.MULTICAST : Packet.BROADCAST;
    }
    return found == type != inverted;
  }
}
