package org.fwreplay.xt.match;

import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/** {@code -m esp}: tests the SPI of IPsec's ESP (RFC 4303). xt_esp, libxt_esp. */
public record EspMatch(NumberRange spi) implements StatelessMatch {
  private static final int HEADER_LENGTH = 8;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "esp";
    }

    @Override
    public String summary() {
      return "tests the SPI of IPsec's ESP";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.ESP);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("espspi", "spi[:spi]").withInversion());
    }

    @Override
    public EspMatch parse(Arguments arguments) {
      return new EspMatch(NumberRange.parse(arguments.find("espspi")));
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.word32(packet, evaluation, "SPI", 0);
  }

  @Override
  public void save(RuleWriter out) {
    spi.save(out, "espspi");
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    if (!evaluation.hasHeader(packet, HEADER_LENGTH)) {
      return false;
    }
    int at = evaluation.transport;
    return spi.matches(packet.u32(at));
  }
}
