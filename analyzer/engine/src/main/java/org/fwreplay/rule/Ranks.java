package org.fwreplay.rule;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * The bounds of IPv6 prefixes by their rank among each other: small numbers in the order of the
 * addresses, for a {@link DimensionBuilder}.
 */
final class Ranks {
  private record Address(long hi, long lo) implements Comparable<Address> {
    Address next() {
      return lo != -1 ? new Address(hi, lo + 1) : new Address(hi + 1, 0);
    }

    @Override
    public int compareTo(Address o) {
      int order = Long.compareUnsigned(hi, o.hi);
      return order != 0 ? order : Long.compareUnsigned(lo, o.lo);
    }
  }

  private static final Address ZERO = new Address(0, 0);

  private final TreeSet<Address> all = new TreeSet<>();
  private Address[] sorted;

  /** Ranks with that of address 0, which is 0. */
  Ranks() {
    all.add(ZERO);
  }

  /** Adds a prefix: its first address, and the one behind it. */
  void add(AddressMatch match) {
    all.add(first(match));
    all.add(behind(match));
  }

  /** Gives all that were added their ranks. */
  void sort() {
    sorted = all.toArray(Address[]::new);
  }

  /** The greatest rank. */
  long last() {
    return sorted.length - 1;
  }

  /** The rank of a prefix's first address. */
  long low(AddressMatch match) {
    return Arrays.binarySearch(sorted, first(match));
  }

  /** The greatest rank inside a prefix. */
  long high(AddressMatch match) {
    Address behind = behind(match);
    return behind.equals(ZERO) ? last() : Arrays.binarySearch(sorted, behind) - 1;
  }

  /** The addresses of ranks. */
  void values(long[] ranks, long[] hi, long[] lo) {
    for (int i = 0; i < ranks.length; i++) {
      hi[i] = sorted[(int) ranks[i]].hi;
      lo[i] = sorted[(int) ranks[i]].lo;
    }
  }

  private static Address first(AddressMatch match) {
    return new Address(match.hi(), match.lo());
  }

  /** The address behind the last one; 0 where there is none. */
  private static Address behind(AddressMatch match) {
    return new Address(match.hi() | ~match.maskHi(), match.lo() | ~match.maskLo()).next();
  }
}
