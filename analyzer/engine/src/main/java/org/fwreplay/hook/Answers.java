package org.fwreplay.hook;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.TransportChecksums;
import org.fwreplay.host.Addresses;
import org.fwreplay.host.Host;
import org.fwreplay.host.InterfaceAddress;
import org.fwreplay.host.NetInterface;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;
import org.fwreplay.host.Sysctls;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.PacketBuilder;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;

/**
 * Makes the packets with which the host answers: ICMP errors (icmp_send, icmp6_send) and TCP resets
 * (nf_send_reset, tcp_v4_send_reset and their IPv6 siblings). Each method fills a packet that is
 * then sent, or says that nothing is to be sent.
 */
final class Answers {
  private static final int MAX_ICMP4 = 576;
  private static final int MIN_MTU6 = 1280;
  private static final int INTERNET_CONTROL = 0xc0;
  private static final int TOS_MASK = 0x1e;
  private static final int ECN_MASK = 3;

  /** Type 1, length one unit of eight bytes. */
  private static final int SOURCE_LINK_ADDRESS = 0x0101;

  private static final int SOLICITATION_LENGTH = 32;

  private final Host host;
  private final Router router;
  private final Ipv4Options options;
  private final HookWalk hooks;
  private final IcmpRateLimit limit;
  private final boolean inboundSource;
  private final boolean reflectMark4;
  private final boolean reflectMark6;
  private final int ttl;
  private final RouteQuery query = new RouteQuery();
  private final RouteResult route = new RouteResult();
  private final byte[] echoed = new byte[40];
  private int nextId;

  Answers(Host host, Router router, Ipv4Options options, HookWalk hooks, IcmpRateLimit limit) {
    this.options = options;
    this.hooks = hooks;
    this.limit = limit;
    this.host = host;
    this.router = router;
    Sysctls s = host.sysctls();
    inboundSource = s.getInt("net.ipv4.icmp_errors_use_inbound_ifaddr", 0) != 0;
    reflectMark4 = s.getInt("net.ipv4.fwmark_reflect", 0) != 0;
    reflectMark6 = s.getInt("net.ipv6.fwmark_reflect", 0) != 0;
    ttl = s.getInt("net.ipv4.ip_default_ttl", 64);
  }

  /**
   * Makes an ICMP or ICMPv6 error about a packet.
   *
   * @param info the second word of the ICMP header: MTU, pointer
   * @return whether {@code into} is to be sent
   */
  boolean error(Packet cause, int type, int code, int info, Packet into) {
    boolean made =
        cause.ipv6 ? error6(cause, type, code, info, into) : error4(cause, type, code, info, into);
    if (made) {
      into.mark = mark(cause);
      attach(cause, into);
      into.timeNs = cause.timeNs;
      into.frame = cause.frame;
      hooks.takeRoute(into, route);
    }
    return made;
  }

  /** The mark of an answer. */
  int mark(Packet cause) {
    return (cause.ipv6 ? reflectMark6 : reflectMark4) ? cause.mark : 0;
  }

  /** {@code nf_conntrack_attach}: the answer belongs to the connection that it is about. */
  private static void attach(Packet cause, Packet into) {
    if (cause.tracked == null && cause.trackInfo != CtInfo.UNTRACKED) {
      return;
    }
    into.tracked = cause.tracked;
    into.trackInfo =
        CtInfo.direction(cause.trackInfo) == Connection.ORIGINAL
            ? CtInfo.RELATED_REPLY
            : CtInfo.RELATED;
  }

  private boolean error4(Packet cause, int type, int code, int info, Packet into) {
    if (cause.type != Packet.TO_HOST
        || cause.routedToAll
        || cause.fragmentOffset != 0
        || isIcmpError4(cause)) {
      return false;
    }
    query.clear();
    query.dstLo = cause.sourceLo();
    query.srcLo = errorSource4(cause);
    query.tos = cause.tos() & TOS_MASK | INTERNET_CONTROL;
    query.mark = mark(cause);
    query.protocol = Protocols.ICMP;
    if (router.output(query, route) > RouteResult.TRANSMIT) {
      return false;
    }
    int optionLength = options.echo(cause, route.srcLo, echoed);
    if (optionLength < 0 || !limit.allows(cause, type, code, route.oif)) {
      return false;
    }
    int room = Math.min(route.mtu, MAX_ICMP4) - Ipv4.MIN_LENGTH - optionLength - Icmp.LENGTH;
    if (room <= Ipv4.MIN_LENGTH) {
      return false;
    }
    int quoted = Math.min(cause.length(), room);
    PacketBuilder.ipv4(
        into,
        query.tos,
        nextId++ & 0xffff,
        false,
        ttl,
        Protocols.ICMP,
        route.srcLo,
        cause.sourceLo(),
        Icmp.LENGTH + quoted);
    if (optionLength > 0) {
      PacketBuilder.insertIpv4Options(into, echoed, optionLength);
    }
    quote(cause, type, code, info, quoted, into);
    return true;
  }

