package org.fwreplay.rule;

/**
 * The form of a row of bits in an index, most of whose words are zero: a sum, with a bit for each
 * word that is not, and behind it those words. Rows of 10,000 rules take some bytes so, and stay in
 * the processor's cache.
 */
final class PackedRow {
  private PackedRow() {}

  /**
   * Where a row has a word.
   *
   * @param sums how many words of the sum lead it
   * @param w number of a word that is not zero
   */
  static int at(long[] row, int sums, int w) {
    int at = sums + Long.bitCount(row[w >> 6] & (1L << w) - 1);
    for (int s = 0; s < w >> 6; s++) {
      at += Long.bitCount(row[s]);
    }
    return at;
  }

  /** A row that changes bit by bit. */
  static final class Draft {
    private final long[] words;
    private final long[] sum;
    private int count;
    private long fingerprint;

    /** A row of so many zeros. */
    Draft(int bits) {
      words = new long[bits + 63 >> 6];
      sum = new long[words.length + 63 >> 6];
    }

    /** Follows the bits that are set, and tells most sets of them apart. */
    long fingerprint() {
      return fingerprint;
    }

    void flip(int bit) {
      int w = bit >> 6;
      boolean was = words[w] != 0;
      words[w] ^= 1L << bit;
      if (was != (words[w] != 0)) {
        sum[w >> 6] ^= 1L << w;
        count += was ? -1 : 1;
      }
      long h = (bit + 1) * 0x9e3779b97f4a7c15L;
      h = (h ^ h >>> 32) * 0xbf58476d1ce4e5b9L;
      fingerprint ^= h ^ h >>> 29;
    }

    long[] pack() {
      long[] row = new long[sum.length + count];
      System.arraycopy(sum, 0, row, 0, sum.length);
      int at = sum.length;
      for (int s = 0; s < sum.length; s++) {
        for (long left = sum[s]; left != 0; left &= left - 1) {
          row[at++] = words[(s << 6) + Long.numberOfTrailingZeros(left)];
        }
      }
      return row;
    }
  }
}
