package org.fwreplay.host;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/**
 * What routing looks at in a packet; reusable. Fields that are not known stay zero, interfaces -1.
 * Corresponds to {@code struct flowi4} and {@code struct flowi6}.
 */
public final class RouteQuery {
  /** Whether the addresses are IPv6. */
  public boolean six;

  /** Interface the packet came in by; -1 for packets of the host itself. */
  public int iif = -1;

  /** Interface the packet must leave by, -1 for any; only for output. */
  public int oif = -1;

  public long srcHi;
  public long srcLo;
  public long dstHi;
  public long dstLo;

  /** The packet's mark. */
  public int mark;

  /** IPv4 TOS byte, IPv6 traffic class. */
  public int tos;

  /** IPv6 flow label, 20 bits. */
  public int flowLabel;

  /** IP protocol of the transport header. */
  public int protocol;

  /** Source port, 0 for fragments and for protocols without ports. */
  public int sourcePort;

  /** Destination port, likewise. */
  public int destinationPort;

  /** Owner of the sending socket, 0 for forwarded packets. */
  public int uid;

  /**
   * Output only: the source need not be an own address ({@code FLOWI_FLAG_ANYSRC}), as when the
   * firewall routes a packet again or answers in somebody's name.
   */
  public boolean anySource;

  /** Makes everything unknown again. */
  public RouteQuery clear() {
    six = false;
    iif = -1;
    oif = -1;
    srcHi = 0;
    srcLo = 0;
    dstHi = 0;
    dstLo = 0;
    mark = 0;
    tos = 0;
    flowLabel = 0;
    protocol = 0;
    sourcePort = 0;
    destinationPort = 0;
    uid = 0;
    anySource = false;
    return this;
  }

  /** Asks about a packet as it stands; the interfaces stay unknown. */
  public RouteQuery set(Packet p) {
    clear();
    six = p.ipv6;
    srcHi = p.sourceHi();
    srcLo = p.sourceLo();
    dstHi = p.destinationHi();
    dstLo = p.destinationLo();
    mark = p.mark;
    tos = p.tos();
    protocol = Math.max(p.protocol, 0);
    if (p.ipv6) {
      flowLabel = (int) p.u32(p.network) & 0xfffff;
    }
    boolean ports =
        protocol == Protocols.TCP || protocol == Protocols.UDP || protocol == Protocols.SCTP;
    if (ports && p.fragmentOffset == 0 && p.transport + 4 <= p.end) {
      sourcePort = p.u16(p.transport);
      destinationPort = p.u16(p.transport + 2);
    }
    return this;
  }

  void copy(RouteQuery other) {
    six = other.six;
    iif = other.iif;
    oif = other.oif;
    srcHi = other.srcHi;
    srcLo = other.srcLo;
    dstHi = other.dstHi;
    dstLo = other.dstLo;
    mark = other.mark;
    tos = other.tos;
    flowLabel = other.flowLabel;
    protocol = other.protocol;
    sourcePort = other.sourcePort;
    destinationPort = other.destinationPort;
    uid = other.uid;
    anySource = other.anySource;
  }

  /**
   * A number that is the same for all packets of a flow in one direction. Linux hashes the same
   * fields with a key of its boot, so which path a flow takes there is chance.
   */
  int flowHash(boolean withPorts) {
    long hash = srcHi * 31 + srcLo;
    hash = (hash ^ hash >>> 29) * 0xbf58476d1ce4e5b9L + dstHi * 31 + dstLo;
    if (withPorts) {
      hash = (hash ^ hash >>> 31) * 0x94d049bb133111ebL;
      hash += (long) sourcePort << 32 | destinationPort << 8 | protocol;
    }
    hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
    return (int) (hash >>> 32);
  }
}
