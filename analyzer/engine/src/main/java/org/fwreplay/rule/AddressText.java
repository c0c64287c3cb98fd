package org.fwreplay.rule;

import java.util.Locale;
import org.fwreplay.packet.Family;

/** Addresses and masks as libxtables reads and writes them. */
final class AddressText {
  private AddressText() {}

  /**
   * {@code ADDRESS[/LENGTH|/MASK]}; IPv4 may leave trailing parts out and give parts in octal or
   * hexadecimal. With a mask of no bits the address is not looked at.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static AddressMatch parse(Family family, String text, boolean inverted) {
    int cut = text.lastIndexOf('/');
    String name = cut < 0 ? text : text.substring(0, cut);
    long[] mask = cut < 0 ? ones(family, full(family)) : mask(family, text.substring(cut + 1));
    if (mask[0] == 0 && mask[1] == 0) {
      return new AddressMatch(0, 0, 0, 0, inverted);
    }
    long[] address = family == Family.IPV4 ? ipv4(name, true) : ipv6(name);
    if (address == null) {
      throw new IllegalArgumentException(
          name + " is not an " + label(family) + " address; host names are not looked up");
    }
    return new AddressMatch(address[0] & mask[0], address[1] & mask[1], mask[0], mask[1], inverted);
  }

  private static int full(Family family) {
    return family == Family.IPV4 ? 32 : 128;
  }

  private static String label(Family family) {
    return family == Family.IPV4 ? "IPv4" : "IPv6";
  }

  private static long[] mask(Family family, String text) {
    long[] mask = family == Family.IPV4 ? ipv4(text, false) : ipv6(text);
    if (mask != null) {
      return mask;
    }
    long length = number(text);
    if (length < 0 || length > full(family)) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is not a mask: a length of 0 to "
              + full(family)
              + " or an "
              + label(family)
              + " address");
    }
    return ones(family, (int) length);
  }

  private static long[] ones(Family family, int length) {
    if (family == Family.IPV4) {
      return new long[] {0, 0xffffffffL << 32 - length & 0xffffffffL};
    }
    return new long[] {
      length >= 64 ? -1 : length == 0 ? 0 : -1L << 64 - length,
      length <= 64 ? 0 : -1L << 128 - length
    };
  }

  private static long[] ipv4(String text, boolean abbreviated) {
    String[] parts = text.split("\\.", -1);
    if (parts.length > 4 || parts.length < 4 && !abbreviated) {
      return null;
    }
    long value = 0;
    for (int i = 0; i < 4; i++) {
      long part = i < parts.length ? number(parts[i]) : 0;
      if (part < 0 || part > 255) {
        return null;
      }
      value = value << 8 | part;
    }
    return new long[] {0, value};
  }

  /** C's unsigned {@code strtoul} with base 0, or -1. */
  static long number(String text) {
    String t = text.toLowerCase(Locale.ROOT);
    boolean hex = t.startsWith("0x");
    boolean octal = !hex && t.length() > 1 && t.startsWith("0");
    String digits = hex ? t.substring(2) : t;
    if (digits.isEmpty() || Character.digit(digits.charAt(0), 16) < 0) {
      return -1;
    }
    try {
      return Long.parseLong(digits, hex ? 16 : octal ? 8 : 10);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** An IPv6 address (a zone after {@code %} is dropped, as getaddrinfo's callers do), or null. */
  private static long[] ipv6(String whole) {
    int zone = whole.indexOf('%');
    String text = zone < 0 ? whole : whole.substring(0, zone);
    int gap = text.indexOf("::");
    String[] head = groups(gap < 0 ? text : text.substring(0, gap));
    String[] tail = gap < 0 ? new String[0] : groups(text.substring(gap + 2));
    int[] words = new int[8];
    int left = fill(words, 0, head);
    int right = count(tail);
    if (left < 0 || right < 0 || (gap < 0 ? left != 8 : left + right > 7)) {
      return null;
    }
    if (fill(words, 8 - right, tail) < 0) {
      return null;
    }
    long hi = 0;
    long lo = 0;
    for (int i = 0; i < 4; i++) {
      hi = hi << 16 | words[i];
      lo = lo << 16 | words[i + 4];
    }
    return new long[] {hi, lo};
  }

  private static String[] groups(String text) {
    return text.isEmpty() ? new String[0] : text.split(":", -1);
  }

  private static int count(String[] groups) {
    return groups.length + (groups.length > 0 && groups[groups.length - 1].contains(".") ? 1 : 0);
  }

  /** Puts groups into words from {@code at}; answers the place behind them, or -1. */
  private static int fill(int[] words, int at, String[] groups) {
    int to = at;
    for (int i = 0; i < groups.length; i++) {
      String group = groups[i];
      if (to + count(new String[] {group}) > 8) {
        return -1;
      }
      if (group.contains(".")) {
        long[] quad = i == groups.length - 1 ? ipv4(group, false) : null;
        if (quad == null) {
          return -1;
        }
        words[to++] = (int) (quad[1] >>> 16);
        words[to++] = (int) quad[1] & 0xffff;
      } else if (group.matches("[0-9a-fA-F]{1,4}")) {
        words[to++] = Integer.parseInt(group, 16);
      } else {
        return -1;
      }
    }
    return to;
  }

  /** The length of a contiguous mask, or -1. */
  static int prefixLength(Family family, long maskHi, long maskLo) {
    int length = Long.bitCount(maskHi) + Long.bitCount(maskLo);
    long[] same = ones(family, length);
    return same[0] == maskHi && same[1] == maskLo ? length : -1;
  }

  /** As inet_ntop writes it. */
  static String format(Family family, long hi, long lo) {
    if (family == Family.IPV4) {
      return quad(lo);
    }
    boolean mapped = hi == 0 && lo >>> 32 == 0xffff;
    boolean compatible = hi == 0 && lo >>> 32 == 0 && lo >>> 16 != 0;
    if (mapped || compatible) {
      return (mapped ? "::ffff:" : "::") + quad(lo);
    }
    return groups(hi, lo);
  }

  private static String quad(long lo) {
    return (lo >>> 24 & 255) + "." + (lo >>> 16 & 255) + "." + (lo >>> 8 & 255) + "." + (lo & 255);
  }

  private static String groups(long hi, long lo) {
    int best = -1;
    int run = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && group(hi, lo, end) == 0) {
        end++;
      }
      if (end - i > run) {
        best = i;
        run = end - i;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == best) {
        text.append("::");
        i += run - 1;
      } else {
        text.append(i == 0 || i == best + run ? "" : ":");
        text.append(Integer.toHexString(group(hi, lo, i)));
      }
    }
    return text.toString();
  }

  private static int group(long hi, long lo, int index) {
    return (int) ((index < 4 ? hi : lo) >>> 48 - 16 * (index & 3)) & 0xffff;
  }
}
