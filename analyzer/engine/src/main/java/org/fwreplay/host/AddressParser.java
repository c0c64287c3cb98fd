package org.fwreplay.host;

/** Reads addresses as text; only at load time. */
public final class AddressParser {
  private AddressParser() {}

  /** A dotted quad as 32 bits. */
  public static long parse4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      throw bad(text);
    }
    long value = 0;
    for (String part : parts) {
      value = value << 8 | number(part, 10, 3, 255, text);
    }
    return value;
  }

  /** An IPv6 address (RFC 4291 section 2.2, also with a dotted quad at its end) as two halves. */
  public static long[] parse6(String text) {
    int gap = text.indexOf("::");
    int[] groups = new int[8];
    if (gap < 0) {
      if (groups(text, groups, 0, text) != 8) {
        throw bad(text);
      }
    } else {
      int head = groups(text.substring(0, gap), groups, 0, text);
      int[] tail = new int[8];
      int count = groups(text.substring(gap + 2), tail, 0, text);
      if (head + count > 7) {
        throw bad(text);
      }
      System.arraycopy(tail, 0, groups, 8 - count, count);
    }
    long[] both = new long[2];
    for (int i = 0; i < 8; i++) {
      both[i / 4] = both[i / 4] << 16 | groups[i];
    }
    return both;
  }

  private static int groups(String part, int[] groups, int at, String whole) {
    if (part.isEmpty()) {
      return at;
    }
    for (String word : part.split(":", -1)) {
      boolean quad = word.indexOf('.') >= 0;
      if (at + (quad ? 2 : 1) > 8) {
        throw bad(whole);
      }
      if (quad) {
        long four = parse4(word);
        groups[at++] = (int) (four >>> 16);
        groups[at++] = (int) (four & 0xffff);
      } else {
        groups[at++] = (int) number(word, 16, 4, 0xffff, whole);
      }
    }
    return at;
  }

  private static long number(String word, int radix, int digits, int most, String whole) {
    if (word.isEmpty() || word.length() > digits || Character.digit(word.charAt(0), radix) < 0) {
      throw bad(whole);
    }
    try {
      int value = Integer.parseInt(word, radix);
      if (value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + whole + "' is not an address", e);
    }
    throw bad(whole);
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException("'" + text + "' is not an address");
  }

  /** A 48-bit hardware address in hexadecimal with colons, or -1 when it is of another kind. */
  static long parseMac(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 6) {
      return -1;
    }
    long value = 0;
    for (String part : parts) {
      value = value << 8 | number(part, 16, 2, 255, text);
    }
    return value;
  }
}
