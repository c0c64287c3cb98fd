package org.fwreplay.conntrack;

import java.util.zip.CRC32C;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;

/** SCTP connection tracking with verification tags: nf_conntrack_proto_sctp, RFC 9260. */
public final class SctpTracker {
  static final int NONE = 0;
  static final int CLOSED = 1;
  static final int COOKIE_WAIT = 2;
  static final int COOKIE_ECHOED = 3;
  static final int ESTABLISHED = 4;
  static final int SHUTDOWN_SENT = 5;
  static final int SHUTDOWN_RECD = 6;
  static final int SHUTDOWN_ACK_SENT = 7;
  static final int HEARTBEAT_SENT = 8;
  static final int STATES = 9;
  private static final int INVALID = STATES;

  static final String[] NAMES = {
    "NONE",
    "CLOSED",
    "COOKIE_WAIT",
    "COOKIE_ECHOED",
    "ESTABLISHED",
    "SHUTDOWN_SENT",
    "SHUTDOWN_RECD",
    "SHUTDOWN_ACK_SENT",
    "HEARTBEAT_SENT"
  };

  /** Offset of the CRC32c and length of the common header. */
  public static final int CHECKSUM = 8;

  public static final int HEADER_LENGTH = 12;
  private static final int TAG = 4;

  /** Chunk types (RFC 9260 §3.2). */
  private static final int DATA = 0;

  private static final int INIT = 1;
  private static final int INIT_ACK = 2;
  private static final int HEARTBEAT = 4;
  private static final int HEARTBEAT_ACK = 5;
  private static final int ABORT = 6;
  private static final int SHUTDOWN = 7;
  private static final int SHUTDOWN_ACK = 8;
  private static final int ERROR = 9;
  private static final int COOKIE_ECHO = 10;
  private static final int COOKIE_ACK = 11;
  private static final int SHUTDOWN_COMPLETE = 14;

  private static final int T_FLAG = 1;
  private static final int HEARTBEAT_TAG_FAILED = 1;

  /** Rows: INIT INIT_ACK ABORT SHUTDOWN SHUTDOWN_ACK ERROR ECHO COOKIE_ACK COMPLETE HB HB_ACK. */
  private static final byte[][][] TABLE = {
    {
      {1, 1, 2, 3, 4, 1, 1, 7, 2},
      {1, 1, 2, 3, 4, 5, 6, 7, 1},
      {1, 1, 1, 1, 1, 1, 1, 1, 1},
      {1, 1, 2, 3, 5, 5, 6, 7, 1},
      {7, 1, 2, 3, 4, 7, 7, 7, 7},
      {1, 1, 2, 3, 4, 5, 6, 7, 1},
      {1, 1, 3, 3, 4, 5, 6, 7, 1},
      {1, 1, 2, 4, 4, 5, 6, 7, 1},
      {1, 1, 2, 3, 4, 5, 6, 1, 1},
      {8, 1, 2, 3, 4, 5, 6, 7, 8},
      {1, 1, 2, 3, 4, 5, 6, 7, 8},
    },
    {
      {9, 1, 2, 3, 4, 5, 6, 7, 9},
      {9, 2, 2, 3, 4, 5, 6, 7, 9},
      {9, 1, 1, 1, 1, 1, 1, 1, 9},
      {9, 1, 2, 3, 6, 5, 6, 7, 9},
      {9, 1, 2, 3, 4, 7, 7, 7, 9},
      {9, 1, 2, 1, 4, 5, 6, 7, 9},
      {9, 1, 3, 3, 4, 5, 6, 7, 9},
      {9, 1, 2, 4, 4, 5, 6, 7, 9},
      {9, 1, 2, 3, 4, 5, 6, 1, 9},
      {9, 1, 2, 3, 4, 5, 6, 7, 8},
      {9, 1, 2, 3, 4, 5, 6, 7, 4},
    },
  };

  private final Conntrack conntrack;
  private final ConntrackSettings settings;

  /** Types of the chunks of the packet at hand, as a bit set. */
  private final long[] seen = new long[4];

  private int state;
  private boolean ignore;

  SctpTracker(Conntrack conntrack, ConntrackSettings settings) {
    this.conntrack = conntrack;
    this.settings = settings;
  }

  /** Whether the packet's CRC32c (stored little-endian) is right. */
  public static boolean goodChecksum(Packet p) {
    return p.u32(p.transport + CHECKSUM) == (Integer.reverseBytes(crc(p)) & 0xffffffffL);
  }

  /** Writes the CRC32c anew. */
  public static void writeChecksum(Packet p) {
    Bytes.put32(p.buffer, p.transport + CHECKSUM, Integer.reverseBytes(crc(p)));
  }

