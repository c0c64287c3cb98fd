package org.fwreplay.conntrack;

import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/** Reads tuples out of packets and turns them round: nf_ct_get_tuple, nf_ct_invert_tuple. */
public final class TupleReader {
  private static final int GRE_VERSION_MASK = 7;
  private static final int GRE_PPTP = 1;
  private static final int GRE_PROTOCOL_PPP = 0x880b;

  private static final GreKeymap NO_KEYS = new GreKeymap();

  private TupleReader() {}

  /** The tuple of the packet itself, without a GRE sender's key; false where it has none. */
  public static boolean read(Packet p, Tuple into) {
    return read(p, into, NO_KEYS);
  }

  /** Likewise; without ports where the packet has no tuple, such as a later fragment. */
  public static void readAny(Packet p, Tuple into) {
    if (read(p, into)) {
      return;
    }
    into.ipv6 = p.ipv6;
    into.protocol = p.protocol;
    into.sourceHi = p.sourceHi();
    into.sourceLo = p.sourceLo();
    into.destinationHi = p.destinationHi();
    into.destinationLo = p.destinationLo();
    into.sourcePort = 0;
    into.destinationPort = 0;
  }

  /** The tuple of the packet itself; false where it has none. */
  static boolean read(Packet p, Tuple into, GreKeymap keys) {
    if (p.protocol < 0 || p.fragmentOffset != 0) {
      return false;
    }
    return read(p, p.network, p.transport, p.protocol, into, keys);
  }

  /** The tuple of the packet that an ICMP error quotes; false where it has none. */
  public static boolean readQuoted(Packet error, Tuple into) {
    return readEmbedded(error, error.transport + Icmp.LENGTH, into, NO_KEYS);
  }

  /** The tuple of the packet whose IP header is at {@code at}, inside an ICMP error. */
  static boolean readEmbedded(Packet p, int at, Tuple into, GreKeymap keys) {
    return p.ipv6 ? readEmbedded6(p, at, into, keys) : readEmbedded4(p, at, into, keys);
  }

  private static boolean readEmbedded4(Packet p, int at, Tuple into, GreKeymap keys) {
    if (!p.has(at, Ipv4.MIN_LENGTH) || (p.u16(at + Ipv4.FRAGMENT) & Ipv4.OFFSET_MASK) != 0) {
      return false;
    }
    int transport = at + (p.u8(at) & 15) * 4;
    return transport <= p.end && read(p, at, transport, p.u8(at + Ipv4.PROTOCOL), into, keys);
  }

  private static boolean readEmbedded6(Packet p, int at, Tuple into, GreKeymap keys) {
    if (!p.has(at, Ipv6.LENGTH)) {
      return false;
    }
    int next = p.u8(at + Ipv6.NEXT_HEADER);
    int offset = at + Ipv6.LENGTH;
    while (Protocols.isExtensionHeader(next)) {
      if (next == Protocols.NONE || !p.has(offset, 2)) {
        return false;
      }
      int length;
      if (next == Protocols.FRAGMENT) {
        if (!p.has(offset, 4) || (p.u16(offset + 2) & ~7) != 0) {
          return false;
        }
        length = 8;
      } else if (next == Protocols.AH) {
        length = (p.u8(offset + 1) + 2) * 4;
      } else {
        length = (p.u8(offset + 1) + 1) * 8;
      }
      next = p.u8(offset);
      offset += length;
    }
    return read(p, at, offset, next, into, keys);
  }

