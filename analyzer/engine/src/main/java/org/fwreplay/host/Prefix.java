package org.fwreplay.host;

/**
 * A network prefix; the bits beyond {@code length} are zero.
 *
 * @param six whether it is IPv6
 * @param hi upper half of the address (IPv6), else 0
 * @param lo lower half of the address; an IPv4 address in its low 32 bits
 * @param length prefix length, 0 to 32 or 128
 */
public record Prefix(boolean six, long hi, long lo, int length) {
  public Prefix {
    if (length < 0 || length > (six ? 128 : 32)) {
      throw new IllegalArgumentException("prefix length " + length + " is out of range");
    }
    if (six) {
      hi &= Addresses.maskHi(length);
      lo &= Addresses.maskLo(length);
    } else {
      lo &= mask4(length);
    }
  }

  private static long mask4(int length) {
    return length == 0 ? 0 : 0xffffffffL << (32 - length) & 0xffffffffL;
  }

  /** As a record's own, which is put together at run time: that takes longer than all else here. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Prefix p
        && six == p.six
        && hi == p.hi
        && lo == p.lo
        && length == p.length;
  }

  @Override
  public int hashCode() {
    return (Long.hashCode(hi) * 31 + Long.hashCode(lo)) * 31 + length;
  }

  /** The whole address space of a family. */
  public static Prefix any(boolean six) {
    return new Prefix(six, 0, 0, 0);
  }

  /** Whether an address of the same family lies within. */
  public boolean contains(long addressHi, long addressLo) {
    return six
        ? ((addressHi ^ hi) & Addresses.maskHi(length)) == 0
            && ((addressLo ^ lo) & Addresses.maskLo(length)) == 0
        : ((addressLo ^ lo) & mask4(length)) == 0;
  }

  /**
   * Reads {@code address} or {@code address/length}.
   *
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    boolean six = address.indexOf(':') >= 0;
    int length = six ? 128 : 32;
    if (slash >= 0) {
      try {
        length = Integer.parseInt(text.substring(slash + 1));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + text + "' has no number as prefix length", e);
      }
    }
    if (!six) {
      return new Prefix(false, 0, AddressParser.parse4(address), length);
    }
    long[] both = AddressParser.parse6(address);
    return new Prefix(true, both[0], both[1], length);
  }

  @Override
  public String toString() {
    return Addresses.format(six, hi, lo) + "/" + length;
  }
}
