package org.fwreplay.replay;

import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Packet;

/** What connection tracking says of frames that have not come yet. */
final class TrackedFrames implements KnownFrames {
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
  TrackedFrames(FrameReader frames, Conntrack conntrack) {
    this.frames = frames;
    this.conntrack = conntrack;
  }

  @Override
  public boolean contains(CaptureRecord record) {
    return readTuple(record)
        && (conntrack.find(tuple) != null || conntrack.expectations().find(tuple) != null);
  }

  @Override
  public void shift(CaptureRecord record, FrameSummary segment) {
    if (!conntrack.shiftsSequences() || !readTuple(record)) {
      return;
    }
    Tuple found = conntrack.find(tuple);
    if (found != null) {
      int way = found.direction();
      segment.shift(
          Conntrack.sequenceOffset(found.connection(), way, segment.sequence),
          Conntrack.acknowledgmentOffset(found.connection(), way, segment.acknowledgment));
    }
  }

  @Override
  public boolean isBeyondWindow(CaptureRecord record, FrameSummary segment) {
    Tuple found = readTuple(record) ? conntrack.find(tuple) : null;
    return found != null && !found.connection().tcp.takes(found.direction(), segment.sequence);
  }

  private boolean readTuple(CaptureRecord record) {
    return frames.read(record, 0, packet) && tuples.read(packet, tuple) != null;
  }
}
