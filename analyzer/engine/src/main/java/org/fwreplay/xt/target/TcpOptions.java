package org.fwreplay.xt.target;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;

/** How the kernel's TCP targets step from option to option. */
final class TcpOptions {
  private TcpOptions() {}

  /** Length of the option at an absolute offset, at least 1 so that a walk always gets on. */
  static int length(Packet packet, int at) {
    if (packet.u8(at) <= Tcp.OPTION_NOP) {
      return 1;
    }
    return Math.max(packet.u8(at + 1), 1);
  }
}
