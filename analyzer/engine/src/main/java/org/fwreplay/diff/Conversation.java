package org.fwreplay.diff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;

/**
 * Frames of the captures that belong together, whatever a ruleset makes of them: both directions of
 * a connection, by the addresses they have as they come in.
 */
public final class Conversation {
  private static final int MOST_PARTED = 1_000;

  /** Number in the reading, from 0, in the order of the first frames. */
  final int id;

  final Tuple original = new Tuple();
  final String in;
  final long firstFrame;
  final long firstNs;

  /** The conversation whose helper expected this one, or null. */
  Conversation master;

  long lastNs;
  long frames;
  long bytes;

  /** Whether the first frame asks to open a TCP connection. */
  final boolean handshake;

  /** Whether the captures hold the answer to it. */
  boolean answered;

  /** Whether a TCP connection was closed. */
  boolean closed;

  /** By run. */
  final Side[] sides;

  /** What one run makes of it. */
  static final class Side {
    /** Whether a frame of the opener's direction passed; of the answerer's. */
    boolean opened;

    boolean answerPassed;
    long passed;
    long blocked;
    long unsent;
    long fates;
    long whole;
    long rules;

    /** What answers look like to a run that tracks it, or null. */
    Tuple answers;
  }

  /** What differs first in the gravest way, and in any way; null and -1 for nothing. */
  Change change;

  long frame = -1;
  FrameOutcome old;
  FrameOutcome now;
  long partedAt = -1;
  long framesDiffering;

  /** The frames that go another way, the first of them. */
  private final List<Long> parted = new ArrayList<>();

  Conversation(int id, Tuple tuple, String in, Packet first, boolean handshake, int runs) {
    this.id = id;
    this.in = in;
    this.handshake = handshake;
    original.set(tuple);
    firstFrame = first.frame;
    firstNs = first.timeNs;
    sides = new Side[runs];
    for (int i = 0; i < runs; i++) {
      sides[i] = new Side();
    }
  }

  /** Addresses and ports of the first frame as it came in. */
  public Tuple original() {
    return original;
  }

  /** The interface by which it came in, empty for the host itself. */
  public String in() {
    return in;
  }

  /** The first frame, and its time in ns since the epoch. */
  public long firstFrame() {
    return firstFrame;
  }

  public long firstNs() {
    return firstNs;
  }

  /** Frames and bytes of it in the captures. */
  public long frames() {
    return frames;
  }

  public long bytes() {
    return bytes;
  }

  /** What differs; null for nothing. */
  public Change change() {
    return change;
  }

  /** The frame that shows it. */
  public long frame() {
    return frame;
  }

  /** What became of that frame under the old ruleset. */
  public FrameOutcome old() {
    return old;
  }

  /** What became of it under the new one. */
  public FrameOutcome now() {
    return now;
  }

  /** The first frame at which anything differs, and how many do. */
  public long partedAt() {
    return partedAt;
  }

  public long framesDiffering() {
    return framesDiffering;
  }

  /**
   * The frames after which something else is sent or delivered, at most 1,000 of them: another
   * fate, way, translation, header or answer.
   */
  public List<Long> parted() {
    return Collections.unmodifiableList(parted);
  }

  /** How many frames would never have been sent under the new ruleset, or the old one. */
  public long unsent(boolean underNew) {
    return sides[underNew ? 1 : 0].unsent;
  }

  /** Takes note of one frame that all runs have had. */
  void compare(long frameNumber, FrameState before, FrameState after) {
    Change found = Change.between(before, after);
    if (found == null) {
      return;
    }
    framesDiffering++;
    partedAt = partedAt < 0 ? frameNumber : partedAt;
    if (before.leftHash() != after.leftHash() && parted.size() < MOST_PARTED) {
      parted.add(frameNumber);
    }
    if (change == null || found.compareTo(change) < 0) {
      change = found;
      frame = frameNumber;
      old = before.outcome();
      now = after.outcome();
    }
  }

  /** TCP flags of a frame; 0 for other protocols. */
  static int flags(Packet p, Tuple tuple) {
    boolean tcp =
        tuple.protocol == Protocols.TCP
            && p.fragmentOffset == 0
            && p.transport + Tcp.MIN_LENGTH <= p.end;
    return tcp ? p.u8(p.transport + Tcp.FLAGS) : 0;
  }

  static boolean isOpener(int flags) {
    return (flags & (Tcp.SYN | Tcp.ACK)) == Tcp.SYN;
  }

  static boolean isAnswer(int flags) {
    return (flags & (Tcp.SYN | Tcp.ACK)) == (Tcp.SYN | Tcp.ACK);
  }

  /**
   * Whether a frame would have been sent under the ruleset of a run: what answers something that
   * was lost would not, nor what follows a handshake that failed.
   */
  boolean wouldBeSent(int run, boolean reply, int flags) {
    Side side = sides[run];
    if (master != null && !master.wentWell(run)) {
      return false;
    }
    if (!handshake) {
      return !reply || side.opened;
    }
    if (isOpener(flags)) {
      return true;
    }
    return side.opened && (isAnswer(flags) || !answered || side.answerPassed);
  }

  private boolean wentWell(int run) {
    return sides[run].opened && sides[run].unsent == 0;
  }
}
