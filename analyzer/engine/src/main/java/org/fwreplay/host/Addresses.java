package org.fwreplay.host;

/**
 * What an address is by its bits alone, and its text form. RFC 4291 and RFC 6890 as Linux reads
 * them ({@code linux/in.h}, {@code net/ipv6.h}).
 */
public final class Addresses {
  /** 255.255.255.255. */
  public static final long LIMITED_BROADCAST = 0xffffffffL;

  static final int SCOPE_LINK_LOCAL = 2;
  private static final int SCOPE_SITE_LOCAL = 5;
  private static final int SCOPE_GLOBAL = 14;

  private Addresses() {}

  /** 224.0.0.0/4. */
  public static boolean isMulticast4(long lo) {
    return (lo & 0xf0000000L) == 0xe0000000L;
  }

  /** 224.0.0.0/24, never forwarded. */
  public static boolean isLocalMulticast4(long lo) {
    return (lo & 0xffffff00L) == 0xe0000000L;
  }

  /** 127.0.0.0/8. */
  public static boolean isLoopback4(long lo) {
    return lo >>> 24 == 127;
  }

  /** 0.0.0.0; the rest of 0.0.0.0/8 has been ordinary since Linux 5.3 ({@code ipv4_is_zeronet}). */
  public static boolean isZero4(long lo) {
    return lo == 0;
  }

  /** ff00::/8. */
  public static boolean isMulticast6(long hi) {
    return hi >>> 56 == 0xff;
  }

  /** fe80::/10. */
  public static boolean isLinkLocal6(long hi) {
    return hi >>> 54 == 0x3fa;
  }

  /** ::1. */
  public static boolean isLoopback6(long hi, long lo) {
    return hi == 0 && lo == 1;
  }

  /** Whether the kernel counts it as unicast: everything but ::, multicast and IPv4-mapped. */
  public static boolean isUnicast6(long hi, long lo) {
    return !isMulticast6(hi) && (hi | lo) != 0 && !(hi == 0 && lo >>> 32 == 0xffff);
  }

  /**
   * Whether a route to it must use the very interface asked for: multicast, link-local and loopback
   * ({@code rt6_need_strict}).
   */
  public static boolean needsInterface6(long hi, long lo) {
    return isMulticast6(hi) || isLinkLocal6(hi) || isLoopback6(hi, lo);
  }

  /** The scope by RFC 4291 and RFC 6724 section 3.1 (2 link, 5 site, 14 global); -1 for ::. */
  public static int scope6(long hi, long lo) {
    if (isMulticast6(hi)) {
      return (int) (hi >>> 48) & 0xf;
    }
    if (isLinkLocal6(hi) || isLoopback6(hi, lo)) {
      return SCOPE_LINK_LOCAL;
    }
    if (hi >>> 54 == 0x3fb) {
      return SCOPE_SITE_LOCAL;
    }
    return (hi | lo) == 0 ? -1 : SCOPE_GLOBAL;
  }

  /** The low half of the solicited-node multicast address ff02::1:ffXX:XXXX of an address. */
  public static long solicitedNodeLow(long lo) {
    return 0x1_ff00_0000L | (lo & 0xffffff);
  }

  /** The upper half of a network mask of {@code length} bits out of 128. */
  static long maskHi(int length) {
    return length >= 64 ? -1L : length == 0 ? 0 : -1L << (64 - length);
  }

  /** The lower half of a network mask of {@code length} bits out of 128. */
  static long maskLo(int length) {
    return length <= 64 ? 0 : length >= 128 ? -1L : -1L << (128 - length);
  }

  /** How many leading bits two IPv6 addresses share. */
  static int commonPrefix6(long hi1, long lo1, long hi2, long lo2) {
    long hi = hi1 ^ hi2;
    return hi != 0 ? Long.numberOfLeadingZeros(hi) : 64 + Long.numberOfLeadingZeros(lo1 ^ lo2);
  }

  /** The usual text: dotted quad, or RFC 5952. */
  public static String format(boolean six, long hi, long lo) {
    return six ? format6(hi, lo) : format4(lo);
  }

  private static String format4(long lo) {
    return (lo >>> 24 & 255) + "." + (lo >>> 16 & 255) + "." + (lo >>> 8 & 255) + "." + (lo & 255);
  }

  private static String format6(long hi, long lo) {
    int from = -1;
    int run = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && group(hi, lo, end) == 0) {
        end++;
      }
      if (end - i > run) {
        from = i;
        run = end - i;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == from) {
        text.append("::");
        i += run - 1;
        continue;
      }
      if (i > 0 && i != from + run) {
        text.append(':');
      }
      text.append(Integer.toHexString(group(hi, lo, i)));
    }
    return text.toString();
  }

  private static int group(long hi, long lo, int index) {
    return (int) ((index < 4 ? hi >>> 48 - 16 * index : lo >>> 112 - 16 * index) & 0xffff);
  }
}
