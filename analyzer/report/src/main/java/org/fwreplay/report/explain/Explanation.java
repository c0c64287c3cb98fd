package org.fwreplay.report.explain;

import java.util.ArrayList;
import java.util.List;

/** What happened to a frame, and to what the host made because of it. */
public final class Explanation {
  final long frame;
  final long timeNs;
  final int bytes;
  final List<Way> ways = new ArrayList<>();

  /** What the kernel would log were the frame traced, a line a rule. */
  final List<String> trace = new ArrayList<>();

  Explanation(long frame, long timeNs, int bytes) {
    this.frame = frame;
    this.timeNs = timeNs;
    this.bytes = bytes;
  }

  /** The ways, the frame's own first. */
  public List<Way> ways() {
    return ways;
  }

  /** What the kernel would log were the frame traced, a line a rule. */
  public List<String> trace() {
    return trace;
  }
}
