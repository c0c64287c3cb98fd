package org.fwreplay.conntrack;

import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/**
 * ICMP and ICMPv6: requests with their answers are connections, errors belong to the connection of
 * the packet they tell of (nf_conntrack_proto_icmp, nf_conntrack_proto_icmpv6).
 */
final class IcmpTracker {
  private static final int V6_NODE_INFORMATION_QUERY = 139;
  private static final int V6_REDIRECT = 137;
  private static final int ND_REDIRECT_HEADER = 4;

  private final Conntrack conntrack;
  private final ConntrackSettings settings;
  private final Tuple key = new Tuple();
  private final Tuple inverse = new Tuple();

  IcmpTracker(Conntrack conntrack, ConntrackSettings settings) {
    this.conntrack = conntrack;
    this.settings = settings;
  }

  /** Judges a request or an answer; the answers are those of {@link Conntrack}. */
  int packet(Connection ct, Packet p, int info) {
    boolean six = ct.original.protocol == Protocols.ICMPV6;
    if (six != p.ipv6) {
      return Conntrack.INVALID;
    }
    int type = ct.original.destinationPort >> 8;
    boolean request =
        six
            ? type == Icmp.V6_ECHO_REQUEST || type == V6_NODE_INFORMATION_QUERY
            : type == Icmp.ECHO_REQUEST
                || type == Icmp.TIMESTAMP
                || type == Icmp.INFO_REQUEST
                || type == Icmp.ADDRESS_MASK;
    if (!request && !(six && ct.is(Connection.CONFIRMED))) {
      return Conntrack.INVALID;
    }
    conntrack.refresh(ct, CtInfo.direction(info), p, six ? settings.icmp6 : settings.icmp);
    return Conntrack.ACCEPT;
  }

  /** Whether the packet is done with: an error (related or invalid), or untracked. */
  boolean isDone(Packet p, Connection template, Hook hook) {
    int at = p.transport;
    if (p.ipv6 != (p.protocol == Protocols.ICMPV6)) {
      return false;
    }
    if (at + Icmp.LENGTH > p.end) {
      return true;
    }
    if (settings.checksum && hook == Hook.PREROUTING && !TransportChecksums.good(p)) {
      return true;
    }
    int type = p.u8(at);
    if (p.ipv6) {
      return icmp6(p, template, type);
    }
    if (type > Icmp.ADDRESS_MASK_REPLY) {
      return true;
    }
    if (!Icmp.isError(type)) {
      return false;
    }
    relate(p, template, at + Icmp.LENGTH);
    return true;
  }

  private boolean icmp6(Packet p, Connection template, int type) {
    if (isNeighbourOrListener(type)) {
      p.tracked = null;
      p.trackInfo = CtInfo.UNTRACKED;
      return true;
    }
    if (type == V6_REDIRECT) {
      return redirect6(p, template);
    }
    if (type >= 128) {
      return false;
    }
    relate(p, template, p.transport + Icmp.LENGTH);
    return true;
  }

  /** Multicast listener and neighbour discovery are never tracked. */
  private static boolean isNeighbourOrListener(int type) {
    return type >= 130 && type <= 136 || type == 143 || type == 151 || type == 152;
  }

  private boolean redirect6(Packet p, Connection template) {
    int option = p.transport + 40;
    if (option > p.end) {
      return true;
    }
    if (p.u8(p.transport + Icmp.CODE) != 0) {
      return false;
    }
    boolean linkLocal = p.sourceHi() >>> 54 == 0xfe80L >>> 6;
    if (p.ttl() != 255 || !linkLocal || option + 2 > p.end || p.u8(option + 1) == 0) {
      return true;
    }
    if (p.u8(option) != ND_REDIRECT_HEADER) {
      return false;
    }
    relate(p, template, option + 8);
    return true;
  }

  /** {@code nf_conntrack_inet_error}: is the embedded packet one of a connection of ours? */
  private void relate(Packet p, Connection template, int embedded) {
    if (!TupleReader.readEmbedded(p, embedded, key, conntrack.greKeymap())
        || !TupleReader.invert(key, inverse)) {
      return;
    }
    Tuple found = conntrack.find(inverse, p, template);
    if (found == null
        || found.destinationLo != p.destinationLo()
        || found.destinationHi != p.destinationHi()) {
      return;
    }
    p.tracked = found.connection;
    p.trackInfo = found.direction == Connection.REPLY ? CtInfo.RELATED_REPLY : CtInfo.RELATED;
  }
}
