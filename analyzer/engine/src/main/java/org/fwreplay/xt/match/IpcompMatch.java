package org.fwreplay.xt.match;

import java.util.List;
import java.util.Set;
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
 * {@code -m ipcomp}: tests the CPI of compressed packets (RFC 3173). xt_ipcomp, libxt_ipcomp.
 *
 * @param cpi 0 where it was not given, as there
 * @param reserved as given; the kernel does not look at it
 */
public record IpcompMatch(NumberRange cpi, boolean reserved) implements StatelessMatch {
  private static final NumberRange NOT_GIVEN = new NumberRange(0, 0, false);
  private static final int HEADER_LENGTH = 4;
  private static final int CPI = 2;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "ipcomp";
    }

    @Override
    public String summary() {
      return "tests the CPI of compressed packets";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.IPCOMP);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("ipcompspi", "cpi[:cpi]").withInversion(), Option.flag("compres"));
    }

    @Override
    public IpcompMatch parse(Arguments arguments) {
      Argument cpi = arguments.find("ipcompspi");
      return new IpcompMatch(
          cpi == null ? NOT_GIVEN : NumberRange.parse(cpi), arguments.has("compres"));
    }
  }

  @Override
  public void save(RuleWriter out) {
    cpi.save(out, "ipcompspi");
    if (reserved) {
      out.flag("compres");
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    if (!evaluation.hasHeader(packet, HEADER_LENGTH)) {
      return false;
    }
    int at = evaluation.transport;
    return cpi.matches(packet.u16(at + CPI));
  }
}
