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

/**
 * {@code -m state}: {@code -m conntrack --ctstate} by its old name. xt_conntrack, libxt_conntrack.
 *
 * @param states bits of {@link CtState}
 */
public record StateMatch(int states, boolean inverted) implements StatelessMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "state";
    }

    @Override
    public String summary() {
      return "tests the state of the connection";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("state", "state[,state...]").withInversion().required());
    }

    @Override
    public StateMatch parse(Arguments arguments) {
      Argument state = arguments.get("state");
      return new StateMatch(CtState.parse(state, false), state.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.state(packet);
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    out.option("state", inverted, CtState.text(states));
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return (CtState.of(packet) & states) != 0 != inverted;
  }
}
