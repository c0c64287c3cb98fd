package org.fwreplay.packet;

/**
 * Bob Jenkins' hash of 32-bit words (lookup3.c, public domain) as Linux has it in linux/jhash.h:
 * with the same seed, what the kernel spreads falls where it falls there.
 */
public final class Jhash {
  private static final int INITIAL = 0xdeadbeef;

  private Jhash() {}

  /** {@code jhash_1word}. */
  public static int word(int word, int seed) {
    int start = INITIAL + 4 + seed;
    return end(start + word, start, start);
  }

  /** {@code jhash_3words}. */
  public static int threeWords(int first, int second, int third, int seed) {
    int start = INITIAL + 12 + seed;
    return end(first + start, second + start, third + start);
  }

  /** {@code jhash2}: the first {@code length} of some words. */
  public static int words(int[] words, int length, int seed) {
    int a = INITIAL + (length << 2) + seed;
    int b = a;
    int c = a;
    int at = 0;
    for (; length - at > 3; at += 3) {
      a += words[at];
      b += words[at + 1];
      c += words[at + 2];
      a = a - c ^ Integer.rotateLeft(c, 4);
      c += b;
      b = b - a ^ Integer.rotateLeft(a, 6);
      a += c;
      c = c - b ^ Integer.rotateLeft(b, 8);
      b += a;
      a = a - c ^ Integer.rotateLeft(c, 16);
      c += b;
      b = b - a ^ Integer.rotateLeft(a, 19);
      a += c;
      c = c - b ^ Integer.rotateLeft(b, 4);
      b += a;
    }
    int left = length - at;
    if (left == 0) {
      return c;
    }
    c += left > 2 ? words[at + 2] : 0;
    b += left > 1 ? words[at + 1] : 0;
    return end(a + words[at], b, c);
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

  /** {@code reciprocal_scale}: brings a hash into {@code [0, count)}, count unsigned. */
  public static int scale(int hash, int count) {
    return (int) ((hash & 0xffffffffL) * (count & 0xffffffffL) >>> 32);
  }
}