  /** For a packet to this host its destination; else whatever routing chooses. */
  private long errorSource4(Packet cause) {
    if (cause.routedLocal) {
      return cause.destinationLo();
    }
    if (inboundSource && cause.in >= 0) {
      return router.selectSource4(cause.in, cause.sourceLo(), org.fwreplay.host.Scope.LINK);
    }
    return 0;
  }

  private static boolean isIcmpError4(Packet p) {
    if (p.protocol != Protocols.ICMP) {
      return false;
    }
    if (p.transport >= p.end) {
      return true;
    }
    int type = p.u8(p.transport);
    return type > Icmp.ADDRESS_MASK_REPLY || Icmp.isError(type) || isReserved(type);
  }

  /** Types that Linux does not answer either, known or not ({@code icmp_pointers}). */
  private static boolean isReserved(int type) {
    return type == 1 || type == 2 || type == 6 || type == 7 || type == 9 || type == 10;
  }

  private static void quote(Packet cause, int type, int code, int info, int quoted, Packet into) {
    byte[] b = into.buffer;
    int at = into.transport;
    Bytes.put8(b, at + Icmp.TYPE, type);
    Bytes.put8(b, at + Icmp.CODE, code);
    Bytes.put32(b, at + Icmp.ID, info);
    System.arraycopy(cause.buffer, cause.network, b, at + Icmp.LENGTH, quoted);
    PacketBuilder.transportChecksum(into, Icmp.CHECKSUM);
  }

  private boolean error6(Packet cause, int type, int code, int info, Packet into) {
    boolean tooBig = type == Icmp.V6_PACKET_TOO_BIG;
    boolean toAll = cause.destinationHi() >>> 56 == 0xff || cause.type != Packet.TO_HOST;
    if (toAll && !tooBig
        || cause.sourceHi() >>> 56 == 0xff
        || (cause.sourceHi() | cause.sourceLo()) == 0
        || isIcmpError6(cause)) {
      return false;
    }
    query.clear();
    query.six = true;
    query.dstHi = cause.sourceHi();
    query.dstLo = cause.sourceLo();
    query.mark = mark(cause);
    query.protocol = Protocols.ICMPV6;
    boolean linkLocal = cause.sourceHi() >>> 54 == 0xfe80 >>> 6;
    query.oif = linkLocal ? cause.in : -1;
    long srcHi = 0;
    long srcLo = 0;
    if (!toAll && host.hasAddress(true, cause.destinationHi(), cause.destinationLo())) {
      srcHi = cause.destinationHi();
      srcLo = cause.destinationLo();
    } else if (cause.in >= 0 && router.selectSource6(cause.in, query.dstHi, query.dstLo, route)) {
      srcHi = route.srcHi;
      srcLo = route.srcLo;
    }
    query.srcHi = srcHi;
    query.srcLo = srcLo;
    if (router.output(query, route) > RouteResult.TRANSMIT
        || !limit.allows(cause, type, code, route.oif)) {
      return false;
    }
    if ((srcHi | srcLo) == 0) {
      srcHi = route.srcHi;
      srcLo = route.srcLo;
    }
    int quoted = Math.min(cause.length(), MIN_MTU6 - 40 - Icmp.LENGTH);
    int hopLimit = host.conf(route.oif).hopLimit6();
    PacketBuilder.ipv6(into, 0, hopLimit, Protocols.ICMPV6, Icmp.LENGTH + quoted);
    PacketBuilder.ipv6Addresses(into, srcHi, srcLo, cause.sourceHi(), cause.sourceLo());
    quote(cause, type, code, info, quoted, into);
    return true;
  }

  private static boolean isIcmpError6(Packet p) {
    if (p.protocol != Protocols.ICMPV6) {
      return false;
    }
    return p.transport >= p.end || p.u8(p.transport) < 128;
  }

