package org.fwreplay.xt.target;

import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.DscpClass;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j DSCP}: sets the six DSCP bits (RFC 2474) and leaves the ECN bits. xt_DSCP, libxt_DSCP.
 */
public record DscpTarget(int dscp) implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    private static final int MAX = 63;

    @Override
    public String name() {
      return "DSCP";
    }

    @Override
    public String summary() {
      return "sets the DSCP bits";
    }

    @Override
    public Set<String> tables() {
      return Set.of("mangle");
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("set-dscp", "value").excluding("dscp"),
          Option.of("set-dscp-class", "class").excluding("dscp"));
    }

    @Override
    public DscpTarget parse(Arguments arguments) {
      Argument value = arguments.find("set-dscp");
      if (value != null) {
        return new DscpTarget((int) value.unsigned(0, MAX));
      }
      Argument name = arguments.find("set-dscp-class");
      if (name == null) {
        throw arguments.fail("DSCP: --set-dscp or --set-dscp-class is required");
      }
      return new DscpTarget(DscpClass.parse(name));
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("set-dscp", String.format("0x%02x", dscp));
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    packet.setTos(packet.tos() & 3 | dscp << 2);
    return Verdict.CONTINUE;
  }
}
