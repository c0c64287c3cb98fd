package org.fwreplay.diff;

import org.fwreplay.packet.Packet;
import org.fwreplay.replay.ReplayListener;
import org.fwreplay.replay.ReplayRun;

/**
 * Keeps frames out of a run that would never have been sent, because what they answer or follow was
 * lost.
 */
public final class Causality {
  private Causality() {}

  /** Keeps them out of a run that has not started. */
  public static void keep(ReplayRun run) {
    Conversations conversations = new Conversations(1);
    SideRun[] side = new SideRun[1];
    run.listen(
        new ReplayListener() {
          @Override
          public void frame(Packet p) {
            side[0].settle(); // what became of the frame before
          }
        });
    side[0] = new SideRun(run, 0, conversations, null, true);
  }
}
