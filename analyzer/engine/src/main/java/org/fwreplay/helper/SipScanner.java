package org.fwreplay.helper;

/**
 * Finds headers, addresses and numbers in one SIP message exactly as nf_conntrack_sip does, its
 * quirks included: they decide what is rewritten. It looks at bytes in their place, builds nothing,
 * and takes a message that a parser would refuse.
 *
 * <p>Offsets are counted from the start of the message. Answers are 1 (found), 0 (not there) or -1
 * (there, but not as expected); the fields hold what was found last.
 */
final class SipScanner {
  static final int DEFAULT_PORT = 5060;
  private static final int MIN_PORT = 1024;
  private static final int MAX_PORT = 65_535;
  private static final byte[] SIP_URI = NatHelper.bytes("SIP:");
  private static final byte[] COMMA = NatHelper.bytes(",");
  private static final byte[] SEMICOLON = NatHelper.bytes(";");

  private byte[] b;
  private int base;
  private int limit;
  private boolean ipv6;
  private final AddressScanner addresses = new AddressScanner();

  /** What was found: its offset and length. */
  int matchOffset;

  int matchLength;

  /** The address and port there; IPv4 in the low 32 bits of {@code lo}. */
  long hi;

  long lo;
  int port;

  /** The number that {@link #number} read, and the offset behind it. */
  long number;

  int numberEnd;

  /** Where the next header of a list is looked for, and whether that is within a header. */
  int listOffset;

  private boolean inHeader;

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

  // -- numbers, addresses, ports -----------------------------------------------------------------

  /** {@code sip_strtouint}: false where there is no number of at most 32 bits and 11 digits. */
  boolean number(int offset) {
    return numberAt(base + offset, limit);
  }

