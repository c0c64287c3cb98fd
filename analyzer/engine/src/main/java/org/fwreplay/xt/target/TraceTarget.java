package org.fwreplay.xt.target;

import java.util.Set;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j TRACE}: has every rule logged that the packet hits from here on. xt_TRACE, libxt_TRACE.
 */
public record TraceTarget() implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "TRACE";
    }

    @Override
    public String summary() {
      return "logs every rule that the packet hits from here on";
    }

    @Override
    public Set<String> tables() {
      return Set.of("raw");
    }

    @Override
    public TraceTarget parse(Arguments arguments) {
      return new TraceTarget();
    }
  }

  @Override
  public void save(RuleWriter out) {}

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    packet.traced = true;
    return Verdict.CONTINUE;
  }
}
