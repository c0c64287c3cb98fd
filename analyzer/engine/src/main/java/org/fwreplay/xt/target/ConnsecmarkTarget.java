package org.fwreplay.xt.target;

import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j CONNSECMARK}: copies the security mark between packet and connection. Only Linux
 * security modules look at it. xt_CONNSECMARK, libxt_CONNSECMARK.
 *
 * @param save whether from the packet to the connection; else the other way
 */
public record ConnsecmarkTarget(boolean save) implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "CONNSECMARK";
    }

    @Override
    public String summary() {
      return "copies the security mark between packet and connection";
    }

    @Override
    public Set<String> tables() {
      return Set.of("mangle", "security");
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.flag("save").excluding("direction"),
          Option.flag("restore").excluding("direction"));
    }

    @Override
    public ConnsecmarkTarget parse(Arguments arguments) {
      if (arguments.all().isEmpty()) {
        throw arguments.fail("CONNSECMARK: --save or --restore is required");
      }
      return new ConnsecmarkTarget(arguments.has("save"));
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.flag(save ? "save" : "restore");
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    return Verdict.CONTINUE;
  }
}
