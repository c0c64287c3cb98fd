package org.fwreplay.xt;

import org.fwreplay.packet.Packet;

/** A target bound to a run: acts on each packet that reaches it. */
@FunctionalInterface
public interface Action {
  /** Acts and answers with a {@link Verdict}. */
  int apply(Packet packet, Evaluation evaluation);
}
