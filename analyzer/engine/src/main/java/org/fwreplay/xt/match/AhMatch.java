package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/** {@code -m ah} of IPv4: tests the SPI of IPsec's AH (RFC 4302). ipt_ah, libipt_ah. */
public record AhMatch(NumberRange spi) implements StatelessMatch {
  static final int HEADER_LENGTH = 12;
  static final int SPI = 4;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "ah";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV4);
    }

    @Override
    public String summary() {
      return "tests the SPI of IPsec's AH";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.AH);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("ahspi", "spi[:spi]").withInversion());
    }

    @Override
    public AhMatch parse(Arguments arguments) {
      return new AhMatch(NumberRange.parse(arguments.find("ahspi")));
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.word32(packet, evaluation, "SPI", SPI);
  }

  @Override
  public void save(RuleWriter out) {
    spi.save(out, "ahspi");
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    if (!evaluation.hasHeader(packet, HEADER_LENGTH)) {
      return false;
    }
    int at = evaluation.transport;
    return spi.matches(packet.u32(at + SPI));
  }
}
