package org.fwreplay.capture;

/**
 * Walks over the options of a pcapng block: draft-ietf-opsawg-pcapng section 3.5. Reused, allocates
 * nothing.
 */
final class PcapngOptions {
  private static final int END = 0;
  private static final int HEADER = 4;

  /** Of the current option: code, index of its value, length of its value. */
  int code;

  int at;
  int length;

  private byte[] bytes;
  private int next;
  private int end;
  private boolean bigEndian;

  /** Starts over the options in {@code [from, end)}. */
  void reset(byte[] bytes, int from, int end, boolean bigEndian) {
    this.bytes = bytes;
    this.next = from;
    this.end = end;
    this.bigEndian = bigEndian;
  }

  /** Moves to the next option; false at the end, also where an option would reach over it. */
  boolean next() {
    if (end - next < HEADER) {
      return false;
    }
    code = Bytes.u16(bytes, next, bigEndian);
    length = Bytes.u16(bytes, next + 2, bigEndian);
    at = next + HEADER;
    if (code == END || length > end - at) {
      return false;
    }
    next = at + (length + 3 & ~3);
    return true;
  }
}
