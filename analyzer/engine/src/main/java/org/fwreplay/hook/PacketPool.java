package org.fwreplay.hook;

import java.util.ArrayDeque;
import org.fwreplay.packet.Packet;

/** Packets that the host makes or keeps, reused. */
final class PacketPool {
  private final ArrayDeque<Packet> free = new ArrayDeque<>();

  Packet take() {
    Packet p = free.poll();
    if (p == null) {
      p = new Packet();
    }
    p.reset();
    return p;
  }

  void give(Packet p) {
    free.push(p);
  }
}
