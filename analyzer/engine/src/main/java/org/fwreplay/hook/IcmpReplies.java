package org.fwreplay.hook;

import org.fwreplay.conntrack.TransportChecksums;
import org.fwreplay.host.Addresses;
import org.fwreplay.host.Host;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.RouteType;
import org.fwreplay.host.Router;
import org.fwreplay.host.Sysctls;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.PacketBuilder;
import org.fwreplay.packet.Protocols;

/**
 * Makes the answers to those who ask the host itself for an echo or for its time (RFC 792, RFC
 * 4443): {@code icmp_echo}, {@code icmp_timestamp}, {@code icmpv6_echo_reply}. RFC 8335's probes
 * are not answered.
 */
final class IcmpReplies {
  private static final int TIMES_LENGTH = 12;
  private static final long MS_A_DAY = 86_400_000;
  private static final int DSCP_MASK = 0xfc;
  private static final int FLOW_LABEL_MASK = 0xfffff;

  /** {@code FLOWLABEL_REFLECT_ICMPV6_ECHO_REPLIES}. */
  private static final int REFLECT_LABEL = 4;

  private final Host host;
  private final Router router;
  private final Ipv4Options options;
  private final HookWalk hooks;
  private final Answers answers;
  private final IcmpRateLimit limit;
  private final int ttl;
  private final boolean toBroadcasts;
  private final boolean toMulticasts6;
  private final boolean toAnycasts6;
  private final boolean fromAnycasts6;
  private final boolean reflectLabel;
  private final RouteQuery query = new RouteQuery();
  private final RouteResult route = new RouteResult();
  private final byte[] echoed = new byte[40];
  private boolean echoes;
  private boolean tellsTime = true;
  private boolean echoes6;
  private int nextId;

  IcmpReplies(
      Host host,
      Router router,
      Ipv4Options options,
      HookWalk hooks,
      Answers answers,
      IcmpRateLimit limit) {
    this.host = host;
    this.router = router;
    this.options = options;
    this.hooks = hooks;
    this.answers = answers;
    this.limit = limit;
    Sysctls s = host.sysctls();
    ttl = s.getInt("net.ipv4.ip_default_ttl", 64);
    echoes = s.getInt("net.ipv4.icmp_echo_ignore_all", 0) == 0;
    toBroadcasts = s.getInt("net.ipv4.icmp_echo_ignore_broadcasts", 1) == 0;
    echoes6 = s.getInt("net.ipv6.icmp.echo_ignore_all", 0) == 0;
    toMulticasts6 = s.getInt("net.ipv6.icmp.echo_ignore_multicast", 0) == 0;
    toAnycasts6 = s.getInt("net.ipv6.icmp.echo_ignore_anycast", 0) == 0;
    fromAnycasts6 = s.getInt("net.ipv6.anycast_src_echo_reply", 0) != 0;
    reflectLabel = (s.getInt("net.ipv6.flowlabel_reflect", 0) & REFLECT_LABEL) != 0;
  }

  /** Leaves replies of a type to somebody else: none is made. */
  void leave(int protocol, int type) {
    if (protocol == Protocols.ICMPV6) {
      echoes6 &= type != Icmp.V6_ECHO_REPLY;
    } else if (protocol == Protocols.ICMP) {
      echoes &= type != Icmp.ECHO_REPLY;
      tellsTime &= type != Icmp.TIMESTAMP_REPLY;
    }
  }

  /** Leaves all replies to somebody else. */
  void leaveAll() {
    echoes = false;
    tellsTime = false;
    echoes6 = false;
  }

  /**
   * Makes the answer to a message that was delivered, with the way that it takes.
   *
   * @return whether {@code into} is to be sent
   */
  boolean reply(Packet request, Packet into) {
    int length = request.end - request.transport;
    if (length < Icmp.LENGTH || !TransportChecksums.goodSegment(request, length)) {
      return false;
    }
    int type = request.u8(request.transport + Icmp.TYPE);
    boolean made = request.ipv6 ? reply6(request, type, into) : reply4(request, type, into);
    if (made) {
      PacketBuilder.transportChecksum(into, Icmp.CHECKSUM);
      into.mark = answers.mark(request);
      into.timeNs = request.timeNs;
      into.frame = request.frame;
      hooks.takeRoute(into, route);
    }
    return made;
  }

