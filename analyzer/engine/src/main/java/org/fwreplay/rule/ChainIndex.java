package org.fwreplay.rule;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;
import org.fwreplay.xt.Evaluation;

/**
 * Finds the rules of a long chain that a packet can match, in their order, without looking at the
 * others: the bit-vector scheme of Lakshman and Stiliadis, with a summary as in Baboescu and
 * Varghese's. Each {@link Dimension} gives a row of bits; the rules in question are those whose bit
 * is set in all. Whether they match is still asked of the rules themselves, so that an index that
 * says too much costs time, and nothing else.
 */
final class ChainIndex {
  private final Dimension[] dimensions;
  private final long[][] rows;
  private final long[][] sums;
  private final int words;

  /** Rules a bit stands for, as a power of two. */
  private final int shift;

  /** Number of rules: where the chain's end lies. */
  private final int size;

  /** The walk for which the rows were chosen. */
  private long stamp = -1;

  ChainIndex(Dimension[] dimensions, int size, int shift) {
    this.dimensions = dimensions;
    this.size = size;
    this.shift = shift;
    words = dimensions[0].rows[0].length;
    rows = new long[dimensions.length][];
    sums = new long[dimensions.length][];
  }

  /**
   * Whether the index may be asked about a packet. It may not where a match drops packets that it
   * cannot look into: fragments, and packets cut inside their transport header.
   */
  static boolean serves(Packet p) {
    if (p.protocol < 0 || p.fragmentOffset != 0) {
      return false;
    }
    int needed =
        switch (p.protocol) {
          case Protocols.TCP -> Tcp.MIN_LENGTH;
          case Protocols.UDP -> Udp.LENGTH;
          default -> 4;
        };
    return p.transport + needed <= p.end;
  }

  /**
   * The first rule at or behind {@code from} that the packet can match, or the chain's end.
   *
   * @param walk a number that changes with each walk and whenever the packet was changed
   */
  int next(int from, Packet p, Evaluation e, long walk) {
    if (walk != stamp) {
      choose(p, e);
      stamp = walk;
    }
    if (from >= size) {
      return size;
    }
    int group = from >> shift;
    int w = group >> 6;
    long bits = word(w) & -1L << (group & 63);
    while (bits == 0) {
      w = nextWord(w + 1);
      if (w < 0) {
        return size;
      }
      bits = word(w);
    }
    int found = (w << 6) + Long.numberOfTrailingZeros(bits) << shift;
    return Math.min(Math.max(found, from), size);
  }

  private void choose(Packet p, Evaluation e) {
    for (int i = 0; i < dimensions.length; i++) {
      Dimension d = dimensions[i];
      int c = d.classOf(p, e);
      rows[i] = d.rows[c];
      sums[i] = d.sums[c];
    }
  }

  private long word(int w) {
    long bits = rows[0][w];
    for (int i = 1; i < rows.length; i++) {
      bits &= rows[i][w];
    }
    return bits;
  }

  /** The first word from {@code w} on that may be other than zero; -1 for none. */
  private int nextWord(int w) {
    if (w >= words) {
      return -1;
    }
    int s = w >> 6;
    long bits = sum(s) & -1L << (w & 63);
    while (bits == 0) {
      if (++s >= sums[0].length) {
        return -1;
      }
      bits = sum(s);
    }
    return (s << 6) + Long.numberOfTrailingZeros(bits);
  }

  private long sum(int s) {
    long bits = sums[0][s];
    for (int i = 1; i < sums.length; i++) {
      bits &= sums[i][s];
    }
    return bits;
  }
}
