package org.fwreplay.conntrack;

import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;

/**
 * TCP connection tracking with complete window tracking: nf_conntrack_proto_tcp.
 *
 * <p>A segment is judged by two things: the state table (direction, kind of segment, state so far)
 * and the windows of both sides, after Guido van Rooij's "Real Stateful TCP Packet Filtering in IP
 * Filter".
 */
final class TcpTracker {
  static final int NONE = 0;
  static final int SYN_SENT = 1;
  static final int SYN_RECV = 2;
  static final int ESTABLISHED = 3;
  static final int FIN_WAIT = 4;
  static final int CLOSE_WAIT = 5;
  static final int LAST_ACK = 6;
  static final int TIME_WAIT = 7;
  static final int CLOSE = 8;
  static final int SYN_SENT2 = 9;

  /** The state table's "invalid" and "ignore". */
  private static final int INVALID = 10;

  private static final int IGNORE = 11;

  static final int TIMEOUT_RETRANS = 10;
  static final int TIMEOUT_UNACK = 11;
  static final int TIMEOUTS = 12;

  static final String[] NAMES = {
    "NONE",
    "SYN_SENT",
    "SYN_RECV",
    "ESTABLISHED",
    "FIN_WAIT",
    "CLOSE_WAIT",
    "LAST_ACK",
    "TIME_WAIT",
    "CLOSE",
    "SYN_SENT2"
  };

  /**
   * Columns: NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE S2.
   */
  private static final byte[][][] STATES = {
    {
      row(1, 1, IGNORE, IGNORE, IGNORE, IGNORE, IGNORE, 1, 1, 9),
      row(INVALID, INVALID, 2, INVALID, INVALID, INVALID, INVALID, INVALID, INVALID, 2),
      row(INVALID, INVALID, 4, 4, 6, 6, 6, 7, 8, INVALID),
      row(3, INVALID, 3, 3, 5, 5, 7, 7, 8, INVALID),
      row(INVALID, 8, 8, 8, 8, 8, 8, 8, 8, 8),
      allInvalid(),
    },
    {
      row(INVALID, 9, INVALID, INVALID, INVALID, INVALID, INVALID, 1, INVALID, 9),
      row(INVALID, 2, IGNORE, IGNORE, IGNORE, IGNORE, IGNORE, IGNORE, IGNORE, 2),
      row(INVALID, INVALID, 4, 4, 6, 6, 6, 7, 8, INVALID),
      row(INVALID, IGNORE, 2, 3, 5, 5, 7, 7, 8, IGNORE),
      row(INVALID, 8, 8, 8, 8, 8, 8, 8, 8, 8),
      allInvalid(),
    },
  };

  private final Conntrack conntrack;
  private final ConntrackSettings settings;

  /** Scratch for the options of a SYN that is only noted down. */
  private final TcpState.Side noted = new TcpState.Side();

  private final TcpSegment segment = new TcpSegment();
  private final TcpWindow window;

  TcpTracker(Conntrack conntrack, ConntrackSettings settings) {
    this.conntrack = conntrack;
    this.settings = settings;
    this.window = new TcpWindow(conntrack, settings);
  }

  private static byte[] row(int... states) {
    byte[] row = new byte[10];
    for (int i = 0; i < 10; i++) {
      row[i] = (byte) states[i];
    }
    return row;
  }

  private static byte[] allInvalid() {
    int[] states = new int[10];
    java.util.Arrays.fill(states, INVALID);
    return row(states);
  }

  /** Judges a segment; the answers are those of {@link Conntrack}. */
  int packet(Connection ct, Packet p, int info, Hook hook) {
    if (!segment.read(p) || hasBadChecksum(p, hook) || !segment.hasValidFlags()) {
      return Conntrack.INVALID;
    }
    if (!ct.is(Connection.CONFIRMED) && !first(ct, p)) {
      return Conntrack.INVALID;
    }
    return judge(ct, p, info);
  }

  private boolean hasBadChecksum(Packet p, Hook hook) {
    return settings.checksum && hook == Hook.PREROUTING && !TransportChecksums.good(p);
  }

