package org.fwreplay.packet;

/** The Internet checksum (RFC 1071) and its incremental update (RFC 1624). */
public final class Checksums {
  private Checksums() {}

  /** The one's complement sum, not yet folded, of {@code length} bytes from {@code at}. */
  public static long sum(byte[] b, int at, int length, long start) {
    long sum = start;
    long low = 0; // summed apart, so that the two do not wait for each other
    int i = at;
    int end = at + length;
    for (; i + 16 <= end; i += 16) {
      long first = Bytes.i64(b, i);
      long second = Bytes.i64(b, i + 8);
      sum += (first >>> 32) + (second >>> 32);
      low += (first & 0xffffffffL) + (second & 0xffffffffL);
    }
    sum += low;
    if (i + 8 <= end) {
      long word = Bytes.i64(b, i);
      sum += (word >>> 32) + (word & 0xffffffffL);
      i += 8;
    }
    if (i + 4 <= end) {
      sum += Bytes.u32(b, i);
      i += 4;
    }
    if (i + 2 <= end) {
      sum += Bytes.u16(b, i);
      i += 2;
    }
    if (i < end) {
      sum += (b[i] & 0xffL) << 8;
    }
    return sum;
  }

  /** Folds a sum to 16 bits; not complemented. */
  public static int fold(long sum) {
    long s = (sum >>> 32) + (sum & 0xffffffffL);
    s = (s >>> 32) + (s & 0xffffffffL);
    s = (s >>> 16) + (s & 0xffff);
    s = (s >>> 16) + (s & 0xffff);
    return (int) ((s >>> 16) + (s & 0xffff));
  }

  /** The checksum to put into a header whose checksum field counted as zero. */
  public static int finish(long sum) {
    return ~fold(sum) & 0xffff;
  }

  /** The pseudo header's sum of a packet's transport segment of {@code length} bytes. */
  public static long pseudo(Packet p, int protocol, int length) {
    byte[] b = p.buffer;
    long sum =
        p.ipv6 ? sum(b, p.network + Ipv6.SOURCE, 32, 0) : sum(b, p.network + Ipv4.SOURCE, 8, 0);
    return sum + protocol + length;
  }

  /** RFC 1624 eqn. 3: the checksum after a 16-bit word changed. */
  public static int update16(int checksum, int before, int after) {
    return finish((~checksum & 0xffffL) + (~before & 0xffffL) + (after & 0xffffL)) & 0xffff;
  }

  /** The checksum after a 32-bit word changed. */
  public static int update32(int checksum, int before, int after) {
    long sum = ~checksum & 0xffffL;
    sum += (~before >>> 16 & 0xffffL) + (~before & 0xffffL);
    sum += (after >>> 16 & 0xffffL) + (after & 0xffffL);
    return finish(sum);
  }

  /** Writes the IPv4 header checksum anew. */
  public static void ipv4Header(byte[] b, int network) {
    Bytes.put16(b, network + Ipv4.CHECKSUM, 0);
    int length = (b[network] & 15) * 4;
    Bytes.put16(b, network + Ipv4.CHECKSUM, finish(sum(b, network, length, 0)));
  }
}
