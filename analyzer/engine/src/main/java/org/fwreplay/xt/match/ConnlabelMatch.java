package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.ConnectionExtension;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m connlabel}: tests, or sets, one of a connection's 128 labels. xt_connlabel,
 * libxt_connlabel.
 *
 * @param bit the label's number
 * @param set whether the label is set where it is not
 */
public record ConnlabelMatch(int bit, boolean set, boolean inverted) implements StatelessMatch {
  private static final int LABELS = 128;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "connlabel";
    }

    @Override
    public String summary() {
      return "tests a label of the connection";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("label", "number").withInversion().required(), Option.flag("set"));
    }

    @Override
    public ConnlabelMatch parse(Arguments arguments) {
      Argument label = arguments.get("label");
      String text = label.text();
      if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
        throw label.fail(
            "--label: \""
                + text
                + "\" is not a number; names are those of the firewall's own connlabel.conf");
      }
      int bit = (int) label.unsigned(0, LABELS - 1);
      return new ConnlabelMatch(bit, arguments.has("set"), label.inverted());
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("label", inverted, "\"" + bit + "\"");
    if (set) {
      out.flag("set");
    }
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    Connection connection = Connection.of(packet);
    if (connection == null) {
      return inverted;
    }
    long label = 1L << bit;
    ConnectionExtension known = connection.extension();
    boolean has = ((bit < 64 ? known.labelsLo : known.labelsHi) & label) != 0;
    if (!has && set) {
      if (bit < 64) {
        connection.extend().labelsLo |= label;
      } else {
        connection.extend().labelsHi |= label;
      }
    }
    return (has || set) != inverted;
  }
}
