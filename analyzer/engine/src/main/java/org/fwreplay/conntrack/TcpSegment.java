package org.fwreplay.conntrack;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;

/** The TCP segment at hand, its fixed header decoded once. Sequence numbers are modulo 2^32. */
final class TcpSegment {
  /** Kinds of segments: the state table's rows. */
  static final int SYN_SET = 0;

  static final int SYNACK_SET = 1;
  static final int FIN_SET = 2;
  static final int ACK_SET = 3;
  static final int RST_SET = 4;
  static final int NONE_SET = 5;

  private static final int MAX_WINDOW_SCALE = 14;

  int sequence;
  int acknowledgment;

  /** The window field as it is, not scaled. */
  int window;

  int flags;

  /** The sequence number behind the segment; SYN and FIN count one each. */
  int end;

  private int headerLength;
  private Packet packet;

  /** Reads the segment of a packet; false where it is cut. */
  boolean read(Packet p) {
    packet = p;
    int at = p.transport;
    if (at + Tcp.MIN_LENGTH > p.end) {
      return false;
    }
    headerLength = (p.u8(at + Tcp.DATA_OFFSET) >> 4) * 4;
    if (headerLength < Tcp.MIN_LENGTH || at + headerLength > p.end) {
      return false;
    }
    sequence = (int) p.u32(at + Tcp.SEQUENCE);
    acknowledgment = (int) p.u32(at + Tcp.ACKNOWLEDGMENT);
    window = p.u16(at + Tcp.WINDOW);
    flags = p.u8(at + Tcp.FLAGS);
    end =
        sequence
            + (p.end - at - headerLength)
            + (isSet(Tcp.SYN) ? 1 : 0)
            + (isSet(Tcp.FIN) ? 1 : 0);
    return true;
  }

  boolean isSet(int flag) {
    return (flags & flag) != 0;
  }

  int kind() {
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

  /** Whether the flags are a combination that TCP knows; PSH, ECE and CWR are always fine. */
  boolean hasValidFlags() {
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

  static boolean before(int a, int b) {
    return a - b < 0;
  }

  static boolean after(int a, int b) {
    return b - a < 0;
  }

  /** Window scale and SACK permission of a SYN. */
  void options(TcpState.Side side) {
    int at = packet.transport + Tcp.MIN_LENGTH;
    int limit = packet.transport + headerLength;
    if (at == limit) {
      return;
    }
    side.scale = 0;
    side.flags &= TcpState.BE_LIBERAL;
    while (at < limit) {
      int kind = packet.u8(at);
      if (kind == Tcp.OPTION_END) {
        return;
      }
      if (kind == Tcp.OPTION_NOP) {
        at++;
        continue;
      }
      int size = optionSize(at, limit);
      if (size == 0) {
        return;
      }
      if (kind == Tcp.OPTION_SACK_PERMITTED && size == 2) {
        side.flags |= TcpState.SACK_PERM;
      } else if (kind == Tcp.OPTION_WINDOW_SCALE && size == 3) {
        side.scale = Math.min(packet.u8(at + 2), MAX_WINDOW_SCALE);
        side.flags |= TcpState.WINDOW_SCALE;
      }
      at += size;
    }
  }

  /** The size of the option at {@code at}; 0 where it is cut or silly. */
  private int optionSize(int at, int limit) {
    if (limit - at < 2) {
      return 0;
    }
    int size = packet.u8(at + 1);
    return size < 2 || size > limit - at ? 0 : size;
  }

  int highestSack(int start) {
    int sack = start;
    int at = packet.transport + Tcp.MIN_LENGTH;
    int limit = packet.transport + headerLength;
    while (at < limit) {
      int kind = packet.u8(at);
      if (kind == Tcp.OPTION_END) {
        return sack;
      }
      if (kind == Tcp.OPTION_NOP) {
        at++;
        continue;
      }
      int size = optionSize(at, limit);
      if (size == 0) {
        return sack;
      }
      if (kind == Tcp.OPTION_SACK && size >= 10 && (size - 2) % 8 == 0) {
        for (int block = at + 2; block < at + size; block += 8) {
          int right = (int) packet.u32(block + 4);
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
