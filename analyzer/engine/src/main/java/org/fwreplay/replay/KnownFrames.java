package org.fwreplay.replay;

import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Packet;

/** Which frames belong to a connection that there is, or to one that is expected. */
final class KnownFrames {
  private final FrameReader frames;
  private final Conntrack conntrack;
  private final Packet packet = new Packet();
  private final FrameTuples tuples = new FrameTuples();
  private final Tuple tuple = new Tuple();

  /**
   * Looks into a table.
   *
   * @param frames a reader of its own
   */
  KnownFrames(FrameReader frames, Conntrack conntrack) {
    this.frames = frames;
    this.conntrack = conntrack;
  }

  /** Whether a frame that has not come yet does. */
  boolean contains(CaptureRecord record) {
    return frames.read(record, 0, packet)
        && tuples.read(packet, tuple) != null
        && (conntrack.find(tuple) != null || conntrack.expectations().find(tuple) != null);
  }
}
