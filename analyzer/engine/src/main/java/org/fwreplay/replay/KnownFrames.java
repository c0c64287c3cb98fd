package org.fwreplay.replay;

import org.fwreplay.capture.CaptureRecord;

/** What is known of the connections of frames that have not come yet. */
interface KnownFrames {
  /** Whether a frame belongs to a connection that there is, or to one that is expected. */
  boolean contains(CaptureRecord record);

  /** Whether its connection's receiver has not said yet that it would take a TCP segment. */
  boolean isBeyondWindow(CaptureRecord record, FrameSummary segment);

  /** Says to a TCP segment by how much its numbers are shifted when it goes through. */
  void shift(CaptureRecord record, FrameSummary segment);
}
