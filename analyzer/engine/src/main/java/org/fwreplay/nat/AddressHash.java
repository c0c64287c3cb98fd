package org.fwreplay.nat;

import org.fwreplay.conntrack.Tuple;

/** Spreads connections over a range of addresses as {@code find_best_ips_proto} does. */
final class AddressHash {
  private static final int JHASH_INITVAL = 0xdeadbeef;

  private AddressHash() {}

  /** The chosen address as 32-bit words, most significant first; one word for IPv4. */
  static int[] choose(Tuple t, NatRange r, boolean persistent, int zone, boolean six) {
    int[] source = words(t.sourceHi, t.sourceLo, six);
    int[] destination = words(t.destinationHi, t.destinationLo, six);
    int[] low = words(r.minHi(), r.minLo(), six);
    int[] high = words(r.maxHi(), r.maxLo(), six);
    int last = six ? 3 : 0;
    int hash = jhash2(source, persistent ? 0 : Integer.reverseBytes(destination[last]) ^ zone);
    int[] result = new int[last + 1];
    boolean full = false;
    for (int i = 0; i <= last; i++) {
      int from = full ? 0 : low[i];
      int distance = full ? -1 : high[i] - low[i] + 1;
      result[i] = from + scale(hash, distance);
      full |= result[i] != high[i];
      if (!persistent) {
        hash ^= Integer.reverseBytes(destination[i]);
      }
    }
    return result;
  }

  private static int[] words(long hi, long lo, boolean six) {
    return six
        ? new int[] {(int) (hi >>> 32), (int) hi, (int) (lo >>> 32), (int) lo}
        : new int[] {(int) lo};
  }

  private static int scale(int value, int range) {
    return (int) ((value & 0xffffffffL) * (range & 0xffffffffL) >>> 32);
  }

  /**
   * Jenkins' hash over the 16 bytes of {@code union nf_inet_addr}, little-endian words as on the
   * machines that Linux mostly runs on.
   */
  private static int jhash2(int[] words, int seed) {
    int a = JHASH_INITVAL + (4 << 2) + seed;
    int b = a;
    int c = a;
    a += Integer.reverseBytes(words[0]);
    b += words.length > 1 ? Integer.reverseBytes(words[1]) : 0;
    c += words.length > 2 ? Integer.reverseBytes(words[2]) : 0;
    a -= c;
    a ^= Integer.rotateLeft(c, 4);
    c += b;
    b -= a;
    b ^= Integer.rotateLeft(a, 6);
    a += c;
    c -= b;
    c ^= Integer.rotateLeft(b, 8);
    b += a;
    a -= c;
    a ^= Integer.rotateLeft(c, 16);
    c += b;
    b -= a;
    b ^= Integer.rotateLeft(a, 19);
    a += c;
    c -= b;
    c ^= Integer.rotateLeft(b, 4);
    b += a;
    a += words.length > 3 ? Integer.reverseBytes(words[3]) : 0;
    c ^= b;
    c -= Integer.rotateLeft(b, 14);
    a ^= c;
    a -= Integer.rotateLeft(c, 11);
    b ^= a;
    b -= Integer.rotateLeft(a, 25);
    c ^= b;
    c -= Integer.rotateLeft(b, 16);
    a ^= c;
    a -= Integer.rotateLeft(c, 4);
    b ^= a;
    b -= Integer.rotateLeft(a, 14);
    c ^= b;
    c -= Integer.rotateLeft(b, 24);
    return c;
  }
}