  /** The first segment of a connection: {@code tcp_new}. */
  private boolean first(Connection ct, Packet p) {
    int state = STATES[0][segment.kind()][NONE];
    if (state >= INVALID) {
      return false;
    }
    if (state != SYN_SENT && !settings.tcpLoose) {
      return false;
    }
    TcpState tcp = ct.tcp;
    tcp.clear();
    TcpState.Side sender = tcp.seen[0];
    sender.end = segment.end;
    sender.maxWindow = segment.window == 0 ? 1 : segment.window;
    if (state == SYN_SENT) {
      sender.maxEnd = sender.end;
      segment.options(sender);
    } else {
      // In the middle of a connection whose history is lost.
      sender.maxEnd = sender.end + sender.maxWindow;
      sender.flags = TcpState.SACK_PERM | TcpState.BE_LIBERAL;
      tcp.seen[1].flags = TcpState.SACK_PERM | TcpState.BE_LIBERAL;
    }
    tcp.lastIndex = TcpSegment.NONE_SET;
    return true;
  }

  private int judge(Connection ct, Packet p, int info) {
    TcpState tcp = ct.tcp;
    int oldState = tcp.state;
    int direction = CtInfo.direction(info);
    int kind = segment.kind();
    int newState = STATES[direction][kind][oldState];
    if (newState == SYN_SENT && oldState >= TIME_WAIT) {
      if (mayReopen(tcp, direction)) {
        return conntrack.kill(ct) ? Conntrack.REPEAT : Conntrack.DROP;
      }
      newState = IGNORE;
    }
    boolean checkWindow = true;
    switch (newState) {
      case IGNORE:
        if (!answersIgnoredSyn(tcp, direction, kind)) {
          return ignore(tcp, p, direction, kind, oldState);
        }
        oldState = SYN_SENT;
        newState = SYN_RECV;
        takeOverNotedSyn(tcp, direction);
        break;
      case INVALID:
        return Conntrack.INVALID;
      case TIME_WAIT:
        if (isChallengeAck(tcp, direction, kind, oldState)) {
          tcp.lastFlags &= ~TcpState.CHALLENGE_ACK;
          return Conntrack.ACCEPT;
        }
        break;
      case SYN_SENT2:
        tcp.lastFlags |= TcpState.SIMULTANEOUS_OPEN;
        break;
      case SYN_RECV:
        if (direction == Connection.REPLY
            && kind == TcpSegment.ACK_SET
            && (tcp.lastFlags & TcpState.SIMULTANEOUS_OPEN) != 0) {
          newState = ESTABLISHED;
        }
        break;
      case CLOSE:
        if (kind != TcpSegment.RST_SET) {
          break;
        }
        int reset = judgeReset(ct, direction);
        if (reset == RESET_INVALID) {
          return Conntrack.INVALID;
        }
        if (reset == RESET_KEEPS_STATE) {
          newState = oldState;
        }
        if (reset == RESET_SKIPS_WINDOW
            || reset != RESET_IN_ORDER && answersSomethingLetThrough(ct, direction, oldState)) {
          checkWindow = false;
        }
        break;
      default:
        break;
    }
    if (checkWindow) {
      int result = window.judge(ct, segment, direction, kind);
      if (result == TcpWindow.LET_PASS) {
        return Conntrack.ACCEPT;
      }
      if (result == TcpWindow.OUT_OF_WINDOW) {
        shortenTimeout(ct, direction, kind);
        return Conntrack.INVALID;
      }
    }
    return enter(ct, p, info, kind, oldState, newState);
  }

  private static boolean mayReopen(TcpState tcp, int direction) {
    return ((tcp.seen[0].flags | tcp.seen[1].flags) & TcpState.CLOSE_INIT) != 0
        || tcp.lastDirection == direction && tcp.lastIndex == TcpSegment.RST_SET;
  }

  private boolean answersIgnoredSyn(TcpState tcp, int direction, int kind) {
    return kind == TcpSegment.SYNACK_SET
        && tcp.lastIndex == TcpSegment.SYN_SET
        && tcp.lastDirection != direction
        && segment.acknowledgment == tcp.lastEnd;
  }

