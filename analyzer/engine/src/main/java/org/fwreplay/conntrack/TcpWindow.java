package org.fwreplay.conntrack;

import org.fwreplay.packet.Tcp;

/**
 * Whether a TCP segment fits the windows of both sides ({@code tcp_in_window}), after Guido van
 * Rooij's "Real Stateful TCP Packet Filtering in IP Filter".
 */
final class TcpWindow {
  static final int ACCEPTED = 0;
  static final int OUT_OF_WINDOW = 1;
  static final int LET_PASS = 2;

  private static final int MAX_ACK_WINDOW = 66_000;

  private final Conntrack conntrack;
  private final ConntrackSettings settings;

  TcpWindow(Conntrack conntrack, ConntrackSettings settings) {
    this.conntrack = conntrack;
    this.settings = settings;
  }

  /** Judges a segment; what is known of both sides is updated where it is accepted. */
  int judge(Connection ct, TcpSegment s, int direction, int kind) {
    TcpState tcp = ct.tcp;
    TcpState.Side sender = tcp.seen[direction];
    TcpState.Side receiver = tcp.seen[1 - direction];
    int seq = s.sequence;
    int end = s.end;
    int win = s.window;
    int ack = s.acknowledgment;
    int sack = ack;
    if ((receiver.flags & TcpState.SACK_PERM) != 0) {
      sack = s.highestSack(sack);
    }
    int offset = Conntrack.sequenceOffset(ct, 1 - direction, ack - 1);
    ack -= offset;
    sack -= offset;

    if (sender.maxWindow == 0) {
      if (s.isSet(Tcp.SYN)) {
        startSide(s, sender, receiver, end, win, direction);
        if (!s.isSet(Tcp.ACK)) {
          return ACCEPTED;
        }
      } else {
        pickUp(sender, receiver, end, win, sack);
      }
    } else if (s.isSet(Tcp.SYN)
        && TcpSegment.after(end, sender.end)
        && (tcp.state == TcpTracker.SYN_SENT || tcp.state == TcpTracker.SYN_RECV)) {
      startSide(s, sender, receiver, end, win, direction);
      if (direction == Connection.REPLY && !s.isSet(Tcp.ACK)) {
        return ACCEPTED;
      }
    }
    // No ACK, or a broken stack's RST with ACK and nothing in it: take it as if it were right.
    if (!s.isSet(Tcp.ACK) || s.isSet(Tcp.RST) && ack == 0) {
      ack = receiver.end;
      sack = ack;
    }
    if (s.isSet(Tcp.RST) && seq == 0 && tcp.state == TcpTracker.SYN_SENT) {
      seq = sender.end;
      end = seq;
    }
    int wrong = outside(sender, receiver, seq, end, sack);
    if (wrong != ACCEPTED) {
      return liberal(sender, wrong);
    }
    update(s, sender, receiver, end, win, ack, sack);
    if (kind == TcpSegment.ACK_SET) {
      countRetransmission(tcp, s, direction, seq, ack, end);
    }
    return ACCEPTED;
  }

  private int liberal(TcpState.Side sender, int otherwise) {
    return (sender.flags & TcpState.BE_LIBERAL) != 0 || settings.tcpLiberal ? ACCEPTED : otherwise;
  }

  private static void startSide(
      TcpSegment s, TcpState.Side sender, TcpState.Side receiver, int end, int win, int direction) {
    sender.end = end;
    sender.maxEnd = end;
    sender.maxWindow = win == 0 ? 1 : win;
    s.options(sender);
    // RFC 7323: both must offer window scaling, or neither uses it.
    if (direction == Connection.REPLY
        && (sender.flags & receiver.flags & TcpState.WINDOW_SCALE) == 0) {
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
    if (!TcpSegment.before(seq, sender.maxEnd + 1)) {
      int overshot = end - sender.maxEnd + 1;
      boolean inReceiveWindow = receiver.maxWindow != 0 && TcpSegment.after(end, lowestEnd);
      if (inReceiveWindow
          && TcpSegment.after(sack, lowestAck)
          && Integer.compareUnsigned(overshot, receiver.maxWindow) <= 0
          && TcpSegment.before(sack, receiver.end + 1)) {
        sender.end = end;
        sender.flags |= TcpState.DATA_UNACKNOWLEDGED;
        return LET_PASS;
      }
      return OUT_OF_WINDOW;
    }
    if (!TcpSegment.before(sack, receiver.end + 1)) {
      return OUT_OF_WINDOW;
    }
    if (receiver.maxWindow != 0 && !TcpSegment.after(end, lowestEnd)
        || !TcpSegment.after(sack, lowestAck)) {
      return LET_PASS;
    }
    return ACCEPTED;
  }

  private static int maxAckWindow(TcpState.Side sender) {
    return Integer.compareUnsigned(sender.maxWindow, MAX_ACK_WINDOW) > 0
        ? sender.maxWindow
        : MAX_ACK_WINDOW;
  }

  private static void update(
      TcpSegment s,
      TcpState.Side sender,
      TcpState.Side receiver,
      int end,
      int win,
      int ack,
      int sack) {
    int scaled = s.isSet(Tcp.SYN) ? win : win << sender.scale;
    int window = scaled + (sack - ack);
    if (Integer.compareUnsigned(sender.maxWindow, window) < 0) {
      sender.maxWindow = window;
    }
    if (TcpSegment.after(end, sender.end)) {
      sender.end = end;
      sender.flags |= TcpState.DATA_UNACKNOWLEDGED;
    }
    if (s.isSet(Tcp.ACK)) {
      if ((sender.flags & TcpState.MAXACK_SET) == 0) {
        sender.maxAck = ack;
        sender.flags |= TcpState.MAXACK_SET;
      } else if (TcpSegment.after(ack, sender.maxAck)) {
        sender.maxAck = ack;
      }
    }
    if (receiver.maxWindow != 0 && TcpSegment.after(end, sender.maxEnd)) {
      receiver.maxWindow += end - sender.maxEnd;
    }
    if (TcpSegment.after(sack + scaled, receiver.maxEnd - 1)) {
      receiver.maxEnd = sack + scaled;
      if (scaled == 0) {
        receiver.maxEnd++;
      }
    }
    if (ack == receiver.end) {
      receiver.flags &= ~TcpState.DATA_UNACKNOWLEDGED;
    }
  }

  private static void countRetransmission(
      TcpState tcp, TcpSegment s, int direction, int seq, int ack, int end) {
    if (tcp.lastDirection == direction
        && tcp.lastSequence == seq
        && tcp.lastAck == ack
        && tcp.lastEnd == end
        && tcp.lastWindow == s.window) {
      tcp.retransmissions++;
      return;
    }
    tcp.lastDirection = direction;
    tcp.lastSequence = seq;
    tcp.lastAck = ack;
    tcp.lastEnd = end;
    tcp.lastWindow = s.window;
    tcp.retransmissions = 0;
  }
}
