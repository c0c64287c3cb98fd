package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m cpu}: tests the processor that works on the packet, which a capture does not tell.
 * xt_cpu, libxt_cpu.
 */
public record CpuMatch(long cpu, boolean inverted) implements StatelessMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "cpu";
    }

    @Override
    public String summary() {
      return "tests the processor that works on the packet";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("cpu", "number").withInversion().required());
    }

    @Override
    public CpuMatch parse(Arguments arguments) {
      Argument cpu = arguments.get("cpu");
      return new CpuMatch(cpu.unsigned(0, 0xffffffffL), cpu.inverted());
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("cpu", inverted, cpu);
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return evaluation.undecided(packet);
  }
}
