package org.fwreplay.replay;

import java.nio.charset.StandardCharsets;

/**
 * What the payload of a SIP message over UDP says of its place among others, by its call and its
 * CSeq (RFC 3261). Looked at only when it is asked.
 */
final class SipPlace {
  private static final int LIMIT = 2048;
  private static final byte[] STATUS = ascii("SIP/2.0 ");
  private static final byte[] VERSION = ascii(" SIP/2.0");
  private static final byte[] ACK = ascii("ACK ");
  private static final byte[] CALL_ID = ascii("call-id:");
  private static final byte[] CSEQ = ascii("cseq:");

  private byte[] bytes;
  private int start;
  private int end;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The payload, from {@code start} to before {@code end}. */
  void set(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.start = start;
    this.end = Math.min(end, start + LIMIT);
  }

  /**
   * Whether this is what comes next in a transaction: a response to the other's request, or the ACK
   * of the other's response.
   */
  boolean answers(SipPlace other) {
    boolean response = begins(STATUS);
    boolean otherResponse = other.begins(STATUS);
    boolean ack = begins(ACK);
    if (response == otherResponse || otherResponse && !ack || !other.isSip()) {
      return false;
    }
    return !other.begins(ACK) && sameLine(other, CALL_ID, false) && sameLine(other, CSEQ, ack);
  }

  private boolean isSip() {
    if (begins(STATUS)) {
      return true;
    }
    int line = start;
    while (line < end && bytes[line] != '\r' && bytes[line] != '\n') {
      line++;
    }
    return line - start > VERSION.length && at(line - VERSION.length, VERSION);
  }

  private boolean begins(byte[] text) {
    return at(start, text);
  }

  private boolean at(int place, byte[] text) {
    if (place < start || place + text.length > end) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (bytes[place + i] != text[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether both have a header with the same value; with {@code number} its first word counts. */
  private boolean sameLine(SipPlace other, byte[] name, boolean number) {
    int a = value(name);
    int b = other.value(name);
    if (a < 0 || b < 0) {
      return false;
    }
    while (a < end && b < other.end && bytes[a] == other.bytes[b]) {
      if (isEnd(bytes[a], number)) {
        return true;
      }
      a++;
      b++;
    }
    return a < end && b < other.end && isEnd(bytes[a], number) && isEnd(other.bytes[b], number);
  }

  private static boolean isEnd(byte c, boolean number) {
    return c == '\r' || c == '\n' || number && c == ' ';
  }

  /** Where the value of a header begins, -1 for none. */
  private int value(byte[] name) {
    for (int i = start; i + name.length < end; i++) {
      if (bytes[i] == '\n' && isName(i + 1, name)) {
        int value = i + 1 + name.length;
        while (value < end && bytes[value] == ' ') {
          value++;
        }
        return value;
      }
    }
    return -1;
  }

  private boolean isName(int place, byte[] name) {
    for (int i = 0; i < name.length; i++) {
      if (place + i >= end || Character.toLowerCase((char) bytes[place + i]) != name[i]) {
        return false;
      }
    }
    return true;
  }
}
