package org.fwreplay.helper;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;

/**
 * Messages in a TCP stream, each behind a header of 4 bytes (TPKT, RFC 1006): version 3, 0, the
 * length with the header. Messages that begin or end in another segment are not read, but for
 * headers that come on their own.
 */
abstract class TpktReader implements H323Helper.Reader {
  /** Answers of {@link #message}. */
  static final int READ = 0;

  static final int UNREADABLE = 1;
  static final int DROP = 2;

  private static final int HEADER = 4;
  private static final int VERSION = 3;
  private static final int MAX_LENGTH = 65_535;

  final H323Packet at;

  /** Offsets in the payload: where a message is to begin and, found, how long it is. */
  private int next;

  private int length;

  TpktReader(H323Packet at) {
    this.at = at;
  }

  /**
   * Reads the message at {@link H323Packet#message}.
   *
   * @return {@link #READ}, {@link #UNREADABLE} or {@link #DROP}
   */
  abstract int message(int length);

  @Override
  public int help(Packet p, Connection ct, int info) {
    if (!CtInfo.isEstablished(info) || !p.has(p.transport, Tcp.MIN_LENGTH)) {
      return Conntrack.ACCEPT;
    }
    at.set(p, ct, info);
    int payload = NatHelper.tcpPayload(p);
    int[] announced = at.master().announced;
    next = 0;
    while (find(p, payload, Math.min(p.end - payload, MAX_LENGTH), announced)) {
      at.message = payload + next;
      int result = message(length);
      if (result != READ) {
        return result == DROP ? Conntrack.DROP : Conntrack.ACCEPT;
      }
      next += length;
    }
    return Conntrack.ACCEPT;
  }

  /** Finds the next message: {@code get_tpkt_data}. */
  private boolean find(Packet p, int payload, int total, int[] announced) {
    int direction = at.direction();
    int earlier = announced[direction];
    announced[direction] = 0;
    int left = total - next;
    int i = payload + next;
    if (left <= 0) {
      return false;
    }
    boolean header = left >= HEADER && p.u8(i) == VERSION && p.u8(i + 1) == 0;
    if (next == 0 && !header) {
      length = earlier;
      return earlier > 0 && earlier <= left;
    }
    if (next > 0 && left <= HEADER || !header) {
      return false;
    }
    int whole = p.u16(i + 2);
    if (whole < HEADER) {
      return false;
    }
    if (whole > left) {
      if (left == HEADER) {
        announced[direction] = whole - HEADER;
      }
      return false;
    }
    next += HEADER;
    length = whole - HEADER;
    return true;
  }
}
