package org.fwreplay.replay;

import java.util.List;
import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.LinkHeader;
import org.fwreplay.capture.MergeOrder;
import org.fwreplay.capture.Upcoming;

/**
 * The order of captures of several interfaces whose time stamps disagree, because they were taken
 * as the frames were read and not as they came, or on several machines: an answer does not come
 * before what it answers.
 *
 * <p>While times and answers agree the times decide. Once an answer was found before its question,
 * times that are close say nothing: then what belongs to a connection goes before what would begin
 * one, and the question of an unknown UDP flow before what its service says.
 */
final class AnswerOrder implements MergeOrder {
  private static final long WITHIN_NS = 5_000_000;

  /** The same for what is only likely. */
  private static final long LIKELY_WITHIN_NS = 2_000_000;

  /** How many records of a capture are looked through for what a frame answers. */
  private static final int DEPTH = 32;

  private static final int FLOWS = 1 << 12;

  private final KnownFrames known;
  private final LinkHeader link = new LinkHeader();
  private final FrameSummary frame = new FrameSummary();
  private final FrameSummary other = new FrameSummary();

  /** By a flow's hash: the flow, and how far its bytes have come; a newer flow takes the place. */
  private final long[] flows = new long[FLOWS];

  private final int[] ends = new int[FLOWS];

  /** Likewise, whether its SYN is all that came. */
  private final boolean[] opened = new boolean[FLOWS];

  private long moved;

  AnswerOrder(KnownFrames known) {
    this.known = known;
  }

  /** How many frames came in another order than their times say. */
  long moved() {
    return moved;
  }

  @Override
  public long withinNs() {
    return WITHIN_NS;
  }

  @Override
  public int first(List<Upcoming> near) {
    int first = firstThatDoesNotWait(near);
    if (moved == 0 && first == 0) {
      return 0;
    }
    int next = firstKnown(near, first);
    if (next > 0) {
      moved++;
    }
    return next;
  }

  private int firstThatDoesNotWait(List<Upcoming> near) {
    for (int i = 0; i < near.size(); i++) {
      if (!waits(near, i)) {
        return i;
      }
    }
    return 0;
  }

  private int firstKnown(List<Upcoming> near, int otherwise) {
    long limit = near.get(0).at(0).timeNs + LIKELY_WITHIN_NS;
    for (int i = 0; i < near.size() && near.get(i).at(0).timeNs <= limit; i++) {
      if (known.contains(near.get(i).at(0)) && !waits(near, i)) {
        return i;
      }
    }
    return otherwise;
  }

  private boolean waits(List<Upcoming> near, int at) {
    long limit = near.get(0).at(0).timeNs + WITHIN_NS;
    CaptureRecord record = near.get(at).at(0);
    read(record, frame);
    for (int i = 0; i < near.size(); i++) {
      if (i != at && isAhead(near.get(i), limit, record)) {
        return true;
      }
    }
    return false;
  }

  private void read(CaptureRecord record, FrameSummary into) {
    into.read(record, link);
    if (into.kind == FrameSummary.Kind.TCP) {
      known.shift(record, into);
    }
  }

  /** Whether what the frame answers is still to come from a capture. */
  private boolean isAhead(Upcoming capture, long limitNs, CaptureRecord waiting) {
    int depth = moved == 0 ? 1 : DEPTH;
    for (int n = 0; n < depth; n++) {
      CaptureRecord record = capture.at(n);
      if (record == null || record.timeNs > limitNs) {
        return false;
      }
      read(record, other);
      if (other.answers(frame)) {
        return false;
      }
      if (moved == 0 ? isCertain(waiting, record) : isLikely(waiting, record)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the frame answers the other beyond doubt, so that the times are wrong. */
  private boolean isCertain(CaptureRecord answer, CaptureRecord question) {
    return frame.kind == FrameSummary.Kind.TCP
        ? frame.answers(other)
            && frame.acknowledgesJust(other)
            && !isRepeated(other)
            && !(other.asks() && known.contains(answer))
        : frame.answers(other) || isReply(answer, question);
  }

  private boolean isLikely(CaptureRecord answer, CaptureRecord question) {
    return frame.answers(other) && !isRepeated(other)
        || frame.goesOnSince(other) && known.isBeyondWindow(answer, frame)
        || isFirstData(frame) && frame.goesOnAfter(other)
        || isReply(answer, question);
  }

  /** Whether a new UDP flow answers what is expected, or comes from a service as ports go. */
  private boolean isReply(CaptureRecord answer, CaptureRecord question) {
    return frame.isUdpOpposite(other)
        && Math.abs(other.timeNs - frame.timeNs) <= LIKELY_WITHIN_NS
        && !isOfTaken(other)
        && !known.contains(answer)
        && (known.contains(question) || moved > 0 && frame.sourcePort < frame.destinationPort);
  }

  /** TCP data that has come before. */
  private boolean isRepeated(FrameSummary segment) {
    return segment.kind == FrameSummary.Kind.TCP
        && isOfTaken(segment)
        && segment.sequence + segment.length - ends[slot(segment.flow())] <= 0;
  }

  /** What follows the SYN of its flow. */
  private boolean isFirstData(FrameSummary segment) {
    int slot = slot(segment.flow());
    return isOfTaken(segment) && opened[slot] && segment.sequence == ends[slot];
  }

  private boolean isOfTaken(FrameSummary summary) {
    long flow = summary.flow();
    return flows[slot(flow)] == flow;
  }

  private static int slot(long flow) {
    return (int) flow & FLOWS - 1;
  }

  @Override
  public void taken(CaptureRecord record) {
    frame.read(record, link);
    boolean data = frame.kind == FrameSummary.Kind.TCP && frame.length > 0 && !isRepeated(frame);
    if (data || frame.kind == FrameSummary.Kind.UDP) {
      long flow = frame.flow();
      int slot = slot(flow);
      flows[slot] = flow;
      ends[slot] = frame.sequence + frame.length;
      opened[slot] = frame.opens;
    }
  }
}
