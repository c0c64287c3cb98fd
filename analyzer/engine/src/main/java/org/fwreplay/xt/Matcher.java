package org.fwreplay.xt;

import org.fwreplay.packet.Packet;

/** A match bound to a run: answers for each packet. */
@FunctionalInterface
public interface Matcher {
  /**
   * Whether the packet matches, inversion included. Sets {@link Evaluation#hotDrop} where the
   * kernel drops a packet that it cannot look into.
   */
  boolean matches(Packet packet, Evaluation evaluation);
}
