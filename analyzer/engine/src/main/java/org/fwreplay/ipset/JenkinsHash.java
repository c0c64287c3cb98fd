package org.fwreplay.ipset;

/**
 * Bob Jenkins' hash of 32-bit words (lookup3.c, public domain), as Linux uses it for sets: with the
 * {@code initval} of a saved set, elements lie in the same buckets as in the kernel.
 */
final class JenkinsHash {
  private static final int START = 0xdeadbeef;

  private JenkinsHash() {}

  static int of(int[] words, int length, int seed) {
    int a = START + (length << 2) + seed;
    int b = a;
    int c = a;
    int at = 0;
    int left = length;
    while (left > 3) {
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
      left -= 3;
      at += 3;
    }
    if (left == 0) {
      return c;
    }
    c += left > 2 ? words[at + 2] : 0;
    b += left > 1 ? words[at + 1] : 0;
    a += words[at];
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }
}
