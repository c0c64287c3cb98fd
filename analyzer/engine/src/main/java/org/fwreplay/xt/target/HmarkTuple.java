package org.fwreplay.xt.target;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Jhash;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.AddressText.Address;

/** What HMARK hashes of a packet: {@code struct hmark_tuple}. Reads of errors what they quote. */
final class HmarkTuple {
  private static final int AH_SPI = 4;
  private static final int UNREADABLE = -1;

  private final HmarkTarget target;
  private int source;
  private int destination;
  private int ports;
  private int protocol;

  /** Offset of the last header that {@link #walk6} came to, and whether it met a fragment's. */
  private int found;

  private boolean fragment;

  HmarkTuple(HmarkTarget target) {
    this.target = target;
  }

  int protocol() {
    return protocol;
  }

  int hash(int random) {
    boolean swapped = Integer.compareUnsigned(destination, source) < 0;
    int low = swapped ? destination : source;
    int high = swapped ? source : destination;
    return Jhash.threeWords(low, high, ports, random);
  }

  /** Reads a packet, or its connection; false where the mark is to stay as it is. */
  boolean read(Packet p, boolean connection) {
    source = 0;
    destination = 0;
    ports = 0;
    protocol = 0;
    fragment = false;
    if (connection) {
      return readConnection(p);
    }
    return p.ipv6 ? read6(p) : read4(p);
  }

  /** Takes the sources of the connection's two directions. */
  private boolean readConnection(Packet p) {
    Connection connection = Connection.of(p);
    if (connection == null) {
      return false;
    }
    Tuple here = connection.original;
    Tuple there = connection.reply;
    source = masked(p.ipv6, here.sourceHi, here.sourceLo, target.source());
    destination = masked(p.ipv6, there.sourceHi, there.sourceLo, target.destination());
    protocol = here.protocol;
    if (protocol != Protocols.ICMP) {
      setPorts(here.sourcePort << 16 | there.sourcePort & 0xffff);
    }
    return true;
  }

  private boolean read4(Packet p) {
    int ip = p.network;
    if (p.u8(ip + Ipv4.PROTOCOL) == Protocols.ICMP) {
      int icmp = ip + headerLength(p, ip);
      if (p.has(icmp, Icmp.LENGTH) && isError4(p.u8(icmp))) {
        ip = icmp + Icmp.LENGTH;
        if (!p.has(ip, Ipv4.MIN_LENGTH)) {
          return false;
        }
      }
    }
    source = Bytes.i32(p.buffer, ip + Ipv4.SOURCE) & (int) target.source().lo();
    destination = Bytes.i32(p.buffer, ip + Ipv4.DESTINATION) & (int) target.destination().lo();
    protocol = p.u8(ip + Ipv4.PROTOCOL);
    boolean part = (p.u16(ip + Ipv4.FRAGMENT) & (Ipv4.MF | Ipv4.OFFSET_MASK)) != 0;
    if (protocol != Protocols.ICMP && !part) {
      readPorts(p, ip + headerLength(p, ip));
    }
    return true;
  }

  private static int headerLength(Packet p, int ip) {
    return (p.u8(ip) & 15) * 4;
  }

  private static boolean isError4(int type) {
    return switch (type) {
      case Icmp.DEST_UNREACHABLE,
          Icmp.SOURCE_QUENCH,
          Icmp.REDIRECT,
          Icmp.TIME_EXCEEDED,
          Icmp.PARAMETER_PROBLEM ->
          true;
      default -> false;
    };
  }

  private boolean read6(Packet p) {
    int ip = p.network;
    int next = walk6(p, ip);
    if (next == UNREADABLE) {
      return true;
    }
    boolean error =
        !fragment
            && next == Protocols.ICMPV6
            && p.has(found, Icmp.LENGTH)
            && p.u8(found) != 0
            && p.u8(found) < 0x80;
    if (error) {
      ip = found + Icmp.LENGTH;
      fragment = false;
      next = p.has(ip, Ipv6.LENGTH) && p.u8(ip) >> 4 == 6 ? walk6(p, ip) : UNREADABLE;
      if (next == UNREADABLE) {
        return false;
      }
    }
    source = address6(p, ip + Ipv6.SOURCE, target.source());
    destination = address6(p, ip + Ipv6.DESTINATION, target.destination());
    protocol = next;
    if (next != Protocols.ICMPV6 && !fragment) {
      readPorts(p, found);
    }
    return true;
  }

  /** {@code ipv6_find_hdr} for the last header, where an AH counts as one. */
  private int walk6(Packet p, int ip) {
    int next = p.u8(ip + Ipv6.NEXT_HEADER);
    int at = ip + Ipv6.LENGTH;
    while (Protocols.isExtensionHeader(next) && next != Protocols.NONE) {
      if (!p.has(at, 2)) {
        return UNREADABLE;
      }
      int length = (p.u8(at + 1) + 1) * 8;
      if (next == Protocols.FRAGMENT) {
        fragment = true;
        if (!p.has(at, 4)) {
          return UNREADABLE;
        }
        length = 8;
        if ((p.u16(at + 2) & ~7) != 0) {
          int inner = p.u8(at);
          boolean last = !Protocols.isExtensionHeader(inner) || inner == Protocols.NONE;
          return last ? inner : UNREADABLE;
        }
      } else if (next == Protocols.AH) {
        break;
      }
      next = p.u8(at);
      at += length;
    }
    found = at;
    return next;
  }

  private static int address6(Packet p, int at, Address mask) {
    return masked(true, Bytes.i64(p.buffer, at), Bytes.i64(p.buffer, at + 8), mask);
  }

  /** IPv6 addresses are folded to 32 bits. */
  private static int masked(boolean six, long hi, long lo, Address mask) {
    long h = hi & mask.hi();
    long l = lo & mask.lo();
    return six ? (int) (h >>> 32 ^ h ^ l >>> 32 ^ l) : (int) l;
  }

  private void readPorts(Packet p, int at) {
    int offset =
        switch (protocol) {
          case Protocols.TCP,
              Protocols.UDP,
              Protocols.DCCP,
              Protocols.ESP,
              Protocols.SCTP,
              Protocols.UDPLITE ->
              0;
          case Protocols.AH -> AH_SPI;
          default -> UNREADABLE;
        };
    if (offset != UNREADABLE && p.has(at + offset, 4)) {
      setPorts(Bytes.i32(p.buffer, at + offset));
    }
  }

  private void setPorts(int both) {
    int kept = both & target.portMask() | target.portSet();
    int first = kept >>> 16;
    int second = kept & 0xffff;
    ports = Math.max(first, second) << 16 | Math.min(first, second);
  }
}
