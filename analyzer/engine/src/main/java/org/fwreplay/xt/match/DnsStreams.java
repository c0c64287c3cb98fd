package org.fwreplay.xt.match;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;

/**
 * Puts DNS messages together that travel over TCP, each behind its length (RFC 1035, section 4.2.2;
 * RFC 7766). A segment's answer does not change when it is sent again.
 */
final class DnsStreams {
  static final String SHARED = "dns streams";

  /** Streams that are remembered; the one that was silent longest goes first. */
  private static final int MAX_STREAMS = 4096;

  /** Two of the longest messages. */
  private static final int MAX_BYTES = 2 * (0xffff + 2);

  private record Ends(long sourceHi, long sourceLo, long hi, long lo, int sourcePort) {}

  private static final class Stream {
    /** Sequence number of the first byte of {@code data}, where a message begins. */
    int base;

    byte[] data = new byte[512];
    final BitSet present = new BitSet();
  }

  /** Is shown the messages. */
  @FunctionalInterface
  interface Messages {
    /** A message that is all there. */
    void message(byte[] b, int at, int length);
  }

  private final Map<Ends, Stream> streams =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Ends, Stream> eldest) {
          return size() > MAX_STREAMS;
        }
      };

  /**
   * Takes a segment and shows each message that it holds a part of and that is now complete. Where
   * the beginning of the connection was not seen, the first segment is taken to begin a message.
   */
  void segment(Packet p, Messages messages) {
    int payload = p.transport + (p.u8(p.transport + Tcp.DATA_OFFSET) >> 4) * 4;
    boolean syn = (p.u8(p.transport + Tcp.FLAGS) & Tcp.SYN) != 0;
    int length = p.end - payload;
    if (length <= 0 && !syn) {
      return;
    }
    Ends ends =
        new Ends(
            p.sourceHi(),
            p.sourceLo(),
            p.destinationHi(),
            p.destinationLo(),
            p.u16(p.transport + Tcp.SOURCE_PORT));
    int sequence = Bytes.i32(p.buffer, p.transport + Tcp.SEQUENCE) + (syn ? 1 : 0);
    Stream stream = streams.get(ends);
    if (stream == null || syn && stream.base != sequence) {
      stream = new Stream();
      stream.base = sequence;
      streams.put(ends, stream);
    }
    if (length > 0) {
      take(stream, sequence, p.buffer, payload, length, messages);
    }
  }

  private static void take(
      Stream s, int sequence, byte[] b, int payload, int length, Messages messages) {
    int skipped = Math.max(0, s.base - sequence);
    if (skipped >= length) {
      return;
    }
    int from = sequence + skipped - s.base;
    int to = from + length - skipped;
    if (to > MAX_BYTES) {
      int dropped = forget(s, to - MAX_BYTES);
      from -= dropped;
      to -= dropped;
    }
    if (from < 0 || to > MAX_BYTES) {
      return;
    }
    if (to > s.data.length) {
      s.data = java.util.Arrays.copyOf(s.data, Math.max(to, Math.min(MAX_BYTES, 2 * to)));
    }
    System.arraycopy(b, payload + skipped, s.data, from, to - from);
    s.present.set(from, to);
    show(s, from, to, messages);
  }

  private static void show(Stream s, int from, int to, Messages messages) {
    int there = s.present.nextClearBit(0);
    for (int at = 0; at < to && at + 2 <= there; ) {
      int length = Bytes.u16(s.data, at);
      int end = at + 2 + length;
      if (end > from && end <= there) {
        messages.message(s.data, at + 2, length);
      }
      at = end;
    }
  }

  /** Drops whole messages from the beginning, {@code count} bytes or some more if it can. */
  private static int forget(Stream s, int count) {
    int there = s.present.nextClearBit(0);
    int at = 0;
    while (at < count && at + 2 <= there && at + 2 + Bytes.u16(s.data, at) <= there) {
      at += 2 + Bytes.u16(s.data, at);
    }
    int last = s.present.length();
    System.arraycopy(s.data, at, s.data, 0, last - at);
    BitSet rest = s.present.get(at, last);
    s.present.clear();
    s.present.or(rest);
    s.base += at;
    return at;
  }
}
