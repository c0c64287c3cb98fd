package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;
import org.fwreplay.xt.Validity;

/** {@code -m connmark}: tests the connection's mark. xt_connmark, libxt_connmark. */
public record ConnmarkMatch(int value, int mask, boolean inverted) implements StatelessMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "connmark";
    }

    @Override
    public String summary() {
      return "tests the mark of the connection";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("mark", "value[/mask]").withInversion().required());
    }

    @Override
    public ConnmarkMatch parse(Arguments arguments) {
      Argument mark = arguments.get("mark");
      Argument.Masked m = mark.masked32();
      return new ConnmarkMatch(m.value(), m.mask(), mark.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.connectionMark(packet);
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
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    Connection connection = Connection.of(packet);
    return connection != null && (connection.mark & mask) == value != inverted;
  }
}
