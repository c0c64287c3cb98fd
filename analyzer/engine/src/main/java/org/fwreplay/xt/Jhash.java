package org.fwreplay.xt;

/** Bob Jenkins' hash as Linux has it (linux/jhash.h), for targets and matches that spread flows. */
public final class Jhash {
  private static final int INITIAL = 0xdeadbeef;
  private static final int THREE_WORDS = 3 << 2;

  private Jhash() {}

  /** {@code jhash_3words}. */
  public static int threeWords(int first, int second, int third, int seed) {
    int start = seed + INITIAL + THREE_WORDS;
    int a = first + start;
    int b = second + start;
    int c = third + start;
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }

  /** {@code reciprocal_scale}: brings a hash into {@code [0, count)}, count unsigned. */
  public static int scale(int hash, int count) {
    return (int) ((hash & 0xffffffffL) * (count & 0xffffffffL) >>> 32);
  }
}
