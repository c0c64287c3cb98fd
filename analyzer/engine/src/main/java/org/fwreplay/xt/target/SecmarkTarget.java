package org.fwreplay.xt.target;

import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j SECMARK}: gives the packet an SELinux context. Only Linux security modules look at it;
 * whether the host's policy knows the context is not checked. xt_SECMARK, libxt_SECMARK.
 */
public record SecmarkTarget(String context) implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "SECMARK";
    }

    @Override
    public String summary() {
      return "gives the packet an SELinux security context";
    }

    @Override
    public Set<String> tables() {
      return Set.of("mangle", "security");
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("selctx", "context").required());
    }

    /** {@code SECMARK_SECCTX_MAX} less the zero at its end. */
    private static final int MAX_LENGTH = 255;

    @Override
    public SecmarkTarget parse(Arguments arguments) {
      Argument context = arguments.get("selctx");
      if (context.text().isEmpty()) {
        throw context.fail("--selctx: the context is empty");
      }
      String text = context.text();
      return new SecmarkTarget(text.substring(0, Math.min(text.length(), MAX_LENGTH)));
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("selctx", context);
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    return Verdict.CONTINUE;
  }
}
