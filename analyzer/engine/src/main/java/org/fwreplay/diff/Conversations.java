package org.fwreplay.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.conntrack.TupleReader;
import org.fwreplay.packet.FirstFragments;
import org.fwreplay.packet.Packet;
import org.fwreplay.replay.FrameTuples;

/** Puts the frames of the captures together into conversations. */
final class Conversations {
  /** How long a conversation may be silent until the same addresses and ports begin another. */
  private static final long IDLE_NS = 180_000_000_000L;

  private record Key(
      boolean ipv6, int protocol, long a, long b, long c, long d, int source, int destination) {
    static Key of(Tuple t) {
      return new Key(
          t.ipv6,
          t.protocol,
          t.sourceHi,
          t.sourceLo,
          t.destinationHi,
          t.destinationLo,
          t.sourcePort,
          t.destinationPort);
    }
  }

  private record Found(Conversation conversation, boolean reply) {}

  private final int runs;
  private final List<Conversation> all = new ArrayList<>();
  private final Map<Key, Found> byTuple = new HashMap<>();
  private final FirstFragments<Found> fragmented = new FirstFragments<>();
  private final FrameTuples tuples = new FrameTuples();
  private final Tuple tuple = new Tuple();
  private final Tuple inverse = new Tuple();
  private Found current;
  private int flags;
  private long number;
  private boolean laterFragment;

  Conversations(int runs) {
    this.runs = runs;
  }

  /** All, in the order of their first frames. */
  List<Conversation> all() {
    return all;
  }

  /** The next frame: finds or begins its conversation. */
  void frame(Packet frame, String in) {
    current = null;
    number = frame.frame;
    Packet p = tuples.read(frame, tuple);
    if (p == null) {
      return;
    }
    flags = Conversation.flags(p, tuple);
    laterFragment = p.fragmentOffset != 0;
    if (laterFragment) {
      current = fragmented.get(p);
    }
    if (current == null) {
      current = find(frame, in);
    }
    if (p.isFragment()) {
      fragmented.put(p, current);
    }
    Conversation c = current.conversation;
    c.frames++;
    c.bytes += p.length();
    c.lastNs = frame.timeNs;
    c.answered |= current.reply && Conversation.isAnswer(flags);
    c.closed |= (flags & 5) != 0; // FIN or RST
  }

  private Found find(Packet frame, String in) {
    Key key = Key.of(tuple);
    Found found = byTuple.get(key);
    boolean opener = Conversation.isOpener(flags);
    boolean over =
        found == null
            || frame.timeNs - found.conversation.lastNs > IDLE_NS
            || opener && found.conversation.closed;
    if (!over) {
      return found;
    }
    Conversation fresh = new Conversation(all.size(), tuple, in, frame, opener, runs);
    all.add(fresh);
    found = new Found(fresh, false);
    byTuple.put(key, found);
    if (TupleReader.invert(tuple, inverse)) {
      Key back = Key.of(inverse);
      if (!back.equals(key)) {
        byTuple.put(back, new Found(fresh, true));
      }
    }
    return found;
  }

  /** The frame's number. */
  long frame() {
    return number;
  }

  /** The frame's conversation; null where it is no IP packet. */
  Conversation current() {
    return current == null ? null : current.conversation;
  }

  /** Whether the frame goes the other way than the conversation's first. */
  boolean isReply() {
    return current.reply;
  }

  /** Its TCP flags. */
  int flags() {
    return flags;
  }

  /** Whether it is the tuple of the frame under way, which goes its conversation's first way. */
  boolean isOpener(Tuple original) {
    return current != null && !current.reply && original.sameKey(tuple);
  }

  /**
   * Whether the frame is what answers to its conversation look like.
   *
   * @param expected by a run that tracks the connection, or null
   */
  boolean answers(Tuple expected) {
    if (laterFragment) {
      return true;
    }
    if (expected != null) {
      return expected.sameKey(tuple);
    }
    return !TupleReader.invert(current.conversation.original, inverse) || inverse.sameKey(tuple);
  }

  /** A run tracks the frame's connection: this is what answers to it look like. */
  void answersWith(Tuple original, Tuple reply) {
    if (isOpener(original)) {
      byTuple.put(Key.of(reply), new Found(current.conversation, true));
    }
  }
}
