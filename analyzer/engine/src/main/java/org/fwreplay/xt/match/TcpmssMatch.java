package org.fwreplay.xt.match;

import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/** {@code -m tcpmss}: tests TCP's maximum segment size. xt_tcpmss, libxt_tcpmss. */
public record TcpmssMatch(int low, int high, boolean inverted) implements StatelessMatch {
  private static final int OPTION_LENGTH = 4;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "tcpmss";
    }

    @Override
    public String summary() {
      return "tests the maximum segment size that TCP announces";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.TCP);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("mss", "value[:value]").withInversion().required());
    }

    @Override
    public TcpmssMatch parse(Arguments arguments) {
      Argument argument = arguments.get("mss");
      Argument.Range range = argument.ascending(0, 0xffff);
      return new TcpmssMatch((int) range.low(), (int) range.high(), argument.inverted());
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("mss", inverted, low == high ? String.valueOf(low) : low + ":" + high);
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    int at = evaluation.transport;
    int length = packet.has(at, Tcp.MIN_LENGTH) ? (packet.u8(at + Tcp.DATA_OFFSET) >> 4) * 4 : 0;
    if (length < Tcp.MIN_LENGTH || !packet.has(at, length)) {
      evaluation.hotDrop = true;
      return false;
    }
    int end = at + length;
    for (int i = at + Tcp.MIN_LENGTH; i < end; i = TcpOptions.next(packet, i, end)) {
      if (end - i >= OPTION_LENGTH
          && packet.u8(i) == Tcp.OPTION_MSS
          && packet.u8(i + 1) == OPTION_LENGTH) {
        int mss = packet.u16(i + 2);
        return (mss >= low && mss <= high) != inverted;
      }
    }
    return inverted;
  }
}
