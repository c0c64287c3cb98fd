package org.fwreplay.report.explain;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.hook.Fate;

/** One packet's way: that of the frame, or of an answer that the host made because of it. */
public final class Way {
  /** Whether it is the frame's own packet. */
  final boolean isFrame;

  /** The packet in words as it came. */
  final String packet;

  final String in;
  final List<Step> steps = new ArrayList<>();

  /** Null where it did not end while the frame was looked at. */
  Fate fate;

  /** Hook and rule that ended it, or empty. */
  String hook = "";

  String rule = "";

  Way(boolean isFrame, String packet, String in) {
    this.isFrame = isFrame;
    this.packet = packet;
    this.in = in;
  }

  /** What became of it. */
  public Fate fate() {
    return fate;
  }

  /** What happened, in order. */
  public List<Step> steps() {
    return steps;
  }
}
