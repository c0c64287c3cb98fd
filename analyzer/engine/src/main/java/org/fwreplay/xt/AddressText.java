package org.fwreplay.xt;

import org.fwreplay.packet.Family;

/**
 * Addresses and network masks as libxtables reads and writes them. An address is two longs as
 * everywhere: IPv4 in the low half.
 */
public final class AddressText {
  /** An address or mask. */
  public record Address(long hi, long lo) {
    /** All ones: the mask of a single host. */
    public static Address hostMask(Family family) {
      return family == Family.IPV6 ? new Address(-1, -1) : new Address(0, 0xffffffffL);
    }
  }

  private AddressText() {}

  /**
   * An address.
   *
   * @throws IllegalArgumentException where the text is none
   */
  public static Address parse(Family family, String text) {
    return family == Family.IPV6 ? parse6(text) : new Address(0, parse4(text));
  }

  /**
   * An address as {@code getaddrinfo} reads it where there is no network: {@code localhost} is
   * known, and a zone after {@code %} is dropped, since rules do not hold it.
   *
   * @throws IllegalArgumentException where the text is none
   */
  public static Address parseHost(Family family, String text) {
    if (family == Family.IPV4) {
      return parse(family, text.equalsIgnoreCase("localhost") ? "127.0.0.1" : text);
    }
    int zone = text.indexOf('%');
    return parse(family, zone < 0 ? text : text.substring(0, zone));
  }

  /**
   * A mask, as a prefix length (in decimal, {@code 0x} or {@code 0} octal notation) or in full. A
   * number above 32 is an IPv4 mask in full, too, of which only the end is told: {@code 255} is
   * 0.0.0.255.
   *
   * @throws IllegalArgumentException where the text is neither
   */
  public static Address parseMask(Family family, String text) {
    if (text.matches("[+]?(0[xX][0-9a-fA-F]{1,4}|0[0-7]{0,4}|[1-9][0-9]{0,3})")) {
      int length = Integer.decode(text);
      if (length <= 32 || family == Family.IPV6) {
        return prefix(family, length);
      }
    }
    return parse(family, text);
  }

  /** The mask of a prefix length. */
  public static Address prefix(Family family, int length) {
    int bits = family == Family.IPV6 ? 128 : 32;
    if (length > bits) {
      throw new IllegalArgumentException("prefix length " + length + " is more than " + bits);
    }
    if (family == Family.IPV4) {
      return new Address(0, 0xffffffffL << 32 - length & 0xffffffffL);
    }
    long hi = length == 0 ? 0 : -1L << Math.max(0, 64 - length);
    long lo = length <= 64 ? 0 : -1L << 128 - length;
    return new Address(hi, lo);
  }

  /** The usual text of an address, as {@code inet_ntop} writes it. */
  public static String format(Family family, long hi, long lo) {
    return org.fwreplay.packet.AddressText.of(family == Family.IPV6, hi, lo);
  }

  /**
   * What stands behind an address: nothing for a host mask, {@code /LENGTH}, or {@code /MASK} where
   * the mask is no prefix.
   */
  public static String formatMask(Family family, long hi, long lo) {
    int length = prefixLength(family, hi, lo);
    if (length < 0) {
      return "/" + format(family, hi, lo);
    }
    return length == (family == Family.IPV6 ? 128 : 32) ? "" : "/" + length;
  }

  /** The prefix length of a mask, or -1 where it is no prefix. */
  public static int prefixLength(Family family, long hi, long lo) {
    long high = family == Family.IPV6 ? hi : -1L;
    long low = family == Family.IPV6 ? lo : lo << 32;
    int ones = Long.numberOfLeadingZeros(~high);
    if (ones == 64) {
      ones += Long.numberOfLeadingZeros(~low);
    }
    int length = family == Family.IPV6 ? ones : ones - 64;
    Address same = prefix(family, length);
    return same.hi() == (family == Family.IPV6 ? hi : 0) && same.lo() == lo ? length : -1;
  }

  /** {@code inet_aton}: up to four numbers in C's notation, the last fills what is left. */
  private static long parse4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length > 4) {
      throw bad(text);
    }
    long value = 0;
    for (int i = 0; i < parts.length - 1; i++) {
      value = value << 8 | number(parts[i], 0xff, text);
    }
    int left = 8 * (5 - parts.length);
    return value << left | number(parts[parts.length - 1], (1L << left) - 1, text);
  }

  private static long number(String part, long most, String whole) {
    try {
      long value;
      if (part.matches("0[xX][0-9a-fA-F]+")) {
        value = Long.parseLong(part.substring(2), 16);
      } else if (part.matches("0[0-7]*")) {
        value = Long.parseLong(part, 8);
      } else if (part.matches("[1-9][0-9]*")) {
        value = Long.parseLong(part);
      } else {
        throw bad(whole);
      }
      if (value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + whole + "\" is not an address", e);
    }
    throw bad(whole);
  }

  private static Address parse6(String text) {
    int gap = text.indexOf("::");
    int[] groups = new int[8];
    if (gap < 0) {
      if (groups(text, groups, text) != 8) {
        throw bad(text);
      }
    } else {
      int[] tail = new int[8];
      int head = groups(text.substring(0, gap), groups, text);
      int count = groups(text.substring(gap + 2), tail, text);
      if (head + count > 7) {
        throw bad(text);
      }
      System.arraycopy(tail, 0, groups, 8 - count, count);
    }
    long hi = 0;
    long lo = 0;
    for (int i = 0; i < 4; i++) {
      hi = hi << 16 | groups[i];
      lo = lo << 16 | groups[i + 4];
    }
    return new Address(hi, lo);
  }

  private static int groups(String part, int[] groups, String whole) {
    int at = 0;
    if (part.isEmpty()) {
      return at;
    }
    String[] words = part.split(":", -1);
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      boolean quad = i == words.length - 1 && word.matches("[0-9]+(\\.[0-9]+){3}");
      if (at + (quad ? 2 : 1) > 8 || !quad && !word.matches("[0-9a-fA-F]{1,4}")) {
        throw bad(whole);
      }
      if (quad) {
        long four = parse4(word);
        groups[at++] = (int) (four >>> 16);
        groups[at++] = (int) (four & 0xffff);
      } else {
        groups[at++] = Integer.parseInt(word, 16);
      }
    }
    return at;
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException("\"" + text + "\" is not an address");
  }
}
