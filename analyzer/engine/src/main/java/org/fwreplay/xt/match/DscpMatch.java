package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.DscpClass;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;
import org.fwreplay.xt.Validity;

/** {@code -m dscp}: tests the differentiated services code point. xt_dscp, libxt_dscp. */
public record DscpMatch(int codePoint, boolean inverted) implements StatelessMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "dscp";
    }

    @Override
    public String summary() {
      return "tests the differentiated services code point";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("dscp", "value").withInversion().excluding("dscp"),
          Option.of("dscp-class", "class").withInversion().excluding("dscp"));
    }

    @Override
    public DscpMatch parse(Arguments arguments) {
      Argument value = arguments.find("dscp");
      if (value != null) {
        return new DscpMatch((int) value.unsigned(0, 63), value.inverted());
      }
      Argument name = arguments.find("dscp-class");
      if (name == null) {
        throw arguments.fail("dscp needs \"--dscp\" or \"--dscp-class\"");
      }
      return new DscpMatch(DscpClass.parse(name), name.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return "DSCP 0x" + Integer.toHexString(packet.tos() >> 2);
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    out.option("dscp", inverted, String.format("0x%02x", codePoint));
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return packet.tos() >> 2 == codePoint != inverted;
  }
}
