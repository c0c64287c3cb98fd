package org.fwreplay.helper;

/**
 * The bytes of one SIP message: numbers, addresses, ports and lines as nf_conntrack_sip reads them.
 * Looks at them in their place and builds nothing. Offsets are counted from the message's start,
 * indexes from the buffer's.
 */
abstract class SipText {
  static final int DEFAULT_PORT = 5060;
  private static final int MIN_PORT = 1024;
  private static final int MAX_PORT = 65_535;

  /** The buffer, and where the message begins and ends in it. */
  byte[] b;

  int base;
  int limit;
  boolean ipv6;
  final AddressScanner addresses = new AddressScanner();

  /** The address and port there; IPv4 in the low 32 bits of {@code lo}. */
  long hi;

  long lo;
  int port;

  /** The number that {@link #number} read, and the offset behind it. */
  long number;

  int numberEnd;

  /** Looks at the message in {@code [base, base + length)} from now on. */
  void set(byte[] buffer, int start, int length, boolean isIpv6) {
    b = buffer;
    base = start;
    limit = start + length;
    ipv6 = isIpv6;
  }

  /** The byte at an offset, 0 behind the end of the buffer. */
  int at(int offset) {
    return base + offset < b.length ? b[base + offset] : 0;
  }

  /** Whether a word in upper case stands at an offset, in any case; zeros follow the buffer. */
  boolean is(int offset, byte[] word) {
    return base + offset + word.length <= b.length
        && Text.startsWithIgnoringCase(b, base + offset, word);
  }

  /** What Linux takes for a letter: those of Latin-1, too. */
  static boolean isLetter(int octet) {
    int c = octet & 0xff;
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0xc0 && c != 0xd7 && c != 0xf7;
  }

  /** {@code sip_strtouint}: false where there is no number of at most 32 bits and 11 digits. */
  boolean number(int offset) {
    return numberAt(base + offset, limit);
  }

  boolean numberAt(int start, int end) {
    long value = 0;
    int at = start;
    while (at < end && Text.isDigit(b[at])) {
      value = value * 10 + b[at] - '0';
      at++;
      if (at - start > 11 || value > 0xffffffffL) {
        at = start;
        value = 0;
        break;
      }
    }
    number = value;
    numberEnd = at - base;
    return at > start;
  }

  /** {@code sip_parse_addr}: the index behind the address, -1 where there is none. */
  int address(int start, int end, boolean delimited) {
    int at = start;
    if (ipv6) {
      if (at < end && b[at] == '[') {
        at++;
      } else if (delimited) {
        return -1;
      }
    }
    if (!addresses.scan(b, at, end, ipv6, AddressScanner.ANY)) {
      return -1;
    }
    at = addresses.end;
    if (ipv6) {
      if (at < end && b[at] == ']') {
        at++;
      } else if (delimited) {
        return -1;
      }
    }
    hi = addresses.hi;
    lo = addresses.lo;
    return at;
  }

  /**
   * {@code sip_parse_port}: the index behind the port, which need not be there; -1 if malformed.
   */
  private int port(int start) {
    if (start >= limit) {
      return -1;
    }
    if (b[start] != ':') {
      port = DEFAULT_PORT;
      return start;
    }
    int at = start + 1;
    int value = 0;
    while (at < limit && Text.isDigit(b[at])) {
      value = value * 10 + b[at++] - '0';
      if (at - start > 6) {
        return -1;
      }
    }
    if (at == start + 1 || at >= limit || value < MIN_PORT || value > MAX_PORT) {
      return -1;
    }
    port = value;
    return at;
  }

  /** Reads address and port at an offset: the index behind them, -1 where they are not there. */
  int addressAndPort(int start) {
    int at = address(start, limit, true);
    return at < 0 ? -1 : port(at);
  }

  /**
   * {@code sip_follow_continuation}: behind a line's end and white space, -1 if no such follows.
   */
  private int followContinuation(int start, int end) {
    int at = start + 1;
    if (at >= end) {
      return -1;
    }
    if (b[at - 1] == '\r' && b[at] == '\n' && ++at >= end) {
      return -1;
    }
    if (!isBlank(b[at])) {
      return -1;
    }
    while (at < end && isBlank(b[at])) {
      at++;
    }
    return at;
  }

  int skipWhitespace(int start) {
    int at = start;
    while (at < limit && isBlank(b[at])) {
      at++;
    }
    if (at < limit && isLineEnd(b[at])) {
      at = followContinuation(at, limit);
    }
    return at < limit ? at : -1;
  }

  static boolean isBlank(byte c) {
    return c == ' ' || c == '\t';
  }

  static boolean isLineEnd(byte c) {
    return c == '\r' || c == '\n';
  }

  /**
   * Where the next line begins if a line ends at {@code at}: -1 if not, {@code limit} at the end.
   */
  int lineBehind(int at) {
    if (!isLineEnd(b[at])) {
      return -1;
    }
    int next = at + 1;
    return next < limit && b[at] == '\r' && b[next] == '\n' ? next + 1 : next;
  }

  /**
   * {@code ct_sip_header_search}: a word within a header, -1 for none. It is not found at the very
   * end, nor where a continuation line begins.
   */
  int searchHeader(int start, int end, byte[] word) {
    int last = end - word.length;
    for (int at = start; at < last; at++) {
      if (isLineEnd(b[at])) {
        at = followContinuation(at, last);
        if (at < 0) {
          return -1;
        }
      } else if (Text.startsWithIgnoringCase(b, at, word)) {
        return at;
      }
    }
    return -1;
  }

  int searchSdp(int start, byte[] word) {
    for (int at = start; at < limit - word.length && !isLineEnd(b[at]); at++) {
      if (Text.startsWith(b, at, word)) {
        return at;
      }
    }
    return -1;
  }
}
