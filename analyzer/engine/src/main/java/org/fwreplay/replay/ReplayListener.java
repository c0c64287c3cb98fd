package org.fwreplay.replay;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.ConntrackListener;
import org.fwreplay.hook.Fate;
import org.fwreplay.hook.PathListener;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;

/**
 * Is told all that happens in a run, in order. Packets and connections handed over are valid during
 * the call only.
 */
public interface ReplayListener extends PathListener, ConntrackListener {
  /** The next frame starts; what follows up to the next call is because of it. */
  default void frame(Packet packet) {}

  /**
   * The frame is an IP packet, of which no header was looked at yet; behind {@link #frame}.
   *
   * @param local whether the host itself sends it
   */
  default void arrived(Packet packet, boolean local) {}

  @Override
  default void ended(Packet packet, Fate fate, Hook hook, int rule) {}

  /** A rule, or a chain's end, was hit by the packet under way; see BoundRuleset's places. */
  default void hit(boolean ipv6, int place) {}

  /** The packet under way hit the same places as others of its flow before, in their order. */
  default void hit(boolean ipv6, int[] places) {
    for (int place : places) {
      hit(ipv6, place);
    }
  }

  @Override
  default void left(Packet packet) {}

  @Override
  default void logged(Packet packet, Evaluation evaluation, LogRequest request) {}

  @Override
  default void created(Connection connection) {}

  @Override
  default void updated(Connection connection) {}

  @Override
  default void destroyed(Connection connection) {}

  /** Whether {@link #left} is wanted: the frames that leave are made only then. */
  default boolean wantsFrames() {
    return false;
  }

  /** Whether {@link #hit} is wanted: told for every rule that a packet hits. */
  default boolean wantsHits() {
    return false;
  }
}
