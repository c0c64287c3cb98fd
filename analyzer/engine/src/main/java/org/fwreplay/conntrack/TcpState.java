package org.fwreplay.conntrack;

/** What connection tracking remembers of a TCP connection: {@code struct ip_ct_tcp}. */
public final class TcpState {
  /** Flags of a side: {@code IP_CT_TCP_FLAG_*}. */
  static final int WINDOW_SCALE = 0x01;

  static final int SACK_PERM = 0x02;
  static final int CLOSE_INIT = 0x04;
  static final int BE_LIBERAL = 0x08;
  static final int DATA_UNACKNOWLEDGED = 0x10;
  static final int MAXACK_SET = 0x20;
  static final int CHALLENGE_ACK = 0x40;
  static final int SIMULTANEOUS_OPEN = 0x80;

  /** What is known of one side. */
  static final class Side {
    int end;
    int maxEnd;
    int maxWindow;
    int maxAck;
    int scale;
    int flags;

    void clear() {
      end = 0;
      maxEnd = 0;
      maxWindow = 0;
      maxAck = 0;
      scale = 0;
      flags = 0;
    }
  }

  final Side[] seen = {new Side(), new Side()};

  /** {@link TcpTracker#NONE} and so on. */
  public int state;

  int lastDirection;
  int retransmissions;
  int lastIndex;
  int lastSequence;
  int lastAck;
  int lastEnd;
  int lastWindow;
  int lastScale;
  int lastFlags;

  /** Whether a segment of a direction begins where its receiver would still take it. */
  public boolean takes(int direction, int sequence) {
    return state < TcpTracker.ESTABLISHED || !TcpSegment.after(sequence, seen[direction].maxEnd);
  }

  void clear() {
    seen[0].clear();
    seen[1].clear();
    state = 0;
    lastDirection = 0;
    retransmissions = 0;
    lastIndex = 0;
    lastSequence = 0;
    lastAck = 0;
    lastEnd = 0;
    lastWindow = 0;
    lastScale = 0;
    lastFlags = 0;
  }
}
