package org.fwreplay.xt.target;

import java.util.List;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/** {@code -j MARK}: changes the packet mark. xt_mark, libxt_MARK revision 2. */
public record MarkTarget(int value, int mask) implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "MARK";
    }

    @Override
    public String summary() {
      return "changes the packet mark";
    }

    @Override
    public List<Option> options() {
      return MarkChange.OPTIONS;
    }

    @Override
    public MarkTarget parse(Arguments arguments) {
      for (Argument argument : arguments.all()) {
        MarkChange change = MarkChange.of(argument);
        if (change != null) {
          return new MarkTarget(change.value(), change.mask());
        }
      }
      throw arguments.fail(
          "MARK: one of --set-xmark, --set-mark, --and-mark, --or-mark, --xor-mark is required");
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("set-xmark", RuleWriter.hex(value) + "/" + RuleWriter.hex(mask));
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    packet.mark = (packet.mark & ~mask) ^ value;
    return Verdict.CONTINUE;
  }
}
