package org.fwreplay.host;

import java.util.Arrays;
import java.util.stream.LongStream;

/** IPv4's address space cut into ranges, to find the one that an address lies in. */
public final class Ipv4Ranges {
  /** From so many ranges on, a table by the upper 16 bits says where to search. */
  private static final int LARGE = 64;

  /** First address of each range, ascending as unsigned numbers; the sign bit is turned over. */
  private final int[] bounds;

  private final int[] starts;

  /**
   * Cuts the address space.
   *
   * @param first the first address of each range, ascending; the first of all is 0
   */
  public Ipv4Ranges(long[] first) {
    bounds = new int[first.length];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = (int) first[i] ^ Integer.MIN_VALUE;
    }
    starts = bounds.length < LARGE ? null : startsOf(bounds);
  }

  private static int[] startsOf(int[] bounds) {
    int[] starts = new int[65_537];
    int at = 0;
    for (int high = 0; high <= 65_536; high++) {
      long first = ((long) high << 16) + Integer.MIN_VALUE;
      while (at < bounds.length && bounds[at] <= first) {
        at++;
      }
      starts[high] = at - 1;
    }
    return starts;
  }

  /** The number of the range that an address lies in, from 0. */
  public int indexOf(int address) {
    int value = address ^ Integer.MIN_VALUE;
    int low = 0;
    int high = bounds.length - 1;
    if (starts != null) {
      int upper = address >>> 16;
      low = starts[upper];
      high = starts[upper + 1];
    }
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (bounds[middle] <= value) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Collects where ranges begin, in any order. */
  static final class Cuts {
    private static final long END = 1L << 32;

    private long[] first = {0};
    private int count = 1;

    /** An address and a range from the one to the other, both included, is apart from others. */
    Cuts range(long from, long to) {
      cut(from);
      cut(to + 1);
      return this;
    }

    /** A prefix is apart from other addresses; one of IPv6 is left out. */
    Cuts prefix(Prefix prefix) {
      return prefix.six() ? this : range(prefix.lo(), prefix.lo() + (END >>> prefix.length()) - 1);
    }

    private void cut(long at) {
      if (at < END) {
        if (count == first.length) {
          first = Arrays.copyOf(first, 2 * count);
        }
        first[count++] = at;
      }
    }

    Ipv4Ranges ranges() {
      return new Ipv4Ranges(LongStream.of(first).limit(count).sorted().distinct().toArray());
    }
  }
}
