package org.fwreplay.hook;

import org.fwreplay.host.NetInterface;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;

/** Puts an Ethernet header before a packet that leaves ({@code neigh_output}). */
final class LinkHeaderWriter {
  private static final int LENGTH = 14;

  private LinkHeaderWriter() {}

  /**
   * Writes the header.
   *
   * @param mac destination, 48 bits; negative where the interface has none or nobody knows it
   */
  static void write(Packet p, NetInterface out, long mac) {
    if (!out.ethernet()) {
      p.mac = -1;
      return;
    }
    // The arriving frame's own header is there to be overwritten; else room is made.
    if (p.mac < 0 || p.network - p.mac < LENGTH) {
      p.mac = -1;
      p.makeOwn();
    }
    int at = p.network - LENGTH;
    p.mac = at;
    byte[] b = p.buffer;
    long to = Math.max(mac, 0);
    long from = Math.max(out.mac(), 0);
    Bytes.put16(b, at, (int) (to >>> 32));
    Bytes.put32(b, at + 2, (int) to);
    Bytes.put16(b, at + 6, (int) (from >>> 32));
    Bytes.put32(b, at + 8, (int) from);
    Bytes.put16(b, at + 12, p.ipv6 ? 0x86dd : 0x0800);
  }
}