  /** Whether UDP would look for a socket: whole, and its checksum right ({@code udp_rcv}). */
  static boolean isSoundUdp(Packet p) {
    int at = p.transport;
    if (p.fragmentOffset != 0 || at + Udp.LENGTH > p.end) {
      return false;
    }
    int length = p.u16(at + Udp.UDP_LENGTH);
    if (length < Udp.LENGTH || at + length > p.end) {
      return false;
    }
    return p.u16(at + Udp.CHECKSUM) == 0 ? !p.ipv6 : TransportChecksums.goodSegment(p, length);
  }

  /**
   * Whether REJECT may answer: not to broken packets, as far as their checksum tells ({@code
   * nf_reject_verify_csum}).
   */
  boolean mayReject(Packet p) {
    if (p.fragmentOffset != 0) {
      return false;
    }
    if (p.ipv6 && (p.protocol < 0 || p.protocol == Protocols.NONE || p.transport >= p.end)) {
      return false;
    }
    return !isSummed(p) || TransportChecksums.good(p);
  }

  private static boolean isSummed(Packet p) {
    int at = p.transport;
    return switch (p.protocol) {
      case Protocols.UDP -> at + Udp.LENGTH > p.end || p.u16(at + Udp.CHECKSUM) != 0;
      case Protocols.GRE,
          Protocols.AH,
          Protocols.ESP,
          Protocols.SCTP,
          Protocols.UDPLITE,
          Protocols.DCCP ->
          false;
      default -> true;
    };
  }

  /**
   * Makes the reset that REJECT answers a segment with.
   *
   * @return whether {@code into} is to be sent
   */
  boolean reset(Packet cause, Packet into) {
    if (!isResettable(cause) || cause.routedToAll || !TransportChecksums.good(cause)) {
      return false;
    }
    if (cause.ipv6
        && !(isUnicast6(cause.sourceHi(), cause.sourceLo())
            && isUnicast6(cause.destinationHi(), cause.destinationLo()))) {
      return false;
    }
    buildReset(cause, into, 0);
    into.mark = mark(cause);
    attach(cause, into);
    return !into.ipv6 || isRouted6(into, -1);
  }

  private static boolean isUnicast6(long hi, long lo) {
    return hi >>> 56 != 0xff && (hi | lo) != 0 && !(hi == 0 && lo == 1);
  }

  /** Makes the reset of a host on which nobody listens at that port. */
  boolean closedPort(Packet cause, Packet into) {
    if (!isResettable(cause)
        || cause.type != Packet.TO_HOST
        || cause.routedToAll
        || !TransportChecksums.goodSegment(cause, cause.end - cause.transport)) {
      return false;
    }
    int header = (cause.u8(cause.transport + Tcp.DATA_OFFSET) >> 4) * 4;
    if (header < Tcp.MIN_LENGTH || cause.transport + header > cause.end) {
      return false;
    }
    buildReset(cause, into, cause.tos() & ~ECN_MASK);
    into.mark = mark(cause);
    boolean linkLocal = into.ipv6 && Addresses.isLinkLocal6(into.destinationHi());
    return !into.ipv6 || isRouted6(into, linkLocal ? cause.in : -1);
  }

  /** IPv6's way must be known before the packet: it says the hop limit. */
  private boolean isRouted6(Packet into, int oif) {
    query.set(into);
    query.oif = oif;
    if (router.output(query, route) > RouteResult.TRANSMIT) {
      return false;
    }
    hooks.takeRoute(into, route);
    into.setTtl(host.conf(route.oif).hopLimit6());
    return true;
  }

  private static boolean isResettable(Packet p) {
    return p.protocol == Protocols.TCP
        && p.fragmentOffset == 0
        && p.transport + Tcp.MIN_LENGTH <= p.end
        && (p.u8(p.transport + Tcp.FLAGS) & Tcp.RST) == 0;
  }

