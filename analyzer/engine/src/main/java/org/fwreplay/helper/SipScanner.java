package org.fwreplay.helper;

/**
 * Finds headers, addresses and numbers in one SIP message exactly as nf_conntrack_sip does, its
 * quirks included: they decide what is rewritten, and a message is taken that a parser would
 * refuse.
 *
 * <p>Offsets are counted from the start of the message. Answers are 1 (found), 0 (not there) or -1
 * (there, but not as expected); the fields hold what was found last.
 */
final class SipScanner extends SipText {
  private static final byte[] SIP_URI = NatHelper.bytes("SIP:");
  private static final byte[] COMMA = NatHelper.bytes(",");
  private static final byte[] SEMICOLON = NatHelper.bytes(";");

  /** What was found: its offset and length. */
  int matchOffset;

  int matchLength;

  /** Where the next header of a list is looked for, and whether that is within a header. */
  int listOffset;

  private boolean inHeader;

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
