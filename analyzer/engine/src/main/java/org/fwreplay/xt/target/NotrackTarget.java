package org.fwreplay.xt.target;

import java.util.Set;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/** {@code -j NOTRACK}: keeps the packet from connection tracking. xt_CT, libxt_CT. */
public record NotrackTarget() implements StatelessTarget {

  /** The extension's parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "NOTRACK";
    }

    @Override
    public String summary() {
      return "keeps the packet from connection tracking";
    }

    @Override
    public Set<String> tables() {
      return Set.of("raw");
    }

    @Override
    public NotrackTarget parse(Arguments arguments) {
      return new NotrackTarget();
    }
  }

  @Override
  public void save(RuleWriter out) {}

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    return untrack(packet);
  }

  /** Whether the packet belongs to a connection or template already, or to none on purpose. */
  static boolean isTaken(Packet packet) {
    return packet.tracked != null || packet.trackInfo != 0;
  }

  /** Marks a packet that is not taken as one that is not to be tracked. */
  static int untrack(Packet packet) {
    if (!isTaken(packet)) {
      packet.trackInfo = CtInfo.UNTRACKED;
    }
    return Verdict.CONTINUE;
  }
}
