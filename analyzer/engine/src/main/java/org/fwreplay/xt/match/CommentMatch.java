package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PortConstraint;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;
import org.fwreplay.xt.Validity;

/** {@code -m comment}: a remark; every packet matches. xt_comment, libxt_comment. */
public record CommentMatch(String comment) implements StatelessMatch, PortConstraint {
  /** What the kernel keeps of a comment, in chars. */
  private static final int MAX_LENGTH = 255;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "comment";
    }

    @Override
    public String summary() {
      return "attaches a comment to a rule";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("comment", "text").required());
    }

    @Override
    public CommentMatch parse(Arguments arguments) {
      String text = arguments.get("comment").text();
      return new CommentMatch(text.substring(0, Math.min(text.length(), MAX_LENGTH)));
    }
  }

  @Override
  public int[] sourcePorts() {
    return ANY;
  }

  @Override
  public int[] destinationPorts() {
    return ANY;
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    out.quoted("comment", false, comment);
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return true;
  }
}
