package org.fwreplay.xt.match;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PortConstraint;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;
import org.fwreplay.xt.Validity;

/**
 * {@code -m tcp}: tests ports, flags and options of TCP. xt_tcpudp, libxt_tcp.
 *
 * @param option kind of the TCP option that must be there; 0 for no such demand
 * @param flagMask the flags looked at; 0 for none
 * @param flags those of them that must be set
 */
public record TcpMatch(
    PortRange source,
    PortRange destination,
    int option,
    boolean optionInverted,
    int flagMask,
    int flags,
    boolean flagsInverted)
    implements StatelessMatch, PortConstraint {

  private static final List<String> FLAG_NAMES = List.of("FIN", "SYN", "RST", "PSH", "ACK", "URG");
  private static final int ALL_FLAGS = 0x3f;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "tcp";
    }

    @Override
    public String summary() {
      return "tests TCP ports, flags and options";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.TCP);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("source-port", "port[:port]").orAs("sport").withInversion(),
          Option.of("destination-port", "port[:port]").orAs("dport").withInversion(),
          Option.flag("syn").withInversion().excluding("flags"),
          Option.of("tcp-flags", "mask comp").withInversion().excluding("flags"),
          Option.of("tcp-option", "number").withInversion());
    }

    @Override
    public TcpMatch parse(Arguments arguments) {
      int mask = 0;
      int compare = 0;
      Argument flags = arguments.find("tcp-flags");
      if (flags != null) {
        String[] words = flags.text().split(" ", -1);
        if (words.length != 2) {
          throw flags.fail("--tcp-flags takes two lists of flags: those looked at, those set");
        }
        mask = flags(flags, words[0]);
        compare = flags(flags, words[1]);
      } else if (arguments.has("syn")) {
        mask = Tcp.SYN | Tcp.RST | Tcp.ACK | Tcp.FIN;
        compare = Tcp.SYN;
      }
      Argument option = arguments.find("tcp-option");
      return new TcpMatch(
          PortRange.parse(arguments.find("source-port"), "tcp"),
          PortRange.parse(arguments.find("destination-port"), "tcp"),
          option == null ? 0 : (int) option.unsigned(1, 255),
          arguments.inverted("tcp-option"),
          mask,
          compare,
          arguments.inverted("tcp-flags") || arguments.inverted("syn"));
    }

    private static int flags(Argument argument, String list) {
      int flags = 0;
      for (String word : list.split(",")) {
        String name = word.toUpperCase(Locale.ROOT);
        int bit = FLAG_NAMES.indexOf(name);
        if (bit >= 0) {
          flags |= 1 << bit;
        } else if (name.equals("ALL")) {
          flags |= ALL_FLAGS;
        } else if (!name.equals("NONE") && !name.isEmpty()) {
          throw argument.fail(
              "--tcp-flags: unknown TCP flag \""
                  + word
                  + "\" ("
                  + String.join(", ", FLAG_NAMES)
                  + ", ALL or NONE)");
        }
      }
      return flags;
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
    boolean ports = !source.isAny() || !destination.isAny();
    String seen =
        ports ? Seen.ports(packet, evaluation, !source.isAny(), !destination.isAny()) : "";
    boolean flagged = flagMask != 0 || flagsInverted;
    return seen
        + (ports && flagged ? ", " : "")
        + (flagged ? Seen.tcpFlags(packet, evaluation) : "");
  }

  @Override
  public Validity validity() {
    if (option != 0) {
      return Validity.PACKET;
    }
    return flagMask == 0 ? Validity.FLOW : Validity.TCP_FLAGS;
  }

  @Override
  public void save(RuleWriter out) {
    source.save(out, "sport");
    destination.save(out, "dport");
    if (option != 0 || optionInverted) {
      out.option("tcp-option", optionInverted, option);
    }
    if (flagMask != 0 || flagsInverted) {
      out.option("tcp-flags", flagsInverted, text(flagMask)).word(text(flags));
    }
  }

  static String text(int flags) {
    StringJoiner names = new StringJoiner(",").setEmptyValue("NONE");
    for (int i = 0; i < FLAG_NAMES.size(); i++) {
      if ((flags & 1 << i) != 0) {
        names.add(FLAG_NAMES.get(i));
      }
    }
    return names.toString();
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    if (evaluation.fragmentOffset != 0) {
      // Such an IPv4 fragment would overwrite the flags of the first one (RFC 1858).
      evaluation.hotDrop |= !packet.ipv6 && evaluation.fragmentOffset == 8;
      return false;
    }
    int at = evaluation.transport;
    if (!packet.has(at, Tcp.MIN_LENGTH)) {
      evaluation.hotDrop = true;
      return false;
    }
    return source.matches(packet.u16(at + Tcp.SOURCE_PORT))
        && destination.matches(packet.u16(at + Tcp.DESTINATION_PORT))
        && ((packet.u8(at + Tcp.FLAGS) & flagMask) == flags) != flagsInverted
        && (option == 0 || matchesOption(packet, evaluation));
  }

  private boolean matchesOption(Packet packet, Evaluation evaluation) {
    int at = evaluation.transport;
    int length = (packet.u8(at + Tcp.DATA_OFFSET) >> 4) * 4 - Tcp.MIN_LENGTH;
    int start = at + Tcp.MIN_LENGTH;
    if (length < 0 || length > 0 && !packet.has(start, length)) {
      evaluation.hotDrop = true;
      return false;
    }
    return TcpOptions.has(packet, start, start + length, option) != optionInverted;
  }
}
