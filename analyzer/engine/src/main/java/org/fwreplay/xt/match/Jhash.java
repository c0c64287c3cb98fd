package org.fwreplay.xt.match;

/** Bob Jenkins' hash lookup3 as Linux has it, for one word: {@code linux/jhash.h}. */
final class Jhash {
  private static final int INITIAL = 0xdeadbeef;

  private Jhash() {}

  /** {@code jhash_1word}. */
  static int word(int word, int seed) {
    int start = INITIAL + 4 + seed;
    return end(start + word, start, start);
  }

  private static int end(int x, int y, int z) {
    int a = x;
    int b = y;
    int c = (z ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }
}
