package org.fwreplay.conntrack;

import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;

/** Shifts a segment's sequence numbers as its connection's adjustments say: nf_conntrack_seqadj. */
final class SequenceAdjuster {
  private static final int SACK_BLOCK = 8;

  private SequenceAdjuster() {}

  /**
   * Shifts sequence number, acknowledgment and SACK blocks. Linux takes an ICMP error of such a
   * connection for a segment, too.
   *
   * @return false drops the packet: its options are broken
   */
  static boolean adjust(Packet p, Connection ct, int info) {
    int at = p.transport;
    if (!p.has(at, Tcp.MIN_LENGTH)) {
      return false;
    }
    int direction = CtInfo.direction(info);
    SequenceAdjustment other = ct.help.adjustment(1 - direction);
    int sequence = Bytes.i32(p.buffer, at + Tcp.SEQUENCE);
    put(p, at + Tcp.SEQUENCE, sequence + ct.help.adjustment(direction).offset(sequence));
    if ((p.u8(at + Tcp.FLAGS) & Tcp.ACK) == 0) {
      return true;
    }
    shiftBack(p, at + Tcp.ACKNOWLEDGMENT, other);
    return adjustOptions(p, other);
  }

  private static void shiftBack(Packet p, int at, SequenceAdjustment other) {
    int number = Bytes.i32(p.buffer, at);
    put(p, at, number - other.acknowledged(number));
  }

  private static void put(Packet p, int at, int value) {
    int sumAt = p.transport + Tcp.CHECKSUM;
    int sum = Checksums.update32(p.u16(sumAt), Bytes.i32(p.buffer, at), value);
    Bytes.put16(p.buffer, sumAt, sum);
    Bytes.put32(p.buffer, at, value);
  }

  private static boolean adjustOptions(Packet p, SequenceAdjustment other) {
    int at = p.transport + Tcp.MIN_LENGTH;
    int end = p.transport + (p.u8(p.transport + Tcp.DATA_OFFSET) >> 4) * 4;
    if (end > p.end) {
      return false;
    }
    while (at < end) {
      int kind = p.u8(at);
      if (kind == Tcp.OPTION_END) {
        return true;
      }
      if (kind == Tcp.OPTION_NOP) {
        at++;
        continue;
      }
      if (at + 1 == end || p.u8(at + 1) < 2 || at + p.u8(at + 1) > end) {
        return false;
      }
      int size = p.u8(at + 1);
      if (kind == Tcp.OPTION_SACK && size > 2 && (size - 2) % SACK_BLOCK == 0) {
        for (int edge = at + 2; edge < at + size; edge += 4) {
          shiftBack(p, edge, other);
        }
      }
      at += size;
    }
    return true;
  }
}
