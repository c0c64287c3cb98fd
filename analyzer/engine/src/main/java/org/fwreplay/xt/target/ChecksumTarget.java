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
 * {@code -j CHECKSUM}: fills in the checksum of a packet that hardware would have summed. What
 * arrives has its checksum, and what the host sends gets it before it is on the wire: nothing that
 * a capture shows changes. xt_CHECKSUM, libxt_CHECKSUM.
 */
public record ChecksumTarget() implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "CHECKSUM";
    }

    @Override
    public String summary() {
      return "fills in a checksum that was left to hardware";
    }

    @Override
    public Set<String> tables() {
      return Set.of("mangle");
    }

    @Override
    public List<Option> options() {
      return List.of(Option.flag("checksum-fill").required());
    }

    @Override
    public ChecksumTarget parse(Arguments arguments) {
      return new ChecksumTarget();
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.flag("checksum-fill");
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    return Verdict.CONTINUE;
  }
}