  private boolean numberAt(int start, int end) {
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
  private int address(int start, int end, boolean delimited) {
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
  private int addressAndPort(int start) {
    int at = address(start, limit, true);
    return at < 0 ? -1 : port(at);
  }

  // -- lines
  // ---------------------------------------------------------------------------------------

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

  private int skipWhitespace(int start) {
    int at = start;
    while (at < limit && isBlank(b[at])) {
      at++;
    }
    if (at < limit && isLineEnd(b[at])) {
      at = followContinuation(at, limit);
    }
    return at < limit ? at : -1;
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isLineEnd(byte c) {
    return c == '\r' || c == '\n';
  }

  /**
   * Where the next line begins if a line ends at {@code at}: -1 if not, {@code limit} at the end.
   */
  private int lineBehind(int at) {
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
  private int searchHeader(int start, int end, byte[] word) {
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

  private int searchSdp(int start, byte[] word) {
    for (int at = start; at < limit - word.length && !isLineEnd(b[at]); at++) {
      if (Text.startsWith(b, at, word)) {
        return at;
      }
    }
    return -1;
  }

  // -- headers
  // -------------------------------------------------------------------------------------

  /**
   * Finds a header whose line begins behind {@code from}: {@code ct_sip_get_header}. A longer name
   * that begins like the one looked for ends the search.
   */
  int header(int from, SipHeader header) {
    for (int at = base + from; at < limit; at++) {
      int line = lineBehind(at);
      if (line < 0) {
        continue;
      }
      if (line >= limit) {
        return 0;
      }
      at = line;
      if (isBlank(b[at])) {
        continue;
      }
      int behind = behindName(at, header);
      if (behind < 0) {
        continue;
      }
      at = skipWhitespace(behind);
      if (at < 0 || b[at] != ':' || ++at >= limit) {
        return 0;
      }
      at = skipWhitespace(at);
      if (at < 0) {
        return 0;
      }
      matchOffset = at - base;
      return value(header, header.before == null ? at : searchHeader(at, limit, header.before));
    }
    return 0;
  }

  private int behindName(int at, SipHeader header) {
    int length = header.name.length;
    if (limit - at >= length && Text.startsWithIgnoringCase(b, at, header.name)) {
      return at + length;
    }
    boolean compact =
        header.compact != 0
            && limit - at >= 2
            && (b[at] == header.compact || b[at] == header.compact + 32)
            && !isLetter(b[at + 1]);
    return compact ? at + 1 : -1;
  }

  /** Measures the value of a header behind the word at {@code found} that must stand before it. */
  private int value(SipHeader header, int found) {
    if (found < 0) {
      return -1;
    }
    int at = header.before == null ? found : found + header.before.length;
    int start = header.value == SipHeader.Value.URI ? behindUser(at) : at;
    matchLength = length(header.value, start);
    if (matchLength == 0) {
      return -1;
    }
    matchOffset = start - base;
    return 1;
  }

  private int length(SipHeader.Value value, int start) {
    int end =
        switch (value) {
          case DIGITS -> Text.skipDigits(b, start, limit);
          case ADDRESS, URI -> addressAndPort(start);
          case SDP_ADDRESS ->
              addresses.scan(b, start, limit, ipv6, AddressScanner.ANY) ? addresses.end : -1;
          case MEDIA -> behindMedia(start);
        };
    return Math.max(end - start, 0);
  }

  private int behindUser(int start) {
    int at = start;
    while (at < limit && b[at] != '@' && !isLineEnd(b[at])) {
      at++;
    }
    return at < limit && b[at] == '@' ? at + 1 : start;
  }

  private int behindMedia(int start) {
    int at = start;
    while (at < limit && isLetter(b[at])) {
      at++;
    }
    return at >= limit || b[at] != ' ' ? -1 : Text.skipDigits(b, at + 1, limit);
  }

  /** {@code ct_sip_next_header}: the next of values that are parted by commas. */
  private int nextValue(int from, SipHeader header) {
    int at = searchHeader(base + from, limit, COMMA);
    at = at < 0 ? -1 : searchHeader(at, limit, header.before);
    if (at < 0) {
      return 0;
    }
    matchOffset = at + header.before.length - base;
    return value(header, at);
  }

  /** {@code ct_sip_parse_header_uri} for the first header of a kind that has an address. */
  int uri(SipHeader header) {
    startList();
    return nextUri(header);
  }

  /** Makes {@link #nextUri} begin at the message's start. */
  void startList() {
    listOffset = 0;
    inHeader = false;
  }

  /** {@code ct_sip_parse_header_uri} for one header after the other. */
  int nextUri(SipHeader header) {
    if (!walk(header)) {
      return 0;
    }
    int end = addressAndPort(base + matchOffset);
    if (end < 0) {
      return -1;
    }
    listOffset = end - base;
    return 1;
  }

  /** {@code ct_sip_walk_headers}. */
  private boolean walk(SipHeader header) {
    int from = listOffset;
    while (inHeader) {
      int found = nextValue(from, header);
      if (found > 0) {
        return true;
      }
      from = found < 0 ? matchOffset : from;
      inHeader = found < 0;
    }
    int found = header(from, header);
    while (found < 0) {
      found = header(matchOffset, header);
    }
    inHeader = found > 0;
    return inHeader;
  }

  /** {@code ct_sip_parse_request}: the address in a Request-URI. */
  int requestUri() {
    int at = base;
    while (at < limit && isLetter(b[at])) {
      at++;
    }
    if (at == base || ++at >= limit) {
      return 0;
    }
    for (; at < limit - SIP_URI.length; at++) {
      if (isLineEnd(b[at])) {
        return -1;
      }
      if (Text.startsWithIgnoringCase(b, at, SIP_URI)) {
        at += SIP_URI.length;
        break;
      }
    }
    int start = behindUser(at);
    int end = addressAndPort(start);
    if (end <= start) {
      return 0;
    }
    matchOffset = start - base;
    matchLength = end - start;
    return 1;
  }

  // -- parameters
  // ----------------------------------------------------------------------------------

  private int endOfValue(int from) {
    int comma = searchHeader(base + from, limit, COMMA);
    return comma < 0 ? limit : comma;
  }

  /** {@code ct_sip_parse_param}; the name in upper case with its equals sign. */
  boolean parameter(int from, byte[] name) {
    int end = endOfValue(from);
    int at = searchHeader(base + from, end, name);
    if (at < 0) {
      return false;
    }
    at += name.length;
    int semicolon = searchHeader(at, end, SEMICOLON);
    matchOffset = at - base;
    matchLength = (semicolon < 0 ? end : semicolon) - at;
    return true;
  }

  /** {@code ct_sip_parse_address_param}. */
  boolean addressParameter(int from, byte[] name, boolean delimited) {
    int end = endOfValue(from);
    int at = searchHeader(base + from, end, name);
    if (at < 0) {
      return false;
    }
    at += name.length;
    int behind = address(at, end, delimited);
    if (behind < 0) {
      return false;
    }
    matchOffset = at - base;
    matchLength = behind - at;
    return true;
  }

  /** {@code ct_sip_parse_numerical_param}. */
  int numberParameter(int from, byte[] name) {
    int end = endOfValue(from);
    int at = searchHeader(base + from, end, name);
    if (at < 0) {
      return 0;
    }
    at += name.length;
    if (!numberAt(at, end)) {
      return -1;
    }
    matchOffset = at - base;
    matchLength = numberEnd - matchOffset;
    return 1;
  }

  // -- session descriptions
  // ------------------------------------------------------------------------

  /**
   * Finds a line of a session description behind {@code from}: {@code ct_sip_get_sdp_header}.
   *
   * @param end the line that ends the search, or null
   */
  int sdp(int from, SipHeader line, SipHeader end) {
    for (int at = base + from; at < limit; at++) {
      int next = lineBehind(at);
      if (next < 0) {
        continue;
      }
      if (next >= limit) {
        return 0;
      }
      at = next;
      if (limit - at < 2) {
        continue;
      }
      if (end != null && Text.startsWithIgnoringCase(b, at, end.name)) {
        return 0;
      }
      if (Text.startsWithIgnoringCase(b, at, line.name)) {
        at += line.name.length;
        matchOffset = at - base;
        return value(
            line, line.before == null ? at : searchSdp(at, ipv6 ? line.before6 : line.before));
      }
    }
    return 0;
  }

  /** {@code ct_sip_parse_sdp_addr} for the next {@code c=} before an {@code m=}. */
  boolean sdpConnection(int from) {
    if (sdp(from, SipHeader.SDP_CONNECTION, SipHeader.SDP_MEDIA) <= 0) {
      return false;
    }
    int start = base + matchOffset;
    if (!addresses.scan(b, start, start + matchLength, ipv6, AddressScanner.ANY)) {
      return false;
    }
    hi = addresses.hi;
    lo = addresses.lo;
    return true;
  }
}
