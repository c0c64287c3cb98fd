package org.fwreplay.xt.match;

import org.fwreplay.packet.Bytes;
import org.fwreplay.parsers.DnsMessage;
import org.fwreplay.parsers.DnsParser;
import org.fwreplay.parsers.DnsResult;

/**
 * Tells DNS requests from everything else, so that there is no doubt: RFC 1035 section 4, RFC 6891
 * (OPT), RFC 8945 (TSIG). What costs little is looked at first, and the parser sees only what
 * passed.
 */
final class DnsRequest {
  private static final int HEADER_LENGTH = 12;
  private static final int MIN_LENGTH = 17;
  private static final int MAX_NAME = 255;
  private static final int MAX_LABEL = 63;

  /** QR, OPCODE, AA, TC, RA, Z and RCODE: a standard query has none of them. */
  private static final int MUST_BE_ZERO = 0xfecf;

  private static final int TSIG = 250;

  /** Length of a record's type, class, TTL and length of data. */
  private static final int RECORD_FIELDS = 10;

  private static final int OPTION_FIELDS = 4;

  private DnsRequest() {}

  /** Whether these bytes are a standard query with one or more questions, and nothing else. */
  static boolean isCertain(byte[] b, int at, int length) {
    if (length < MIN_LENGTH
        || (Bytes.u16(b, at + 2) & MUST_BE_ZERO) != 0
        || Bytes.u16(b, at + 4) == 0
        || Bytes.u32(b, at + 6) != 0) {
      return false;
    }
    int behind = behindQuestions(b, at, at + length);
    int additionals = Bytes.u16(b, at + 10);
    if (behind < 0 || additionals > 2 || additionals == 0 && behind != at + length) {
      return false;
    }
    DnsResult result = DnsParser.parse(b, at, length);
    return result.isWhole()
        && behind + additionalLength(result.message().orElseThrow(), additionals) == at + length;
  }

  /** Where the questions end, or -1 where a name is malformed or compressed. */
  private static int behindQuestions(byte[] b, int at, int end) {
    int next = at + HEADER_LENGTH;
    for (int left = Bytes.u16(b, at + 4); left > 0; left--) {
      int name = nameLength(b, next, end);
      next += name + 4;
      if (name < 0 || next > end) {
        return -1;
      }
    }
    return next;
  }

  /** Length of an uncompressed name, or -1. */
  static int nameLength(byte[] b, int at, int end) {
    int next = at;
    while (next < end && next - at < MAX_NAME) {
      int label = b[next] & 0xff;
      next += 1 + label;
      if (label == 0) {
        return next - at;
      }
      if (label > MAX_LABEL) {
        return -1;
      }
    }
    return -1;
  }

  /**
   * How many bytes OPT and TSIG take, their names written out in full; far too many where there is
   * another record.
   */
  private static int additionalLength(DnsMessage message, int count) {
    int found = 0;
    int length = 0;
    if (message.edns().isPresent()) {
      found++;
      length += 1 + RECORD_FIELDS;
      for (DnsMessage.Option option : message.edns().get().options()) {
        length += OPTION_FIELDS + option.data().length;
      }
    }
    for (DnsMessage.ResourceRecord record : message.additionals()) {
      if (record.type() == TSIG) {
        found++;
        // One length byte for each dot, the first label's and the root's.
        length += record.name().length() + 2 + RECORD_FIELDS + record.data().length;
      }
    }
    return found == count ? length : Integer.MAX_VALUE / 2;
  }

  /** Whether a certain request asks for a name, in whichever of its questions. */
  static boolean asksFor(byte[] b, int at, int length, byte[] wireName) {
    int next = at + HEADER_LENGTH;
    for (int left = Bytes.u16(b, at + 4); left > 0; left--) {
      int name = nameLength(b, next, at + length);
      if (name == wireName.length && isSame(b, next, wireName)) {
        return true;
      }
      next += name + 4;
    }
    return false;
  }

  /** Lengths are below any letter, so that the whole wire form can be folded. */
  private static boolean isSame(byte[] b, int at, byte[] wireName) {
    for (int i = 0; i < wireName.length; i++) {
      if (DnsName.fold(b[at + i] & 0xff) != DnsName.fold(wireName[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }
}
