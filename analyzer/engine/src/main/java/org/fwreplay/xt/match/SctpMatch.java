package org.fwreplay.xt.match;

import java.util.List;
import java.util.Set;
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
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m sctp}: tests ports and chunks of SCTP (RFC 9260 section 3). xt_sctp, libxt_sctp.
 *
 * @param source null where it was not given
 * @param destination null where it was not given
 * @param chunks null where they were not given
 */
public record SctpMatch(
    PortRange source, PortRange destination, SctpChunks chunks, boolean chunksInverted)
    implements PacketMatch {

  private static final int HEADER_LENGTH = 12;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "sctp";
    }

    @Override
    public String summary() {
      return "tests ports and chunks of SCTP";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.SCTP);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("source-port", "port[:port]").orAs("sport").withInversion(),
          Option.of("destination-port", "port[:port]").orAs("dport").withInversion(),
          Option.of("chunk-types", "all|any|only chunk[:flags][,...]").withInversion());
    }

    @Override
    public SctpMatch parse(Arguments arguments) {
      Argument chunks = arguments.find("chunk-types");
      return new SctpMatch(
          PortRange.given(arguments.find("source-port"), "sctp"),
          PortRange.given(arguments.find("destination-port"), "sctp"),
          chunks == null ? null : SctpChunks.parse(chunks),
          arguments.inverted("chunk-types"));
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.ports(packet, evaluation, false, false);
  }

  @Override
  public void save(RuleWriter out) {
    if (source != null) {
      source.write(out, "sport");
    }
    if (destination != null) {
      destination.write(out, "dport");
    }
    if (chunks != null) {
      out.option("chunk-types", chunksInverted, chunks.text());
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    SctpChunks.Compiled compiled = chunks == null ? null : chunks.compile();
    return (packet, evaluation) -> {
      if (!evaluation.hasHeader(packet, HEADER_LENGTH)) {
        return false;
      }
      int at = evaluation.transport;
      return (source == null || source.matches(packet.u16(at)))
          && (destination == null || destination.matches(packet.u16(at + 2)))
          && (compiled == null
              || compiled.matches(packet, at + HEADER_LENGTH, evaluation) != chunksInverted);
    };
  }
}