  /** Client and server are in sync, we are not: the SYN that was ignored becomes the truth. */
  private static void takeOverNotedSyn(TcpState tcp, int direction) {
    TcpState.Side syn = tcp.seen[tcp.lastDirection];
    syn.end = tcp.lastEnd;
    syn.maxEnd = tcp.lastEnd;
    syn.maxWindow = tcp.lastWindow == 0 ? 1 : tcp.lastWindow;
    syn.scale = tcp.lastScale;
    tcp.lastFlags &= ~TcpState.CHALLENGE_ACK;
    syn.flags = tcp.lastFlags;
    TcpState.Side other = tcp.seen[direction];
    int liberal = other.flags & TcpState.BE_LIBERAL;
    other.clear();
    other.flags = liberal;
  }

  /** A segment that may be valid or not: it passes and is noted down. */
  private int ignore(TcpState tcp, Packet p, int direction, int kind, int oldState) {
    tcp.lastIndex = kind;
    tcp.lastDirection = direction;
    tcp.lastSequence = segment.sequence;
    tcp.lastEnd = segment.end;
    tcp.lastWindow = segment.window;
    if (kind == TcpSegment.SYN_SET && direction == Connection.ORIGINAL) {
      tcp.lastFlags = 0;
      tcp.lastScale = 0;
      noted.clear();
      segment.options(noted);
      if ((noted.flags & TcpState.WINDOW_SCALE) != 0) {
        tcp.lastFlags |= TcpState.WINDOW_SCALE;
        tcp.lastScale = noted.scale;
      }
      tcp.lastFlags |= noted.flags & TcpState.SACK_PERM;
      if (oldState == LAST_ACK) {
        tcp.lastFlags |= TcpState.CHALLENGE_ACK;
      }
    }
    if (oldState == SYN_SENT && kind == TcpSegment.ACK_SET && direction == Connection.REPLY) {
      tcp.lastAck = segment.acknowledgment;
    }
    return Conntrack.ACCEPT;
  }

  /** RFC 5961: an ACK that answers a stray SYN, not our FIN. */
  private static boolean isChallengeAck(TcpState tcp, int direction, int kind, int oldState) {
    return oldState == LAST_ACK
        && kind == TcpSegment.ACK_SET
        && tcp.lastDirection != direction
        && tcp.lastIndex == TcpSegment.SYN_SET
        && (tcp.lastFlags & TcpState.CHALLENGE_ACK) != 0;
  }

  private static final int RESET_IN_ORDER = 0;
  private static final int RESET_SKIPS_WINDOW = 1;
  private static final int RESET_INVALID = 2;
  private static final int RESET_KEEPS_STATE = 3;
  private static final int RESET_OPEN = 4;

  private int judgeReset(Connection ct, int direction) {
    TcpState tcp = ct.tcp;
    if (isClosing(tcp.state)) {
      return RESET_SKIPS_WINDOW;
    }
    TcpState.Side peer = tcp.seen[1 - direction];
    if ((peer.flags & TcpState.MAXACK_SET) == 0 || tcp.lastIndex == TcpSegment.SYN_SET) {
      return RESET_OPEN;
    }
    boolean established = tcp.state == ESTABLISHED && ct.is(Connection.ASSURED);
    if (segment.sequence == 0 && !established) {
      return RESET_IN_ORDER;
    }
    if (TcpSegment.before(segment.sequence, peer.maxAck) && !settings.tcpIgnoreInvalidRst) {
      return RESET_INVALID;
    }
    if (!established || segment.sequence == peer.maxAck) {
      return RESET_IN_ORDER;
    }
    if (tcp.lastIndex == TcpSegment.ACK_SET
        && tcp.lastDirection == direction
        && segment.sequence == tcp.lastEnd) {
      return RESET_IN_ORDER;
    }
    return RESET_KEEPS_STATE;
  }

