package org.fwreplay.helper;

/**
 * Walks over an SNMP message (RFC 1157, 3416) and shows its IpAddress values, as lenient and as
 * strict as Linux: a sequence may end early between two elements, what a choice does not name is
 * refused, and so is an empty list of variables.
 *
 * <p>It steps through a table of expected tags; what the kernel's table driven BER decoder does
 * with the same grammar is what it does.
 */
final class SnmpDecoder {
  /** What is done with an IpAddress value of four bytes. */
  @FunctionalInterface
  interface AddressAction {
    /**
     * An address was found.
     *
     * @param at offset of its first byte
     */
    void address(int at);
  }

  private static final int TAG = 0xff;

  /** The tag may be another: the step is left out. */
  private static final int OPTIONAL = 0x100;

  /** Left out where the step before matched. */
  private static final int UNLESS_MATCHED = 0x200;

  private static final int VERSION = 0x400;
  private static final int ADDRESS = 0x800;

  /** Goes on with the PDU's steps, and comes back. */
  private static final int CALL = 0x1000;

  private static final int END_SEQUENCE = 0x10000;
  private static final int END_LIST = 0x20000;
  private static final int MUST_HAVE_MATCHED = 0x30000;
  private static final int RETURN = 0x40000;
  private static final int COMPLETE = 0x50000;

  private static final int PDU = OPTIONAL | CALL | 0xa0;
  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int NULL = 0x05;
  private static final int OBJECT_ID = 0x06;
  private static final int SEQUENCE = 0x30;
  private static final int CONSTRUCTED = 0x20;
  private static final int LONG_TAG = 0x1f;
  private static final int CHOICE = OPTIONAL | UNLESS_MATCHED;

  private static final int[] STEPS = {
    SEQUENCE,
    INTEGER | VERSION,
    OCTET_STRING,
    PDU,
    PDU | 1,
    PDU | 5,
    PDU | 2,
    PDU | 3,
    PDU | 6,
    PDU | 7,
    PDU | 8,
    MUST_HAVE_MATCHED,
    END_SEQUENCE,
    COMPLETE,
    // a PDU: three numbers and the list of variables
    INTEGER,
    INTEGER,
    INTEGER,
    SEQUENCE,
    // a variable: name and value
    SEQUENCE,
    OBJECT_ID,
    INTEGER | OPTIONAL,
    OCTET_STRING | CHOICE,
    OBJECT_ID | CHOICE,
    0x40 | OPTIONAL | ADDRESS,
    0x41 | OPTIONAL,
    0x43 | OPTIONAL,
    0x44 | OPTIONAL,
    0x46 | OPTIONAL,
    0x42 | OPTIONAL,
    NULL | CHOICE,
    0x80 | CHOICE,
    0x81 | CHOICE,
    0x82 | CHOICE,
    MUST_HAVE_MATCHED,
    END_SEQUENCE,
    END_LIST,
    END_SEQUENCE,
    RETURN,
  };

  private static final int PDU_STEP = 14;
  private static final int VARIABLE_STEP = 18;
  private static final int MAX_DEPTH = 10;

  /** Where each open sequence's parent ends; -1 for a sequence of indefinite length. */
  private final int[] ends = new int[MAX_DEPTH];

  private byte[] data;
  private AddressAction action;
  private int depth;
  private int at;
  private int end;
  private int length;
  private boolean matched;
  private boolean called;
  private int back;

  /** Walks over the message in {@code [from, to)}; false where it is none. */
  boolean decode(byte[] bytes, int from, int to, AddressAction addresses) {
    data = bytes;
    action = addresses;
    at = from;
    end = to;
    depth = 0;
    matched = false;
    called = false;
    int step = 0;
    while (STEPS[step] != COMPLETE) {
      step = step(step);
      if (step < 0) {
        return false;
      }
    }
    return depth == 0;
  }

  /** The next step, -1 for an error. */
  private int step(int step) {
    switch (STEPS[step]) {
      case MUST_HAVE_MATCHED:
        return matched ? step + 1 : -1;
      case RETURN:
        called = false;
        return back;
      case END_SEQUENCE:
        return endSequence(false) == ENDED ? step + 1 : -1;
      case END_LIST:
        int result = endSequence(true);
        return result == ENDED ? step + 1 : result == CONTINUED ? VARIABLE_STEP : -1;
      default:
        return element(step);
    }
  }

  private int element(int step) {
    int op = STEPS[step];
    if ((op & UNLESS_MATCHED) != 0 && matched || at == end) {
      return step + 1;
    }
    matched = false;
    if (end - at < 2) {
      return -1;
    }
    int tag = data[at] & 0xff;
    if ((tag & LONG_TAG) == LONG_TAG) {
      return -1;
    }
    int expected = op & TAG;
    boolean sequence = (expected & CONSTRUCTED) != 0;
    if (((expected ^ tag) & ~(expected & CONSTRUCTED)) != 0) {
      return (op & OPTIONAL) != 0 ? step + 1 : -1;
    }
    at++;
    matched = true;
    if (!readLength(tag)) {
      return -1;
    }
    if (sequence && !open()) {
      return -1;
    }
    if ((op & CALL) != 0) {
      if (called) {
        return -1;
      }
      called = true;
      back = step + 1;
      return PDU_STEP;
    }
    boolean good = (op & (VERSION | ADDRESS)) == 0 || value((op & VERSION) != 0);
    if (!sequence) {
      at += length;
    }
    return good ? step + 1 : -1;
  }

  /** Sets {@link #length}, -1 for an indefinite one. */
  private boolean readLength(int tag) {
    length = data[at++] & 0xff;
    if (length == 0x80) {
      length = -1;
      return (tag & CONSTRUCTED) != 0 && end - at >= 2;
    }
    if (length > 0x80) {
      int count = length - 0x80;
      if (count > 2 || count > end - at) {
        return false;
      }
      length = 0;
      for (; count > 0; count--) {
        length = length << 8 | data[at++] & 0xff;
      }
    }
    return length <= end - at;
  }

  private boolean open() {
    if (depth == MAX_DEPTH) {
      return false;
    }
    ends[depth++] = length < 0 ? -1 : end;
    if (length >= 0) {
      end = at + length;
    }
    return true;
  }

  private boolean value(boolean version) {
    if (version) {
      return length == 1 && (data[at] & 0xff) <= 1;
    }
    if (length != 4) {
      return false;
    }
    action.address(at);
    return true;
  }

  private static final int FAILED = -1;
  private static final int ENDED = 0;
  private static final int CONTINUED = 1;

  private int endSequence(boolean list) {
    if (depth == 0) {
      return FAILED;
    }
    int parent = ends[depth - 1];
    if (parent < 0) {
      return endIndefinite(list);
    }
    if (at < end && list) {
      return CONTINUED;
    }
    if (at != end) {
      return FAILED;
    }
    depth--;
    end = parent;
    return ENDED;
  }

  /** Two zero bytes end a sequence of indefinite length. */
  private int endIndefinite(boolean list) {
    if (end - at < 2) {
      return FAILED;
    }
    if (data[at] != 0) {
      return list ? CONTINUED : FAILED;
    }
    if (data[at + 1] != 0) {
      return FAILED;
    }
    at += 2;
    depth--;
    return ENDED;
  }
}
