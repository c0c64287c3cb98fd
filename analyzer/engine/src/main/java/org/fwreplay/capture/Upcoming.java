package org.fwreplay.capture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The next records of a capture. The first stays in the buffer of its reader, nothing is copied,
 * until somebody looks further ahead.
 */
public final class Upcoming {
  final CaptureReader reader;
  private final int order;
  private final int source;
  private CaptureRecord read;
  private final List<CaptureRecord> copies = new ArrayList<>();
  private final Deque<CaptureRecord> unused = new ArrayDeque<>();
  private CaptureRecord first;
  private boolean ended;

  Upcoming(CaptureReader reader, int order, int source) {
    this.reader = reader;
    this.order = order;
    this.source = source;
  }

  /** The next record. */
  CaptureRecord first() {
    return first;
  }

  /**
   * A record further ahead.
   *
   * @param n 0 for the next one
   * @return null behind the capture's end
   */
  public CaptureRecord at(int n) {
    if (n == 0) {
      return first;
    }
    while (copies.size() < n && !ended) {
      if (first == read) {
        first = copy();
      }
      if (readOn()) {
        copies.add(copy());
      }
    }
    return copies.size() < n ? null : copies.get(n - 1);
  }

  /** Goes to the record behind the next one; false where there is none. */
  boolean advance() {
    if (first != read) {
      unused.add(first);
    }
    if (!copies.isEmpty()) {
      first = copies.remove(0);
      return true;
    }
    boolean more = readOn();
    first = read;
    return more;
  }

  private boolean readOn() {
    CaptureRecord next = ended ? null : reader.next();
    ended = next == null;
    if (!ended) {
      next.source = source;
      read = next;
    }
    return !ended;
  }

  private CaptureRecord copy() {
    CaptureRecord copy = unused.isEmpty() ? new CaptureRecord() : unused.remove();
    byte[] bytes = copy.buffer;
    copy.set(read);
    copy.buffer = bytes == null || bytes.length < read.length ? new byte[read.length] : bytes;
    copy.offset = 0;
    System.arraycopy(read.buffer, read.offset, copy.buffer, 0, read.length);
    return copy;
  }

  boolean before(Upcoming other) {
    long time = first.timeNs;
    long otherTime = other.first.timeNs;
    return time < otherTime || time == otherTime && order < other.order;
  }
}
