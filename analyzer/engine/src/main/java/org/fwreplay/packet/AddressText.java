package org.fwreplay.packet;

/** Addresses as text: dotted quads, and IPv6 as RFC 5952 and {@code inet_ntop} write it. */
public final class AddressText {
  private AddressText() {}

  /** An address of (hi, lo). */
  public static String of(boolean ipv6, long hi, long lo) {
    return ipv6 ? ipv6(hi, lo) : ipv4((int) lo);
  }

  /** A dotted quad. */
  public static String ipv4(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }

  /**
   * An IPv6 address; the longest run of two or more zero groups is shortened, the first of equals.
   */
  public static String ipv6(long hi, long lo) {
    int bestStart = -1;
    int bestLength = 1;
    int start = -1;
    for (int i = 0; i <= 8; i++) {
      if (i < 8 && group(hi, lo, i) == 0) {
        start = start < 0 ? i : start;
        continue;
      }
      if (start >= 0 && i - start > bestLength) {
        bestStart = start;
        bestLength = i - start;
      }
      start = -1;
    }
    boolean mapped =
        bestStart == 0 && (bestLength == 6 || bestLength == 5 && group(hi, lo, 5) == 0xffff);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        out.append("::");
        i += bestLength - 1;
        continue;
      }
      if (i > 0 && out.charAt(out.length() - 1) != ':') {
        out.append(':');
      }
      if (mapped && i == 6) {
        return out.append(ipv4((int) lo)).toString();
      }
      out.append(Integer.toHexString(group(hi, lo, i)));
    }
    return out.toString();
  }

  private static int group(long hi, long lo, int index) {
    long half = index < 4 ? hi : lo;
    return (int) (half >>> 48 - 16 * (index & 3)) & 0xffff;
  }
}
