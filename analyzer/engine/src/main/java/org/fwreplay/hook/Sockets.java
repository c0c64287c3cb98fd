package org.fwreplay.hook;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/**
 * What listens on the host. Packets that the host sent (from {@code --local}) tell which TCP ports
 * are open; where nothing tells, a TCP port is closed and a UDP port is silent.
 */
public final class Sockets {
  private final java.util.BitSet tcp = new java.util.BitSet();
  private boolean allTcp;

  /** Takes note that a program uses the local TCP port. */
  public void open(int port) {
    tcp.set(port);
  }

  /** Takes every TCP port for open: nothing is known of the host, so it answers nothing. */
  public void openAll() {
    allTcp = true;
  }

  /** Whether a program listens at the segment's destination. */
  boolean listens(Packet p) {
    return allTcp || tcp.get(p.u16(p.transport + 2));
  }

  /** Whether Linux has no handler for the packet's protocol, and says so to the sender. */
  boolean isUnknownProtocol(Packet p) {
    return switch (p.protocol) {
      case Protocols.ICMP,
          Protocols.ICMPV6,
          Protocols.IGMP,
          Protocols.TCP,
          Protocols.UDP,
          Protocols.UDPLITE,
          Protocols.NONE,
          255 -> false;
      default -> p.protocol >= 0;
    };
  }
}
