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

  /** Kinds of segments: the state table's rows. */
  private static final int SYN_SET = 0;

  private static final int SYNACK_SET = 1;
  private static final int FIN_SET = 2;
  private static final int ACK_SET = 3;
  private static final int RST_SET = 4;
  private static final int NONE_SET = 5;

  /** Flags of a side: {@code IP_CT_TCP_FLAG_*}. */
  private static final int WINDOW_SCALE = 0x01;

  private static final int SACK_PERM = 0x02;
  private static final int CLOSE_INIT = 0x04;
  private static final int BE_LIBERAL = 0x08;
  private static final int DATA_UNACKNOWLEDGED = 0x10;
  private static final int MAXACK_SET = 0x20;
  private static final int CHALLENGE_ACK = 0x40;
  private static final int SIMULTANEOUS_OPEN = 0x80;

  private static final int MAX_WINDOW_SCALE = 14;
  private static final int MAX_ACK_WINDOW = 66_000;

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

  private static final int ACCEPTED = 0;
  private static final int OUT_OF_WINDOW = 1;
  private static final int LET_PASS = 2;

  private final Conntrack conntrack;
  private final ConntrackSettings settings;

  /** Scratch for the options of a SYN that is only noted down. */
  private final TcpState.Side noted = new TcpState.Side();

  // The segment at hand, decoded once.
  private int sequence;
  private int acknowledgment;
  private int rawWindow;
  private int flags;
  private int segmentEnd;
  private int headerLength;

  TcpTracker(Conntrack conntrack, ConntrackSettings settings) {
    this.conntrack = conntrack;
    this.settings = settings;
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

  /** Whether the flags are a combination that TCP knows; PSH, ECE and CWR are always fine. */
  private static boolean validFlags(int flags) {
    return switch (flags & (Tcp.FIN | Tcp.SYN | Tcp.RST | Tcp.ACK | Tcp.URG)) {
      case Tcp.SYN,
          Tcp.SYN | Tcp.URG,
          Tcp.SYN | Tcp.ACK,
          Tcp.RST,
          Tcp.RST | Tcp.ACK,
          Tcp.FIN | Tcp.ACK,
          Tcp.FIN | Tcp.ACK | Tcp.URG,
          Tcp.ACK,
          Tcp.ACK | Tcp.URG ->
          true;
      default -> false;
    };
  }

  /** Judges a segment; the answers are those of {@link Conntrack}. */
  int packet(Connection ct, Packet p, int info, Hook hook) {
    int at = p.transport;
    if (!decode(p, at) || hasBadChecksum(p, hook) || !validFlags(flags)) {
      return Conntrack.INVALID;
    }
    if (!ct.is(Connection.CONFIRMED) && !first(ct, p)) {
      return Conntrack.INVALID;
    }
    return judge(ct, p, info);
  }

  private boolean decode(Packet p, int at) {
    if (at + Tcp.MIN_LENGTH > p.end) {
      return false;
    }
    headerLength = (p.u8(at + Tcp.DATA_OFFSET) >> 4) * 4;
    if (headerLength < Tcp.MIN_LENGTH || at + headerLength > p.end) {
      return false;
    }
    sequence = (int) p.u32(at + Tcp.SEQUENCE);
    acknowledgment = (int) p.u32(at + Tcp.ACKNOWLEDGMENT);
    rawWindow = p.u16(at + Tcp.WINDOW);
    flags = p.u8(at + Tcp.FLAGS);
    segmentEnd =
        sequence
            + (p.end - at - headerLength)
            + (isSet(Tcp.SYN) ? 1 : 0)
            + (isSet(Tcp.FIN) ? 1 : 0);
    return true;
  }

  private boolean hasBadChecksum(Packet p, Hook hook) {
    return settings.checksum && hook == Hook.PREROUTING && !TransportChecksums.good(p);
  }

  private boolean isSet(int flag) {
    return (flags & flag) != 0;
  }

  private int kind() {
    if (isSet(Tcp.RST)) {
      return RST_SET;
    }
    if (isSet(Tcp.SYN)) {
      return isSet(Tcp.ACK) ? SYNACK_SET : SYN_SET;
    }
    if (isSet(Tcp.FIN)) {
      return FIN_SET;
    }
    return isSet(Tcp.ACK) ? ACK_SET : NONE_SET;
  }

  private static boolean before(int a, int b) {
    return a - b < 0;
  }

  private static boolean after(int a, int b) {
    return b - a < 0;
  }

  /** The first segment of a connection: {@code tcp_new}. */
  private boolean first(Connection ct, Packet p) {
    int state = STATES[0][kind()][NONE];
    if (state >= INVALID) {
      return false;
    }
    if (state != SYN_SENT && !settings.tcpLoose) {
      return false;
    }
    TcpState tcp = ct.tcp;
    tcp.clear();
    TcpState.Side sender = tcp.seen[0];
    sender.end = segmentEnd;
    sender.maxWindow = rawWindow == 0 ? 1 : rawWindow;
    if (state == SYN_SENT) {
      sender.maxEnd = sender.end;
      options(p, sender);
    } else {
      // In the middle of a connection whose history is lost.
      sender.maxEnd = sender.end + sender.maxWindow;
      sender.flags = SACK_PERM | BE_LIBERAL;
      tcp.seen[1].flags = SACK_PERM | BE_LIBERAL;
    }
    tcp.lastIndex = NONE_SET;
    return true;
  }

  private int judge(Connection ct, Packet p, int info) {
    TcpState tcp = ct.tcp;
    int oldState = tcp.state;
    int direction = CtInfo.direction(info);
    int kind = kind();
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
          tcp.lastFlags &= ~CHALLENGE_ACK;
          return Conntrack.ACCEPT;
        }
        break;
      case SYN_SENT2:
        tcp.lastFlags |= SIMULTANEOUS_OPEN;
        break;
      case SYN_RECV:
        if (direction == Connection.REPLY
            && kind == ACK_SET
            && (tcp.lastFlags & SIMULTANEOUS_OPEN) != 0) {
          newState = ESTABLISHED;
        }
        break;
      case CLOSE:
        if (kind != RST_SET) {
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
      int result = inWindow(ct, p, direction, kind);
      if (result == LET_PASS) {
        return Conntrack.ACCEPT;
      }
      if (result == OUT_OF_WINDOW) {
        shortenTimeout(ct, direction, kind);
        return Conntrack.INVALID;
      }
    }
    return enter(ct, p, info, kind, oldState, newState);
  }

  private static boolean mayReopen(TcpState tcp, int direction) {
    return ((tcp.seen[0].flags | tcp.seen[1].flags) & CLOSE_INIT) != 0
        || tcp.lastDirection == direction && tcp.lastIndex == RST_SET;
  }

  private boolean answersIgnoredSyn(TcpState tcp, int direction, int kind) {
    return kind == SYNACK_SET
        && tcp.lastIndex == SYN_SET
        && tcp.lastDirection != direction
        && acknowledgment == tcp.lastEnd;
  }

  /** Client and server are in sync, we are not: the SYN that was ignored becomes the truth. */
  private static void takeOverNotedSyn(TcpState tcp, int direction) {
    TcpState.Side syn = tcp.seen[tcp.lastDirection];
    syn.end = tcp.lastEnd;
    syn.maxEnd = tcp.lastEnd;
    syn.maxWindow = tcp.lastWindow == 0 ? 1 : tcp.lastWindow;
    syn.scale = tcp.lastScale;
    tcp.lastFlags &= ~CHALLENGE_ACK;
    syn.flags = tcp.lastFlags;
    TcpState.Side other = tcp.seen[direction];
    int liberal = other.flags & BE_LIBERAL;
    other.clear();
    other.flags = liberal;
  }

  /** A segment that may be valid or not: it passes and is noted down. */
  private int ignore(TcpState tcp, Packet p, int direction, int kind, int oldState) {
    tcp.lastIndex = kind;
    tcp.lastDirection = direction;
    tcp.lastSequence = sequence;
    tcp.lastEnd = segmentEnd;
    tcp.lastWindow = rawWindow;
    if (kind == SYN_SET && direction == Connection.ORIGINAL) {
      tcp.lastFlags = 0;
      tcp.lastScale = 0;
      noted.clear();
      options(p, noted);
      if ((noted.flags & WINDOW_SCALE) != 0) {
        tcp.lastFlags |= WINDOW_SCALE;
        tcp.lastScale = noted.scale;
      }
      tcp.lastFlags |= noted.flags & SACK_PERM;
      if (oldState == LAST_ACK) {
        tcp.lastFlags |= CHALLENGE_ACK;
      }
    }
    if (oldState == SYN_SENT && kind == ACK_SET && direction == Connection.REPLY) {
      tcp.lastAck = acknowledgment;
    }
    return Conntrack.ACCEPT;
  }

  /** RFC 5961: an ACK that answers a stray SYN, not our FIN. */
  private static boolean isChallengeAck(TcpState tcp, int direction, int kind, int oldState) {
    return oldState == LAST_ACK
        && kind == ACK_SET
        && tcp.lastDirection != direction
        && tcp.lastIndex == SYN_SET
        && (tcp.lastFlags & CHALLENGE_ACK) != 0;
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
    if ((peer.flags & MAXACK_SET) == 0 || tcp.lastIndex == SYN_SET) {
      return RESET_OPEN;
    }
    boolean established = tcp.state == ESTABLISHED && ct.is(Connection.ASSURED);
    if (sequence == 0 && !established) {
      return RESET_IN_ORDER;
    }
    if (before(sequence, peer.maxAck) && !settings.tcpIgnoreInvalidRst) {
      return RESET_INVALID;
    }
    if (!established || sequence == peer.maxAck) {
      return RESET_IN_ORDER;
    }
    if (tcp.lastIndex == ACK_SET && tcp.lastDirection == direction && sequence == tcp.lastEnd) {
      return RESET_IN_ORDER;
    }
    return RESET_KEEPS_STATE;
  }

  /** Whether the reset answers a SYN, ACK or challenge ACK that we had let through. */
  private boolean answersSomethingLetThrough(Connection ct, int direction, int oldState) {
    TcpState tcp = ct.tcp;
    boolean answersSyn =
        ct.is(Connection.SEEN_REPLY) && tcp.lastIndex == SYN_SET && tcp.lastDirection != direction;
    boolean answersAck = !ct.is(Connection.ASSURED) && tcp.lastIndex == ACK_SET;
    if ((answersSyn || answersAck) && acknowledgment == tcp.lastEnd) {
      return true;
    }
    return oldState == SYN_SENT
        && tcp.lastIndex == ACK_SET
        && tcp.lastDirection == Connection.REPLY
        && sequence == tcp.lastAck;
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
      tcp.seen[direction].flags |= CLOSE_INIT;
    }
    long timeout = timeout(tcp, kind, newState);
    if (newState != oldState) {
      conntrack.changed(ct, CtEvent.PROTOCOL);
    }
    if (!ct.is(Connection.SEEN_REPLY)) {
      if (isSet(Tcp.RST)) {
        conntrack.account(ct, direction, p);
        conntrack.kill(ct);
        return Conntrack.ACCEPT;
      }
      if (kind == SYN_SET && oldState == SYN_SENT) {
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
    if (kind == RST_SET && newState == ESTABLISHED && own > unack) {
      return unack;
    }
    if (((tcp.seen[0].flags | tcp.seen[1].flags) & DATA_UNACKNOWLEDGED) != 0 && own > unack) {
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
        || kind != RST_SET && kind != FIN_SET) {
      return;
    }
    if (tcp.lastDirection != direction && (tcp.lastIndex == FIN_SET || tcp.lastIndex == RST_SET)) {
      long left = ct.expiresNs - conntrack.nowNs();
      long unack = settings.tcp[TIMEOUT_UNACK];
      if (left >= 120_000_000_000L && left > unack) {
        ct.expiresNs = conntrack.nowNs() + unack;
      }
    } else {
      tcp.lastIndex = kind;
      tcp.lastDirection = direction;
    }
  }

  private int liberal(TcpState.Side sender, int otherwise) {
    return (sender.flags & BE_LIBERAL) != 0 || settings.tcpLiberal ? ACCEPTED : otherwise;
  }

  private int inWindow(Connection ct, Packet p, int direction, int kind) {
    TcpState tcp = ct.tcp;
    TcpState.Side sender = tcp.seen[direction];
    TcpState.Side receiver = tcp.seen[1 - direction];
    int seq = sequence;
    int end = segmentEnd;
    int win = rawWindow;
    int ack = acknowledgment;
    int sack = ack;
    if ((receiver.flags & SACK_PERM) != 0) {
      sack = highestSack(p, sack);
    }
    int offset = Conntrack.sequenceOffset(ct, 1 - direction, ack - 1);
    ack -= offset;
    sack -= offset;

    if (sender.maxWindow == 0) {
      if (isSet(Tcp.SYN)) {
        startSide(p, sender, receiver, end, win, direction);
        if (!isSet(Tcp.ACK)) {
          return ACCEPTED;
        }
      } else {
        pickUp(sender, receiver, end, win, sack);
      }
    } else if (isSet(Tcp.SYN)
        && after(end, sender.end)
        && (tcp.state == SYN_SENT || tcp.state == SYN_RECV)) {
      startSide(p, sender, receiver, end, win, direction);
      if (direction == Connection.REPLY && !isSet(Tcp.ACK)) {
        return ACCEPTED;
      }
    }
    // No ACK, or a broken stack's RST with ACK and nothing in it: take it as if it were right.
    if (!isSet(Tcp.ACK) || isSet(Tcp.RST) && ack == 0) {
      ack = receiver.end;
      sack = ack;
    }
    if (isSet(Tcp.RST) && seq == 0 && tcp.state == SYN_SENT) {
      seq = sender.end;
      end = seq;
    }
    int wrong = outside(sender, receiver, seq, end, sack);
    if (wrong != ACCEPTED) {
      return liberal(sender, wrong);
    }
    update(sender, receiver, end, win, ack, sack);
    if (kind == ACK_SET) {
      countRetransmission(tcp, direction, seq, ack, end);
    }
    return ACCEPTED;
  }

  private void startSide(
      Packet p, TcpState.Side sender, TcpState.Side receiver, int end, int win, int direction) {
    sender.end = end;
    sender.maxEnd = end;
    sender.maxWindow = win == 0 ? 1 : win;
    options(p, sender);
    // RFC 7323: both must offer window scaling, or neither uses it.
    if (direction == Connection.REPLY && (sender.flags & receiver.flags & WINDOW_SCALE) == 0) {
      sender.scale = 0;
      receiver.scale = 0;
    }
  }

  private static void pickUp(
      TcpState.Side sender, TcpState.Side receiver, int end, int win, int sack) {
    sender.end = end;
    int scaled = win << sender.scale;
    sender.maxWindow = scaled == 0 ? 1 : scaled;
    sender.maxEnd = end + sender.maxWindow;
    if (receiver.maxWindow == 0) {
      receiver.end = sack;
      receiver.maxEnd = sack;
    } else if (sack == receiver.end + 1) {
      receiver.end++; // probably a reply to a keepalive
    }
  }

  /** The four bounds; data beyond the window of a receiver that is nearly right passes. */
  private static int outside(
      TcpState.Side sender, TcpState.Side receiver, int seq, int end, int sack) {
    int lowestEnd = sender.end - receiver.maxWindow - 1;
    int lowestAck = receiver.end - maxAckWindow(sender) - 1;
    if (!before(seq, sender.maxEnd + 1)) {
      int overshot = end - sender.maxEnd + 1;
      boolean inReceiveWindow = receiver.maxWindow != 0 && after(end, lowestEnd);
      if (inReceiveWindow
          && after(sack, lowestAck)
          && Integer.compareUnsigned(overshot, receiver.maxWindow) <= 0
          && before(sack, receiver.end + 1)) {
        sender.end = end;
        sender.flags |= DATA_UNACKNOWLEDGED;
        return LET_PASS;
      }
      return OUT_OF_WINDOW;
    }
    if (!before(sack, receiver.end + 1)) {
      return OUT_OF_WINDOW;
    }
    if (receiver.maxWindow != 0 && !after(end, lowestEnd) || !after(sack, lowestAck)) {
      return LET_PASS;
    }
    return ACCEPTED;
  }

  private static int maxAckWindow(TcpState.Side sender) {
    return Integer.compareUnsigned(sender.maxWindow, MAX_ACK_WINDOW) > 0
        ? sender.maxWindow
        : MAX_ACK_WINDOW;
  }

  private void update(
      TcpState.Side sender, TcpState.Side receiver, int end, int win, int ack, int sack) {
    int scaled = isSet(Tcp.SYN) ? win : win << sender.scale;
    int window = scaled + (sack - ack);
    if (Integer.compareUnsigned(sender.maxWindow, window) < 0) {
      sender.maxWindow = window;
    }
    if (after(end, sender.end)) {
      sender.end = end;
      sender.flags |= DATA_UNACKNOWLEDGED;
    }
    if (isSet(Tcp.ACK)) {
      if ((sender.flags & MAXACK_SET) == 0) {
        sender.maxAck = ack;
        sender.flags |= MAXACK_SET;
      } else if (after(ack, sender.maxAck)) {
        sender.maxAck = ack;
      }
    }
    if (receiver.maxWindow != 0 && after(end, sender.maxEnd)) {
      receiver.maxWindow += end - sender.maxEnd;
    }
    if (after(sack + scaled, receiver.maxEnd - 1)) {
      receiver.maxEnd = sack + scaled;
      if (scaled == 0) {
        receiver.maxEnd++;
      }
    }
    if (ack == receiver.end) {
      receiver.flags &= ~DATA_UNACKNOWLEDGED;
    }
  }

  private void countRetransmission(TcpState tcp, int direction, int seq, int ack, int end) {
    if (tcp.lastDirection == direction
        && tcp.lastSequence == seq
        && tcp.lastAck == ack
        && tcp.lastEnd == end
        && tcp.lastWindow == rawWindow) {
      tcp.retransmissions++;
      return;
    }
    tcp.lastDirection = direction;
    tcp.lastSequence = seq;
    tcp.lastAck = ack;
    tcp.lastEnd = end;
    tcp.lastWindow = rawWindow;
    tcp.retransmissions = 0;
  }

  /** Window scale and SACK permission of a SYN. */
  private void options(Packet p, TcpState.Side side) {
    int at = p.transport + Tcp.MIN_LENGTH;
    int end = p.transport + headerLength;
    if (at == end) {
      return;
    }
    side.scale = 0;
    side.flags &= BE_LIBERAL;
    while (at < end) {
      int kind = p.u8(at);
      if (kind == Tcp.OPTION_END) {
        return;
      }
      if (kind == Tcp.OPTION_NOP) {
        at++;
        continue;
      }
      int size = optionSize(p, at, end);
      if (size == 0) {
        return;
      }
      if (kind == Tcp.OPTION_SACK_PERMITTED && size == 2) {
        side.flags |= SACK_PERM;
      } else if (kind == Tcp.OPTION_WINDOW_SCALE && size == 3) {
        side.scale = Math.min(p.u8(at + 2), MAX_WINDOW_SCALE);
        side.flags |= WINDOW_SCALE;
      }
      at += size;
    }
  }

  /** The size of the option at {@code at}; 0 where it is cut or silly. */
  private static int optionSize(Packet p, int at, int end) {
    if (end - at < 2) {
      return 0;
    }
    int size = p.u8(at + 1);
    return size < 2 || size > end - at ? 0 : size;
  }

  private int highestSack(Packet p, int start) {
    int sack = start;
    int at = p.transport + Tcp.MIN_LENGTH;
    int end = p.transport + headerLength;
    while (at < end) {
      int kind = p.u8(at);
      if (kind == Tcp.OPTION_END) {
        return sack;
      }
      if (kind == Tcp.OPTION_NOP) {
        at++;
        continue;
      }
      int size = optionSize(p, at, end);
      if (size == 0) {
        return sack;
      }
      if (kind == Tcp.OPTION_SACK && size >= 10 && (size - 2) % 8 == 0) {
        for (int block = at + 2; block < at + size; block += 8) {
          int right = (int) p.u32(block + 4);
          if (after(right, sack)) {
            sack = right;
          }
        }
        return sack;
      }
      at += size;
    }
    return sack;
  }
}
