package org.fwreplay.conntrack;

import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;

/** UDP and UDP-Lite connection tracking: nf_conntrack_proto_udp. */
final class UdpTracker {
  private static final long STREAM_AFTER_NS = 2_000_000_000L;

  private final Conntrack conntrack;
  private final ConntrackSettings settings;

  UdpTracker(Conntrack conntrack, ConntrackSettings settings) {
    this.conntrack = conntrack;
    this.settings = settings;
  }

  /** Judges a datagram; the answers are those of {@link Conntrack}. */
  int packet(Connection ct, Packet p, int info, Hook hook) {
    boolean lite = p.protocol == Protocols.UDPLITE;
    if (lite ? isBadLite(p, hook) : isBad(p, hook)) {
      return Conntrack.INVALID;
    }
    if (!ct.is(Connection.CONFIRMED)) {
      ct.udpStreamNs = conntrack.nowNs() + STREAM_AFTER_NS;
    }
    int direction = CtInfo.direction(info);
    if (!ct.is(Connection.SEEN_REPLY)) {
      conntrack.refresh(ct, direction, p, settings.udp);
      return Conntrack.ACCEPT;
    }
    boolean stream = lite || conntrack.nowNs() > ct.udpStreamNs;
    conntrack.refresh(ct, direction, p, stream ? settings.udpStream : settings.udp);
    if (stream && !ct.is(Connection.ASSURED)) {
      ct.status |= Connection.ASSURED;
      conntrack.changed(ct, CtEvent.ASSURED);
    }
    return Conntrack.ACCEPT;
  }

  private boolean isBad(Packet p, Hook hook) {
    int at = p.transport;
    if (at + Udp.LENGTH > p.end) {
      return true;
    }
    int length = p.u16(at + Udp.UDP_LENGTH);
    if (length > p.end - at || length < Udp.LENGTH) {
      return true;
    }
    return p.u16(at + Udp.CHECKSUM) != 0 && verify(hook) && !TransportChecksums.good(p);
  }

  private boolean isBadLite(Packet p, Hook hook) {
    int at = p.transport;
    if (at + Udp.LENGTH > p.end) {
      return true;
    }
    int coverage = p.u16(at + Udp.UDP_LENGTH);
    int length = p.end - at;
    if (coverage == 0) {
      coverage = length;
    } else if (coverage < Udp.LENGTH || coverage > length) {
      return true;
    }
    if (p.u16(at + Udp.CHECKSUM) == 0) {
      return true;
    }
    return verify(hook) && !TransportChecksums.goodPartly(p, coverage);
  }

  private boolean verify(Hook hook) {
    return settings.checksum && hook == Hook.PREROUTING;
  }
}
