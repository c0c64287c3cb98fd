package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
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
 * {@code -m ah} of IPv6: tests the header of IPsec's AH (RFC 4302). ip6t_ah, libip6t_ah.
 *
 * @param length of the header in bytes; 0 for any
 * @param reserved whether the reserved bits must be zero
 */
public record Ah6Match(NumberRange spi, long length, boolean lengthInverted, boolean reserved)
    implements StatelessMatch {

  private static final int RESERVED = 2;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "ah";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV6);
    }

    @Override
    public String summary() {
      return "tests the header of IPsec's AH";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("ahspi", "spi[:spi]").withInversion(),
          Option.of("ahlen", "length").withInversion(),
          Option.flag("ahres"));
    }

    @Override
    public Ah6Match parse(Arguments arguments) {
      Argument length = arguments.find("ahlen");
      return new Ah6Match(
          NumberRange.parse(arguments.find("ahspi")),
          length == null ? 0 : length.unsigned(0, 0xffffffffL),
          arguments.inverted("ahlen"),
          arguments.has("ahres"));
    }
  }

  @Override
  public void save(RuleWriter out) {
    spi.save(out, "ahspi");
    if (length != 0 || lengthInverted) {
      out.option("ahlen", lengthInverted, length);
    }
    if (reserved) {
      out.flag("ahres");
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    int at = Ipv6Headers.findWhole(packet, Protocols.AH, AhMatch.HEADER_LENGTH, evaluation);
    if (at < 0) {
      return false;
    }
    int found = Ipv6Headers.length(packet, Protocols.AH, at);
    return spi.matches(packet.u32(at + AhMatch.SPI))
        && (length == 0 || length == found != lengthInverted)
        && !(reserved && packet.u16(at + RESERVED) != 0);
  }
}
