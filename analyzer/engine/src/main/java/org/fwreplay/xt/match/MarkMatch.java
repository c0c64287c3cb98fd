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
import org.fwreplay.xt.Validity;

/** {@code -m mark}: tests the packet mark. xt_mark, libxt_mark. */
public record MarkMatch(int value, int mask, boolean inverted) implements StatelessMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "mark";
    }

    @Override
    public String summary() {
      return "tests the packet mark";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("mark", "value[/mask]").withInversion().required());
    }

    @Override
    public MarkMatch parse(Arguments arguments) {
      Argument mark = arguments.get("mark");
      Argument.Masked m = mark.masked32();
      return new MarkMatch(m.value(), m.mask(), mark.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.mark("mark", packet.mark);
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    String text = RuleWriter.hex(value) + (mask == -1 ? "" : "/" + RuleWriter.hex(mask));
    out.option("mark", inverted, text);
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return (packet.mark & mask) == value != inverted;
  }
}
