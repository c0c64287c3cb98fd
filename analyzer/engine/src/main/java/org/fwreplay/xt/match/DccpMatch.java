package org.fwreplay.xt.match;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m dccp}: tests ports, packet type and options of DCCP (RFC 4340 section 5). xt_dccp,
 * libxt_dccp.
 *
 * @param source null where it was not given
 * @param destination null where it was not given
 * @param types bits of the types; -1 where they were not given
 * @param option that must occur; -1 where it was not given
 */
public record DccpMatch(
    PortRange source,
    PortRange destination,
    int types,
    boolean typesInverted,
    int option,
    boolean optionInverted)
    implements StatelessMatch {

  private static final List<String> TYPES =
      List.of(
          "REQUEST",
          "RESPONSE",
          "DATA",
          "ACK",
          "DATAACK",
          "CLOSEREQ",
          "CLOSE",
          "RESET",
          "SYNC",
          "SYNCACK",
          "INVALID");

  private static final int INVALID = 1 << 10;

  /** INVALID stands for all types that are not in use. */
  private static final int ALL_INVALID = 0xfc00;

  private static final int HEADER_LENGTH = 12;
  private static final int DATA_OFFSET = 4;
  private static final int TYPE = 8;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "dccp";
    }

    @Override
    public String summary() {
      return "tests ports, packet type and options of DCCP";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.DCCP);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("source-port", "port[:port]").orAs("sport").withInversion(),
          Option.of("destination-port", "port[:port]").orAs("dport").withInversion(),
          Option.of("dccp-types", "type[,...]").withInversion(),
          Option.of("dccp-option", "number").withInversion());
    }

    @Override
    public DccpMatch parse(Arguments arguments) {
      Argument types = arguments.find("dccp-types");
      Argument option = arguments.find("dccp-option");
      return new DccpMatch(
          PortRange.resolved(arguments, "source-port"),
          PortRange.resolved(arguments, "destination-port"),
          types == null ? -1 : types(types),
          arguments.inverted("dccp-types"),
          option == null ? -1 : (int) option.unsigned(1, 255),
          arguments.inverted("dccp-option"));
    }

    private static int types(Argument argument) {
      int mask = 0;
      for (String word : argument.text().split(",")) {
        int type = TYPES.indexOf(word.toUpperCase(Locale.ROOT));
        if (type < 0 && !word.isEmpty()) {
          throw argument.fail(
              "--dccp-types: unknown type \"" + word + "\" (" + String.join(", ", TYPES) + ")");
        }
        mask |= type < 0 ? 0 : 1 << type;
      }
      return (mask & INVALID) != 0 ? mask | ALL_INVALID : mask;
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    boolean has = evaluation.fragmentOffset == 0 && packet.has(evaluation.transport, HEADER_LENGTH);
    int type = has ? packet.u8(evaluation.transport + TYPE) >> 1 & 15 : 0;
    String name = type < TYPES.size() ? TYPES.get(type) : "INVALID";
    return Seen.ports(packet, evaluation, true, true) + (has ? ", type " + name : "");
  }

  @Override
  public void save(RuleWriter out) {
    if (source != null) {
      source.write(out, "sport");
    }
    if (destination != null) {
      destination.write(out, "dport");
    }
    if (types >= 0) {
      StringJoiner list = new StringJoiner(",");
      for (int i = 0; i < TYPES.size(); i++) {
        if ((types & 1 << i) != 0) {
          list.add(TYPES.get(i));
        }
      }
      out.option("dccp-types", typesInverted, list);
    }
    if (option >= 0) {
      out.option("dccp-option", optionInverted, option);
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    if (!evaluation.hasHeader(packet, HEADER_LENGTH)) {
      return false;
    }
    int at = evaluation.transport;
    return (source == null || source.matches(packet.u16(at)))
        && (destination == null || destination.matches(packet.u16(at + 2)))
        && (types < 0 || (types & 1 << (packet.u8(at + TYPE) >> 1 & 15)) != 0 != typesInverted)
        && (option < 0 || hasOption(packet, at, evaluation) != optionInverted);
  }

  /** What a type has between the common header and the options (RFC 4340 sections 5.2 to 5.7). */
  private static int subheader(int type) {
    return switch (type) {
      case 0 -> 4;
      case 2 -> 0;
      case 3, 4, 5, 6, 8, 9 -> 8;
      default -> 12;
    };
  }

  private boolean hasOption(Packet packet, int header, Evaluation evaluation) {
    boolean longSequence = (packet.u8(header + TYPE) & 1) != 0;
    int type = packet.u8(header + TYPE) >> 1 & 15;
    int start = HEADER_LENGTH + (longSequence ? 4 : 0) + subheader(type);
    int length = packet.u8(header + DATA_OFFSET) * 4 - start;
    if (length == 0) {
      return false;
    }
    int at = header + start;
    if (length < 0 || !packet.has(at, length)) {
      evaluation.hotDrop = true;
      return false;
    }
    for (int i = 0; i < length; ) {
      int kind = packet.u8(at + i);
      if (kind == option) {
        return true;
      }
      boolean single = kind < 2 || i == length - 1;
      i += single ? 1 : Math.max(1, packet.u8(at + i + 1));
    }
    return false;
  }
}
