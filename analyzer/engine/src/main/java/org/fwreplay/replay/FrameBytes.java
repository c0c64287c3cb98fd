package org.fwreplay.replay;

import java.util.Arrays;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;

/** What is remembered of a frame that left, to find it again among others. */
final class FrameBytes {
  private static final int KEPT = 128;
  private static final long UNKNOWN_MAC = 0;

  final long frame;
  final long timeNs;
  final int out;

  /** A number for all of its bytes from the IP header on. */
  final long whole;

  /** The same without what is chance in packets that the host makes. */
  final long withoutChance;

  /** A number for what a router leaves alone; the same for a packet before and behind it. */
  final long lasting;

  /** Its headers: the first bytes from the IP header on. */
  final byte[] head;

  /** Where the transport header begins in {@link #head}. */
  final int transport;

  final boolean ipv6;
  final int protocol;
  final int fragmentOffset;

  /** Link-layer destination, 0 where there is none. */
  final long mac;

  final int length;

  /** Whether the host made it because of another frame. */
  boolean made;

  /** Whether it was found again. */
  boolean matched;

  /** Whether its arrival was made up. */
  boolean reflected;

  /** Place of the rule that let it pass, -1 for none. */
  int place = -1;

  /**
   * Remembers a frame.
   *
   * @param p decoded, without padding
   */
  FrameBytes(Packet p, int out) {
    frame = p.frame;
    timeNs = p.timeNs;
    this.out = out;
    length = p.length();
    mac = p.mac < 0 ? UNKNOWN_MAC : (long) p.u16(p.mac) << 32 | p.u32(p.mac + 2);
    whole = hash(out, p.buffer, p.network, p.end);
    withoutChance = withoutChance(p, out);
    lasting = lasting(p);
    head = Arrays.copyOfRange(p.buffer, p.network, p.network + Math.min(KEPT, length));
    transport = p.transport - p.network;
    ipv6 = p.ipv6;
    protocol = p.protocol;
    fragmentOffset = p.fragmentOffset;
  }

  /** IP's identification and its checksum, or the flow label, are chance where the host sends. */
  private static long withoutChance(Packet p, int out) {
    if (p.ipv6) {
      return hash(hash(out, p.buffer, p.network, p.network + 1), p.buffer, p.network + 4, p.end);
    }
    long hash = hash(out, p.buffer, p.network, p.network + Ipv4.ID);
    hash = hash(hash, p.buffer, p.network + Ipv4.ID + 2, p.network + Ipv4.CHECKSUM);
    return hash(hash, p.buffer, p.network + Ipv4.CHECKSUM + 2, p.end);
  }

  /** What neither NAT nor routing changes: sequence numbers, flags, payload. */
  static long lasting(Packet p) {
    int id = p.ipv6 ? 0 : p.u16(p.network + Ipv4.ID);
    long hash = mix(p.ipv6 ? 1 : 0, (long) p.protocol << 32 | p.fragmentOffset << 16 | id);
    int at = p.transport;
    if (p.fragmentOffset != 0) {
      return hash(hash, p.buffer, at, p.end);
    }
    switch (p.protocol) {
      case Protocols.TCP:
        if (!p.has(at, Tcp.MIN_LENGTH)) {
          return hash;
        }
        int data = Math.min(p.end, at + (p.u8(at + Tcp.DATA_OFFSET) >> 4) * 4);
        hash = hash(hash, p.buffer, at + 4, at + 12);
        return hash(mix(hash, p.u8(at + Tcp.FLAGS)), p.buffer, data, p.end);
      case Protocols.UDP, Protocols.UDPLITE:
        return hash(hash, p.buffer, Math.min(at + 8, p.end), p.end);
      case Protocols.ICMP, Protocols.ICMPV6:
        return p.has(at, 2) ? mix(mix(hash, p.u16(at)), p.length()) : hash;
      case Protocols.SCTP:
        return hash(hash, p.buffer, Math.min(at + 4, p.end), Math.min(at + 8, p.end));
      default:
        return hash(hash, p.buffer, at, p.end);
    }
  }

  private static long hash(long start, byte[] b, int from, int to) {
    long hash = start;
    int at = from;
    for (; at + 8 <= to; at += 8) {
      hash = mix(hash, Bytes.i64(b, at));
    }
    for (; at < to; at++) {
      hash = mix(hash, b[at]);
    }
    return hash;
  }

  private static long mix(long hash, long value) {
    long h = (hash ^ value) * 0x9e3779b97f4a7c15L;
    return h ^ h >>> 29;
  }

  /** Whether both are known to go to different link-layer addresses. */
  boolean hasOtherMac(FrameBytes other) {
    return mac != UNKNOWN_MAC && other.mac != UNKNOWN_MAC && mac != other.mac;
  }

  /** A decoded copy of a frame without padding, or null where it is no sound IP packet. */
  static Packet decoded(Packet frame, Packet copy) {
    copy.copyFrom(frame);
    boolean sound = copy.end > copy.network && Decoder.decode(copy, true) == Decoder.OK;
    return sound ? copy : null;
  }
}
