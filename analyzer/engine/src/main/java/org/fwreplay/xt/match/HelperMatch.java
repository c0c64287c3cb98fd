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

/**
 * {@code -m helper}: tests which helper expected the connection. xt_helper, libxt_helper.
 *
 * @param helper its name, or one that begins with it; empty for any
 */
public record HelperMatch(String helper, boolean inverted) implements StatelessMatch {
  private static final int MAX_NAME = 29;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "helper";
    }

    @Override
    public String summary() {
      return "tests which helper expected the connection";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("helper", "name").withInversion().required());
    }

    @Override
    public HelperMatch parse(Arguments arguments) {
      Argument helper = arguments.get("helper");
      String name = helper.text().substring(0, Math.min(helper.text().length(), MAX_NAME));
      return new HelperMatch(name, helper.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    Connection connection = Connection.of(packet);
    boolean expected =
        connection != null && connection.master != null && connection.master.helper != null;
    return expected ? "helper " + connection.master.helper : "no helper that expected it";
  }

  @Override
  public void save(RuleWriter out) {
    out.quoted("helper", inverted, helper);
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    Connection connection = Connection.of(packet);
    if (connection == null || connection.master == null || connection.master.helper == null) {
      return inverted;
    }
    return (helper.isEmpty() || helper.startsWith(connection.master.helper)) != inverted;
  }
}