  private static boolean read(
      Packet p, int network, int transport, int protocol, Tuple into, GreKeymap keys) {
    byte[] b = p.buffer;
    into.ipv6 = p.ipv6;
    into.protocol = protocol;
    if (p.ipv6) {
      into.sourceHi = Bytes.i64(b, network + Ipv6.SOURCE);
      into.sourceLo = Bytes.i64(b, network + Ipv6.SOURCE + 8);
      into.destinationHi = Bytes.i64(b, network + Ipv6.DESTINATION);
      into.destinationLo = Bytes.i64(b, network + Ipv6.DESTINATION + 8);
    } else {
      into.sourceHi = 0;
      into.sourceLo = Bytes.u32(b, network + Ipv4.SOURCE);
      into.destinationHi = 0;
      into.destinationLo = Bytes.u32(b, network + Ipv4.DESTINATION);
    }
    into.sourcePort = 0;
    into.destinationPort = 0;
    switch (protocol) {
      case Protocols.TCP, Protocols.UDP, Protocols.UDPLITE, Protocols.SCTP:
        if (transport + 4 > p.end) {
          return false;
        }
        into.sourcePort = Bytes.u16(b, transport);
        into.destinationPort = Bytes.u16(b, transport + 2);
        return true;
      case Protocols.ICMP, Protocols.ICMPV6:
        if (transport + Icmp.LENGTH > p.end) {
          return false;
        }
        into.sourcePort = Bytes.u16(b, transport + Icmp.ID);
        into.destinationPort = Bytes.u16(b, transport);
        return true;
      case Protocols.GRE:
        return readGre(p, transport, into, keys);
      default:
        return true;
    }
  }

  /** Only PPTP's version of GRE has keys; the sender's key is what the helper noted for it. */
  private static boolean readGre(Packet p, int at, Tuple into, GreKeymap keys) {
    if (at + 4 > p.end || (p.u16(at) & GRE_VERSION_MASK) != GRE_PPTP || at + 8 > p.end) {
      return true;
    }
    if (p.u16(at + 2) != GRE_PROTOCOL_PPP) {
      return false;
    }
    into.destinationPort = p.u16(at + 6);
    into.sourcePort = keys.lookup(into);
    return true;
  }

  /** Fills {@code into} with the tuple of answers; false where there are none of its kind. */
  public static boolean invert(Tuple t, Tuple into) {
    long sourceHi = t.sourceHi;
    long sourceLo = t.sourceLo;
    int sourcePort = t.sourcePort;
    int destinationPort = t.destinationPort;
    into.ipv6 = t.ipv6;
    into.protocol = t.protocol;
    into.zone = t.zone;
    into.sourceHi = t.destinationHi;
    into.sourceLo = t.destinationLo;
    into.destinationHi = sourceHi;
    into.destinationLo = sourceLo;
    if (t.protocol == Protocols.ICMP || t.protocol == Protocols.ICMPV6) {
      int type = destinationPort >> 8;
      int inverse = t.protocol == Protocols.ICMP ? inverseIcmp(type) : inverseIcmp6(type);
      if (inverse < 0) {
        return false;
      }
      into.sourcePort = sourcePort;
      into.destinationPort = inverse << 8 | destinationPort & 0xff;
      return true;
    }
    into.sourcePort = destinationPort;
    into.destinationPort = sourcePort;
    return true;
  }

  private static int inverseIcmp(int type) {
    return switch (type) {
      case Icmp.ECHO_REQUEST -> Icmp.ECHO_REPLY;
      case Icmp.ECHO_REPLY -> Icmp.ECHO_REQUEST;
      case Icmp.TIMESTAMP -> Icmp.TIMESTAMP_REPLY;
      case Icmp.TIMESTAMP_REPLY -> Icmp.TIMESTAMP;
      case Icmp.INFO_REQUEST -> Icmp.INFO_REPLY;
      case Icmp.INFO_REPLY -> Icmp.INFO_REQUEST;
      case Icmp.ADDRESS_MASK -> Icmp.ADDRESS_MASK_REPLY;
      case Icmp.ADDRESS_MASK_REPLY -> Icmp.ADDRESS_MASK;
      default -> -1;
    };
  }

  private static final int NODE_INFO_QUERY = 139;
  private static final int NODE_INFO_REPLY = 140;

  private static int inverseIcmp6(int type) {
    return switch (type) {
      case Icmp.V6_ECHO_REQUEST -> Icmp.V6_ECHO_REPLY;
      case Icmp.V6_ECHO_REPLY -> Icmp.V6_ECHO_REQUEST;
      case NODE_INFO_QUERY -> NODE_INFO_REPLY;
      case NODE_INFO_REPLY -> NODE_INFO_QUERY;
      default -> -1;
    };
  }
}