  private static int crc(Packet p) {
    CRC32C crc = new CRC32C();
    crc.update(p.buffer, p.transport, CHECKSUM);
    crc.update(ZEROS, 0, 4);
    crc.update(p.buffer, p.transport + HEADER_LENGTH, p.end - p.transport - HEADER_LENGTH);
    return (int) crc.getValue();
  }

  private static final byte[] ZEROS = new byte[4];

  /** Judges a packet; the answers are those of {@link Conntrack}. */
  int packet(Connection ct, Packet p, int info, Hook hook) {
    if (p.transport + HEADER_LENGTH > p.end) {
      return Conntrack.INVALID;
    }
    if (settings.checksum && hook == Hook.PREROUTING && !p.checksumVerified) {
      if (!goodChecksum(p)) {
        return Conntrack.INVALID;
      }
      p.checksumVerified = true;
    }
    if (!readChunks(p)) {
      return Conntrack.INVALID;
    }
    int tag = (int) p.u32(p.transport + TAG);
    if (!ct.is(Connection.CONFIRMED)
        && (has(ABORT) || has(SHUTDOWN_COMPLETE) || has(COOKIE_ACK) || !first(ct, p, tag))) {
      return Conntrack.INVALID;
    }
    int direction = CtInfo.direction(info);
    if (tagCounts() && tag != ct.sctp.tag[direction]) {
      return Conntrack.INVALID;
    }
    ignore = false;
    state = NONE;
    int at = p.transport + HEADER_LENGTH;
    while (at < p.end && at + 4 <= p.end) {
      if (!chunk(ct, p, at, direction, tag)) {
        return Conntrack.INVALID;
      }
      at += p.u16(at + 2) + 3 & ~3;
    }
    if (!ignore) {
      conntrack.refresh(ct, direction, p, settings.sctp[state]);
    }
    return Conntrack.ACCEPT;
  }

  private boolean has(int type) {
    return (seen[type >> 6] & 1L << (type & 63)) != 0;
  }

  /** Which chunks there are; false where they may not stand together, or there is none. */
  private boolean readChunks(Packet p) {
    java.util.Arrays.fill(seen, 0);
    boolean alone = false;
    int count = 0;
    int at = p.transport + HEADER_LENGTH;
    while (at < p.end && at + 4 <= p.end) {
      int type = p.u8(at);
      int length = p.u16(at + 2);
      alone |= type == INIT || type == INIT_ACK || type == SHUTDOWN_COMPLETE;
      boolean leads = type == COOKIE_ACK || type == COOKIE_ECHO || alone;
      if (leads && count != 0 || length == 0) {
        return false;
      }
      seen[type >> 6] |= 1L << (type & 63);
      at += length + 3 & ~3;
      count++;
    }
    return count != 0;
  }

  /** Whether the verification tag is checked for the packet as a whole (RFC 9260 §8.5). */
  private boolean tagCounts() {
    return !(has(INIT)
        || has(SHUTDOWN_COMPLETE)
        || has(COOKIE_ECHO)
        || has(ABORT)
        || has(SHUTDOWN_ACK)
        || has(HEARTBEAT)
        || has(HEARTBEAT_ACK));
  }

  private boolean first(Connection ct, Packet p, int tag) {
    ct.sctp.tag[0] = 0;
    ct.sctp.tag[1] = 0;
    ct.sctp.init[0] = 0;
    ct.sctp.init[1] = 0;
    ct.sctp.flags = 0;
    int at = p.transport + HEADER_LENGTH;
    while (at < p.end && at + 4 <= p.end) {
      int type = p.u8(at);
      int next = next(Connection.ORIGINAL, NONE, type);
      if (next == NONE || next == INVALID) {
        return false;
      }
      if (type == INIT) {
        if (tag != 0 || !p.has(at + 4, 16)) {
          return false;
        }
        ct.sctp.tag[Connection.REPLY] = (int) p.u32(at + 4);
      } else if (type == HEARTBEAT) {
        ct.sctp.tag[Connection.ORIGINAL] = tag;
      } else if (type == SHUTDOWN_ACK) {
        ct.sctp.tag[Connection.REPLY] = tag;
      }
      ct.sctp.state = NONE;
      at += p.u16(at + 2) + 3 & ~3;
    }
    return true;
  }

  private static int next(int direction, int state, int type) {
    int row =
        switch (type) {
          case INIT -> 0;
          case INIT_ACK -> 1;
          case ABORT -> 2;
          case SHUTDOWN -> 3;
          case SHUTDOWN_ACK -> 4;
          case ERROR -> 5;
          case COOKIE_ECHO -> 6;
          case COOKIE_ACK -> 7;
          case SHUTDOWN_COMPLETE -> 8;
          case HEARTBEAT -> 9;
          case HEARTBEAT_ACK -> 10;
          default -> -1;
        };
    return row < 0 ? state : TABLE[direction][row][state];
  }

