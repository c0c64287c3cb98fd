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

  /** Number of words of a row, and how many words of a sum lead it. */
  private final int words;

  private final int sums;

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
    int groups = size + (1 << shift) - 1 >> shift;
    words = groups + 63 >> 6;
    sums = words + 63 >> 6;
    rows = new long[dimensions.length][];
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
    long mask = -1L << (group & 63);
    for (int w = nextWord(group >> 6); w >= 0; w = nextWord(w + 1)) {
      long bits = word(w) & (w == group >> 6 ? mask : -1);
      if (bits != 0) {
        int found = (w << 6) + Long.numberOfTrailingZeros(bits) << shift;
        return Math.min(Math.max(found, from), size);
      }
    }
    return size;
  }

  private void choose(Packet p, Evaluation e) {
    for (int i = 0; i < dimensions.length; i++) {
      Dimension d = dimensions[i];
      rows[i] = d.rows[d.classOf(p, e)];
    }
  }

  /** A word that no row lacks. */
  private long word(int w) {
    long bits = -1;
    for (long[] row : rows) {
      bits &= row[PackedRow.at(row, sums, w)];
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
      if (++s >= sums) {
        return -1;
      }
      bits = sum(s);
    }
    return (s << 6) + Long.numberOfTrailingZeros(bits);
  }

  private long sum(int s) {
    long bits = -1;
    for (long[] row : rows) {
      bits &= row[s];
    }
    return bits;
  }
}
