package org.fwreplay.bench;

import java.util.Arrays;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.PacketBuilder;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;

/**
 * UDP datagrams of many flows, 86 bytes each, that go round and round; the clock goes with them.
 */
final class Traffic {
  private static final int PAYLOAD = 58;
  private static final int LENGTH = 20 + Udp.LENGTH + PAYLOAD;
  private static final long STEP_NS = 1_000;

  private final byte[][] datagrams;
  private final byte[] buffer = new byte[Packet.HEADROOM + 2 * LENGTH];
  private final Packet packet = new Packet();
  private int next;
  private long nowNs = 1_700_000_000_000_000_000L;

  /** Traffic of so many flows, from 192.168.1.0/24 into the world. */
  Traffic(int flows) {
    datagrams = new byte[flows][];
    for (int flow = 0; flow < flows; flow++) {
      datagrams[flow] = datagram(flow);
    }
  }

  private static byte[] datagram(int flow) {
    Packet p = new Packet();
    long source = 0xc0a8010aL + flow % 20;
    long destination = 0x08080001L + flow / 20;
    int length = Udp.LENGTH + PAYLOAD;
    PacketBuilder.ipv4(p, 0, flow, false, 64, Protocols.UDP, source, destination, length);
    int at = p.network + 20;
    Bytes.put16(p.buffer, at, 1024 + flow % 60_000);
    Bytes.put16(p.buffer, at + 2, 2000 + flow % 3000);
    Bytes.put16(p.buffer, at + Udp.UDP_LENGTH, length);
    p.transport = at;
    PacketBuilder.transportChecksum(p, Udp.CHECKSUM);
    return Arrays.copyOfRange(p.buffer, p.network, p.end);
  }

  /** The next datagram as a driver hands it over; valid until the one after it. */
  Packet next() {
    byte[] datagram = datagrams[next];
    next = next + 1 == datagrams.length ? 0 : next + 1;
    System.arraycopy(datagram, 0, buffer, Packet.HEADROOM, LENGTH);
    packet.reset();
    packet.buffer = buffer;
    packet.network = Packet.HEADROOM;
    packet.end = Packet.HEADROOM + LENGTH;
    packet.mac = -1;
    packet.in = 0;
    packet.timeNs = nowNs += STEP_NS;
    return packet;
  }
}