  /** One chunk: the tag rules of §8.5.1, then the state; false makes the packet invalid. */
  private boolean chunk(Connection ct, Packet p, int at, int direction, int tag) {
    int type = p.u8(at);
    switch (type) {
      case INIT:
        if (tag != 0) {
          return false;
        }
        break;
      case ABORT, SHUTDOWN_COMPLETE:
        boolean reflected = (p.u8(at + 1) & T_FLAG) != 0;
        if (tag != ct.sctp.tag[reflected ? 1 - direction : direction]) {
          return false;
        }
        break;
      case COOKIE_ECHO:
        if (tag != ct.sctp.tag[direction]) {
          return false;
        }
        break;
      case COOKIE_ACK:
        ct.sctp.init[0] = 0;
        ct.sctp.init[1] = 0;
        break;
      case HEARTBEAT, HEARTBEAT_ACK:
        int answer = heartbeat(ct, type, direction, tag);
        if (answer != HEARTBEAT_COUNTS) {
          return answer == HEARTBEAT_SKIPPED;
        }
        break;
      default:
        break;
    }
    int oldState = ct.sctp.state;
    state = next(direction, oldState, type);
    if (state == INVALID) {
      return false;
    }
    if (type == INIT && !init(ct, p, at, direction, oldState)
        || type == INIT_ACK && !initAck(ct, p, at, direction)) {
      return false;
    }
    ct.sctp.state = state;
    if (oldState != state) {
      conntrack.changed(ct, CtEvent.PROTOCOL);
      if (state == ESTABLISHED) {
        ct.status |= Connection.ASSURED;
        conntrack.changed(ct, CtEvent.ASSURED);
      }
    }
    return true;
  }

  private static final int HEARTBEAT_COUNTS = 0;
  private static final int HEARTBEAT_SKIPPED = 1;
  private static final int HEARTBEAT_INVALID = 2;

  private int heartbeat(Connection ct, int type, int direction, int tag) {
    if (ct.sctp.tag[direction] == 0) {
      ct.sctp.tag[direction] = tag;
      return HEARTBEAT_COUNTS;
    }
    if (tag == ct.sctp.tag[direction]) {
      ct.sctp.flags &= ~HEARTBEAT_TAG_FAILED;
      return HEARTBEAT_COUNTS;
    }
    if (has(DATA) || ignore) {
      return HEARTBEAT_INVALID;
    }
    if (type == HEARTBEAT) {
      ct.sctp.flags |= HEARTBEAT_TAG_FAILED;
      ct.sctp.lastDirection = direction;
      ignore = true;
      return HEARTBEAT_SKIPPED;
    }
    if ((ct.sctp.flags & HEARTBEAT_TAG_FAILED) == 0 || ct.sctp.lastDirection == direction) {
      return HEARTBEAT_INVALID;
    }
    ct.sctp.flags &= ~HEARTBEAT_TAG_FAILED;
    ct.sctp.tag[direction] = tag;
    ct.sctp.tag[1 - direction] = 0;
    return HEARTBEAT_COUNTS;
  }

  private boolean init(Connection ct, Packet p, int at, int direction, int oldState) {
    if (!p.has(at + 4, 16)) {
      return false;
    }
    int peerTag = (int) p.u32(at + 4);
    int other = 1 - direction;
    if (oldState == NONE || ct.sctp.tag[other] != peerTag) {
      if (ct.sctp.init[direction] != 0 && ct.sctp.init[other] != 0) {
        ct.sctp.init[other] = 0;
      }
      ct.sctp.init[direction] = 1;
    }
    ct.sctp.tag[other] = peerTag;
    // A retransmitted INIT shall not keep the entry alive for ever.
    if (state == CLOSED && oldState == CLOSED && ct.is(Connection.CONFIRMED)) {
      ignore = true;
    }
    return true;
  }

  private static boolean initAck(Connection ct, Packet p, int at, int direction) {
    if (!p.has(at + 4, 16)) {
      return false;
    }
    int peerTag = (int) p.u32(at + 4);
    int other = 1 - direction;
    int known = ct.sctp.tag[other];
    if (ct.sctp.init[other] == 0 && known != 0 && known != peerTag) {
      return false;
    }
    if (ct.sctp.init[direction] != 0 && ct.sctp.init[other] != 0 && known != peerTag) {
      return false;
    }
    ct.sctp.tag[other] = peerTag;
    return true;
  }
}
