package org.fwreplay.conntrack;

import org.fwreplay.packet.Packet;

/** GRE: nf_conntrack_proto_gre. */
final class GreTracker {
  private final Conntrack conntrack;
  private final ConntrackSettings settings;

  GreTracker(Conntrack conntrack, ConntrackSettings settings) {
    this.conntrack = conntrack;
    this.settings = settings;
  }

  /** Judges a packet; the answer is one of {@link Conntrack}. */
  int packet(Connection ct, Packet p, int info) {
    int direction = CtInfo.direction(info);
    if (!ct.is(Connection.SEEN_REPLY)) {
      conntrack.refresh(ct, direction, p, settings.gre);
      return Conntrack.ACCEPT;
    }
    conntrack.refresh(ct, direction, p, settings.greStream);
    if (!ct.is(Connection.ASSURED)) {
      ct.status |= Connection.ASSURED;
      conntrack.changed(ct, CtEvent.ASSURED);
    }
    return Conntrack.ACCEPT;
  }
}