  private boolean reply4(Packet request, int type, Packet into) {
    if (request.routedToAll && !toBroadcasts) {
      return false;
    }
    if (type == Icmp.ECHO_REQUEST && echoes) {
      int length = request.end - request.transport;
      if (!start4(request, Icmp.ECHO_REPLY, length, into)) {
        return false;
      }
      System.arraycopy(request.buffer, request.transport, into.buffer, into.transport, length);
      Bytes.put8(into.buffer, into.transport + Icmp.TYPE, Icmp.ECHO_REPLY);
      return true;
    }
    boolean asksTime = type == Icmp.TIMESTAMP && request.transport + Icmp.LENGTH + 4 <= request.end;
    int length = Icmp.LENGTH + TIMES_LENGTH;
    if (asksTime && tellsTime && start4(request, Icmp.TIMESTAMP_REPLY, length, into)) {
      putTimes(request, into);
      return true;
    }
    return false;
  }

  /** The sender's time as it came, and twice the host's: milliseconds since midnight UT. */
  private static void putTimes(Packet request, Packet into) {
    byte[] b = into.buffer;
    int at = into.transport;
    int now = (int) (request.timeNs / 1_000_000 % MS_A_DAY);
    System.arraycopy(request.buffer, request.transport, b, at, Icmp.LENGTH + 4);
    Bytes.put8(b, at + Icmp.TYPE, Icmp.TIMESTAMP_REPLY);
    Bytes.put8(b, at + Icmp.CODE, 0);
    Bytes.put32(b, at + Icmp.LENGTH + 4, now);
    Bytes.put32(b, at + Icmp.LENGTH + 8, now);
  }

  /** {@code icmp_reply}: a packet of {@code length} bytes of ICMP back to the sender. */
  private boolean start4(Packet request, int type, int length, Packet into) {
    query.clear();
    query.dstLo = request.sourceLo();
    query.srcLo = request.routedLocal ? request.destinationLo() : 0;
    query.tos = request.tos() & DSCP_MASK;
    query.mark = answers.mark(request);
    query.protocol = Protocols.ICMP;
    if (router.output(query, route) > RouteResult.TRANSMIT) {
      return false;
    }
    int optionLength = options.echo(request, route.srcLo, echoed);
    if (optionLength < 0 || !limit.allows(request, type, 0, route.oif)) {
      return false;
    }
    PacketBuilder.ipv4(
        into,
        request.tos(),
        nextId++ & 0xffff,
        false,
        ttl,
        Protocols.ICMP,
        route.srcLo,
        query.dstLo,
        length);
    if (optionLength > 0) {
      PacketBuilder.insertIpv4Options(into, echoed, optionLength);
    }
    return true;
  }

  private boolean reply6(Packet request, int type, Packet into) {
    if (type != Icmp.V6_ECHO_REQUEST
        || !echoes6
        || !routeBack6(request)
        || !limit.allows(request, Icmp.V6_ECHO_REPLY, 0, route.oif)) {
      return false;
    }
    int length = request.end - request.transport;
    int hopLimit = host.conf(route.oif).hopLimit6();
    PacketBuilder.ipv6(into, request.tos(), hopLimit, Protocols.ICMPV6, length);
    PacketBuilder.ipv6Addresses(into, route.srcHi, route.srcLo, query.dstHi, query.dstLo);
    if (query.flowLabel != 0) {
      Bytes.put32(into.buffer, into.network, (int) into.u32(into.network) | query.flowLabel);
    }
    System.arraycopy(request.buffer, request.transport, into.buffer, into.transport, length);
    Bytes.put8(into.buffer, into.transport + Icmp.TYPE, Icmp.V6_ECHO_REPLY);
    into.ignoreDf = into.length() > route.mtu;
    return true;
  }

  /** From the address that was asked, where it is one host's; else from the one that suits. */
  private boolean routeBack6(Packet request) {
    long toHi = request.destinationHi();
    long toLo = request.destinationLo();
    boolean multicast = Addresses.isMulticast6(toHi);
    boolean anycast = !multicast && router.hasType(true, -1, toHi, toLo, RouteType.ANYCAST.bit());
    if (multicast && !toMulticasts6 || anycast && !toAnycasts6) {
      return false;
    }
    query.clear();
    query.six = true;
    query.dstHi = request.sourceHi();
    query.dstLo = request.sourceLo();
    if (!multicast && (!anycast || fromAnycasts6)) {
      query.srcHi = toHi;
      query.srcLo = toLo;
    }
    query.oif = request.in >= 0 ? request.in : host.loopback();
    query.flowLabel = reflectLabel ? (int) request.u32(request.network) & FLOW_LABEL_MASK : 0;
    query.mark = answers.mark(request);
    query.protocol = Protocols.ICMPV6;
    return router.output(query, route) <= RouteResult.TRANSMIT;
  }
}
