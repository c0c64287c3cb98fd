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

/** {@code -m length}: tests the packet's length from its IP header on. xt_length, libxt_length. */
public record LengthMatch(int low, int high, boolean inverted) implements StatelessMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "length";
    }

    @Override
    public String summary() {
      return "tests the packet's length";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("length", "bytes[:bytes]").withInversion().required());
    }

    @Override
    public LengthMatch parse(Arguments arguments) {
      Argument argument = arguments.get("length");
      Argument.Range range = argument.ascending(0, 0xffff);
      return new LengthMatch((int) range.low(), (int) range.high(), argument.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return "length " + packet.length();
  }

  @Override
  public void save(RuleWriter out) {
    out.option("length", inverted, low == high ? String.valueOf(low) : low + ":" + high);
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    int length = packet.length();
    return (length >= low && length <= high) != inverted;
  }
}