  /** Whether the reset answers a SYN, ACK or challenge ACK that we had let through. */
  private boolean answersSomethingLetThrough(Connection ct, int direction, int oldState) {
    TcpState tcp = ct.tcp;
    boolean answersSyn =
        ct.is(Connection.SEEN_REPLY)
            && tcp.lastIndex == TcpSegment.SYN_SET
            && tcp.lastDirection != direction;
    boolean answersAck = !ct.is(Connection.ASSURED) && tcp.lastIndex == TcpSegment.ACK_SET;
    if ((answersSyn || answersAck) && segment.acknowledgment == tcp.lastEnd) {
      return true;
    }
    return oldState == SYN_SENT
        && tcp.lastIndex == TcpSegment.ACK_SET
        && tcp.lastDirection == Connection.REPLY
        && segment.sequence == tcp.lastAck;
  }

  static boolean isClosing(int state) {
    return switch (state) {
      case FIN_WAIT, LAST_ACK, TIME_WAIT, CLOSE, CLOSE_WAIT -> true;
      default -> false;
    };
  }

  /** The segment is accepted: new state, timeout, assurance. */
  private int enter(Connection ct, Packet p, int info, int kind, int oldState, int newState) {
    TcpState tcp = ct.tcp;
    int direction = CtInfo.direction(info);
    tcp.lastIndex = kind;
    tcp.lastDirection = direction;
    tcp.state = newState;
    if (oldState != newState && newState == FIN_WAIT) {
      tcp.seen[direction].flags |= TcpState.CLOSE_INIT;
    }
    long timeout = timeout(tcp, kind, newState);
    if (newState != oldState) {
      conntrack.changed(ct, CtEvent.PROTOCOL);
    }
    if (!ct.is(Connection.SEEN_REPLY)) {
      if (segment.isSet(Tcp.RST)) {
        conntrack.account(ct, direction, p);
        conntrack.kill(ct);
        return Conntrack.ACCEPT;
      }
      if (kind == TcpSegment.SYN_SET && oldState == SYN_SENT) {
        return Conntrack.ACCEPT;
      }
      if (newState == ESTABLISHED) {
        timeout = Math.min(timeout, settings.tcp[TIMEOUT_UNACK]);
      }
    } else if (!ct.is(Connection.ASSURED)
        && (oldState == SYN_RECV || oldState == ESTABLISHED)
        && newState == ESTABLISHED) {
      ct.status |= Connection.ASSURED;
      conntrack.changed(ct, CtEvent.ASSURED);
    }
    conntrack.refresh(ct, direction, p, timeout);
    return Conntrack.ACCEPT;
  }

  private long timeout(TcpState tcp, int kind, int newState) {
    long own = settings.tcp[newState];
    long retrans = settings.tcp[TIMEOUT_RETRANS];
    long unack = settings.tcp[TIMEOUT_UNACK];
    if (tcp.retransmissions >= settings.tcpMaxRetransmissions && own > retrans) {
      return retrans;
    }
    // So does Linux 6.18 (and those before 6.11); in between a reset that leaves the connection
    // established left it tcp_timeout_unacknowledged.
    if (kind == TcpSegment.RST_SET) {
      return settings.tcp[CLOSE];
    }
    if (((tcp.seen[0].flags | tcp.seen[1].flags) & TcpState.DATA_UNACKNOWLEDGED) != 0
        && own > unack) {
      return unack;
    }
    if (tcp.lastWindow == 0 && own > retrans) {
      return retrans;
    }
    return own;
  }

  /** An out-of-window RST or FIN on both sides: the entry shall not linger for days. */
  private void shortenTimeout(Connection ct, int direction, int kind) {
    TcpState tcp = ct.tcp;
    if (!ct.is(Connection.ASSURED)
        || ct.is(Connection.FIXED_TIMEOUT)
        || kind != TcpSegment.RST_SET && kind != TcpSegment.FIN_SET) {
      return;
    }
    if (tcp.lastDirection != direction
        && (tcp.lastIndex == TcpSegment.FIN_SET || tcp.lastIndex == TcpSegment.RST_SET)) {
      long left = ct.expiresNs - conntrack.nowNs();
      long unack = settings.tcp[TIMEOUT_UNACK];
      if (left >= 120_000_000_000L && left > unack) {
        conntrack.setTimeout(ct, unack);
      }
    } else {
      tcp.lastIndex = kind;
      tcp.lastDirection = direction;
    }
  }
}