  private void buildReset(Packet cause, Packet into, int tos) {
    if (cause.ipv6) {
      PacketBuilder.ipv6(into, tos, 0, Protocols.TCP, Tcp.MIN_LENGTH);
      PacketBuilder.ipv6Addresses(
          into, cause.destinationHi(), cause.destinationLo(), cause.sourceHi(), cause.sourceLo());
    } else {
      PacketBuilder.ipv4(
          into,
          tos,
          0,
          true,
          ttl,
          Protocols.TCP,
          cause.destinationLo(),
          cause.sourceLo(),
          Tcp.MIN_LENGTH);
    }
    int from = cause.transport;
    int at = into.transport;
    byte[] b = into.buffer;
    int flags = cause.u8(from + Tcp.FLAGS);
    boolean ack = (flags & Tcp.ACK) != 0;
    int length =
        cause.end
            - from
            - (cause.u8(from + Tcp.DATA_OFFSET) >> 4) * 4
            + ((flags & Tcp.SYN) != 0 ? 1 : 0)
            + ((flags & Tcp.FIN) != 0 ? 1 : 0);
    Bytes.put16(b, at + Tcp.SOURCE_PORT, cause.u16(from + Tcp.DESTINATION_PORT));
    Bytes.put16(b, at + Tcp.DESTINATION_PORT, cause.u16(from + Tcp.SOURCE_PORT));
    Bytes.put32(b, at + Tcp.SEQUENCE, ack ? (int) cause.u32(from + Tcp.ACKNOWLEDGMENT) : 0);
    Bytes.put32(
        b, at + Tcp.ACKNOWLEDGMENT, ack ? 0 : (int) cause.u32(from + Tcp.SEQUENCE) + length);
    Bytes.put8(b, at + Tcp.DATA_OFFSET, 0x50);
    Bytes.put8(b, at + Tcp.FLAGS, ack ? Tcp.RST : Tcp.RST | Tcp.ACK);
    Bytes.put32(b, at + Tcp.WINDOW, 0);
    Bytes.put16(b, at + Tcp.URGENT, 0);
    PacketBuilder.transportChecksum(into, Tcp.CHECKSUM);
    into.timeNs = cause.timeNs;
    into.frame = cause.frame;
  }

  /**
   * Makes the neighbour solicitation (RFC 4861 §4.3) for the next hop of a packet that waits:
   * ndisc_solicit. It is sent from the packet's source if that is the interface's, else from the
   * link-local address.
   *
   * @return whether {@code into} is to be sent
   */
  boolean solicitation(Packet waiting, Packet into) {
    NetInterface out = host.networkInterface(waiting.out);
    long srcHi = waiting.sourceHi();
    long srcLo = waiting.sourceLo();
    if (!waiting.ipv6 || !host.hasAddressOn(out.id(), true, srcHi, srcLo)) {
      InterfaceAddress own = linkLocal(out);
      if (own == null) {
        return false;
      }
      srcHi = own.hi();
      srcLo = own.lo();
    }
    long groupLo = 0x1_ff00_0000L | waiting.nextHopLo & 0xff_ffffL;
    PacketBuilder.ipv6(into, 0, 255, Protocols.ICMPV6, SOLICITATION_LENGTH);
    PacketBuilder.ipv6Addresses(into, srcHi, srcLo, 0xff02L << 48, groupLo);
    byte[] b = into.buffer;
    int at = into.transport;
    Bytes.put16(b, at, Icmp.V6_NEIGHBOUR_SOLICITATION << 8);
    Bytes.put32(b, at + 4, 0);
    Bytes.put64(b, at + 8, waiting.nextHopHi);
    Bytes.put64(b, at + 16, waiting.nextHopLo);
    Bytes.put16(b, at + 24, SOURCE_LINK_ADDRESS);
    Bytes.put16(b, at + 26, (int) (out.mac() >>> 32));
    Bytes.put32(b, at + 28, (int) out.mac());
    PacketBuilder.transportChecksum(into, Icmp.CHECKSUM);
    into.timeNs = waiting.timeNs;
    into.frame = waiting.frame;
    into.out = waiting.out;
    into.nextHopSix = true;
    into.nextHopHi = 0xff02L << 48;
    into.nextHopLo = groupLo;
    into.routeMtu = out.mtu();
    into.routedToAll = true;
    return true;
  }

  private static InterfaceAddress linkLocal(NetInterface out) {
    for (InterfaceAddress each : out.addresses()) {
      if (each.six() && each.hi() >>> 54 == 0xfe80 >>> 6) {
        return each;
      }
    }
    return null;
  }

  /**
   * The copy of a packet that TEE sends: {@code nf_dup_ipv4}, {@code nf_dup_ipv6}. It belongs to no
   * connection, and IPv4's may not be fragmented, so that the sender hears of a small MTU.
   */
  void duplicate(Packet packet, Hook hook, Packet copy) {
    copy.copyFrom(packet);
    copy.tracked = null;
    copy.trackInfo = CtInfo.UNTRACKED;
    copy.local = true;
    copy.duplicate = true;
    if (!copy.ipv6) {
      int at = copy.network + Ipv4.FRAGMENT;
      copy.setIpv4Word(at, copy.u16(at) | Ipv4.DF);
    }
    if (hook == Hook.PREROUTING || hook == Hook.INPUT) {
      copy.setTtl(copy.ttl() - 1 & 0xff);
    }
  }
}
