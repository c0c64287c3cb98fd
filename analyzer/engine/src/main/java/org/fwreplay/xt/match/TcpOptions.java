package org.fwreplay.xt.match;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;

/** A walk over the options of a TCP header, tolerant of nonsense in the way of xt_tcpudp. */
final class TcpOptions {
  private TcpOptions() {}

  /** Whether an option of that kind begins in {@code [from, to)}. */
  static boolean has(Packet packet, int from, int to, int kind) {
    for (int i = from; i < to; i = next(packet, i, to)) {
      if (packet.u8(i) == kind) {
        return true;
      }
    }
    return false;
  }

  /** Where the option behind the one at {@code i} begins. */
  static int next(Packet packet, int i, int to) {
    if (packet.u8(i) <= Tcp.OPTION_NOP || i == to - 1) {
      return i + 1;
    }
    return i + Math.max(1, packet.u8(i + 1));
  }
}
