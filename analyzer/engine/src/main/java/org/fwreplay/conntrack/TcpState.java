package org.fwreplay.conntrack;

/** What connection tracking remembers of a TCP connection: {@code struct ip_ct_tcp}. */
public final class TcpState {
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
