package org.fwreplay.helper;

/**
 * Reads addresses out of text as the kernel's {@code in4_pton} and {@code in6_pton} do, which
 * helpers rely on. Its fields hold what was read last.
 */
final class AddressScanner {
  /** Any byte that cannot belong to the address ends it. */
  static final int ANY = -1;

  private static final int GROUPS = 8;

  /** The address; IPv4 in the low 32 bits of {@code lo}. */
  long hi;

  long lo;

  /** Offset of the byte behind the address. */
  int end;

  private final int[] groups = new int[GROUPS];

  /**
   * Reads an address of the family.
   *
   * @param delimiter the byte that must follow, or {@link #ANY}; the end of the text and a zero
   *     byte always end it
   * @return false where there is none
   */
  boolean scan(byte[] text, int at, int limit, boolean ipv6, int delimiter) {
    return ipv6 ? scan6(text, at, limit, delimiter) : scan4(text, at, limit, delimiter);
  }

  private static boolean isEnd(byte[] text, int at, int limit, int delimiter) {
    return at >= limit || text[at] == 0 || text[at] == delimiter;
  }

  /** A dotted quad; a colon ends it, too. */
  boolean scan4(byte[] text, int start, int limit, int delimiter) {
    int at = start;
    long address = 0;
    for (int i = 0; ; i++) {
      int number = 0;
      int first = at;
      while (!isEnd(text, at, limit, delimiter) && text[at] >= '0' && text[at] <= '9') {
        number = number * 10 + text[at++] - '0';
        if (number > 255) {
          return false;
        }
      }
      if (at == first) {
        return false;
      }
      address = address << 8 | number;
      boolean over = isEnd(text, at, limit, delimiter) || text[at] == ':';
      if (i == 3) {
        break;
      }
      if (over || text[at] != '.') {
        return false;
      }
      at++;
    }
    boolean over = isEnd(text, at, limit, delimiter) || text[at] == ':';
    if (!over && (delimiter != ANY || text[at] == '.' || digit(text[at]) >= 0)) {
      return false;
    }
    hi = 0;
    lo = address;
    end = at;
    return true;
  }

  private static int digit(byte c) {
    return c < 0 ? -1 : Character.digit(c, 16);
  }

  private boolean scan6(byte[] text, int start, int limit, int delimiter) {
    int at = start;
    int count = 0;
    int gap = -1;
    if (at + 1 < limit && text[at] == ':' && text[at + 1] == ':') {
      gap = 0;
      at += 2;
    }
    while (true) {
      int first = at;
      int number = 0;
      while (!isEnd(text, at, limit, delimiter) && digit(text[at]) >= 0 && at - first < 4) {
        number = number << 4 | digit(text[at++]);
      }
      if (at == first) {
        if (gap != count || !endsHere(text, at, limit, delimiter)) {
          return false;
        }
        break;
      }
      boolean room = gap >= 0 ? count <= GROUPS - 3 : count == GROUPS - 2;
      if (room && at < limit && text[at] == '.' && delimiter != '.') {
        if (!scan4(text, first, limit, delimiter)) {
          return false;
        }
        at = end;
        groups[count++] = (int) (lo >>> 16);
        groups[count++] = (int) lo & 0xffff;
        break;
      }
      if (count == (gap >= 0 ? GROUPS - 1 : GROUPS)) {
        return false;
      }
      groups[count++] = number;
      if (isEnd(text, at, limit, delimiter) || text[at] != ':') {
        if (!endsHere(text, at, limit, delimiter) || gap < 0 && count < GROUPS) {
          return false;
        }
        break;
      }
      at++;
      if (gap < 0 && count < GROUPS && at < limit && text[at] == ':') {
        gap = count;
        at++;
      }
    }
    end = at;
    store(count, gap);
    return true;
  }

  private static boolean endsHere(byte[] text, int at, int limit, int delimiter) {
    return isEnd(text, at, limit, delimiter)
        || delimiter == ANY && text[at] != ':' && text[at] != '.' && digit(text[at]) < 0;
  }

  private void store(int count, int gap) {
    hi = 0;
    lo = 0;
    int missing = GROUPS - count;
    for (int i = 0; i < GROUPS; i++) {
      int group;
      if (gap < 0 || i < gap) {
        group = groups[i];
      } else {
        group = i < gap + missing ? 0 : groups[i - missing];
      }
      if (i < 4) {
        hi = hi << 16 | group;
      } else {
        lo = lo << 16 | group;
      }
    }
  }
}
