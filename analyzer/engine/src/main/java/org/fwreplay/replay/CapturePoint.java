package org.fwreplay.replay;

import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.LinkHeader;
import org.fwreplay.host.Host;
import org.fwreplay.host.NetInterface;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;
import org.fwreplay.packet.Packet;

/**
 * Tells for frames of a capture that holds both directions at which interface they were, and
 * whether they left there: by what the capture says, by hardware addresses, or by the routes.
 */
final class CapturePoint {
  private static final int OUTGOING = 4;
  private static final int UNKNOWN = -1;

  private final Host host;
  private final Router router;
  private final RouteQuery query = new RouteQuery();
  private final RouteResult route = new RouteResult();

  /** The interface's id, or -1 where nobody can tell. */
  int interfaceId;

  /** Whether the frame left there. */
  boolean leaves;

  CapturePoint(Host host) {
    this.host = host;
    router = host.newRouter();
  }

  /**
   * Looks at a frame.
   *
   * @param p with the network header found
   * @param at the interface where the capture was made, -1 where that is not known
   */
  void find(CaptureRecord record, LinkHeader link, Packet p, int at) {
    int type = record.packetType >= 0 ? record.packetType : link.packetType;
    int source = at >= 0 ? ownerOf(link.srcMac, at) : ownerOf(link.srcMac);
    interfaceId = at >= 0 ? at : byIndex(link.interfaceIndex);
    if (interfaceId < 0) {
      int destination = ownerOf(link.dstMac);
      interfaceId = source >= 0 ? source : destination;
      if (interfaceId < 0) {
        interfaceId = type == OUTGOING ? routeTo(p, false) : routeTo(p, true);
      }
    }
    leaves = interfaceId >= 0 && leaves(type, link, p, source);
  }

  private boolean leaves(int type, LinkHeader link, Packet p, int source) {
    if (type >= 0) {
      return type == OUTGOING;
    }
    if (link.srcMac >= 0 && host.networkInterface(interfaceId).mac() >= 0) {
      return source >= 0;
    }
    int from = routeTo(p, true);
    return from >= 0 && from != interfaceId;
  }

  private int byIndex(int ifindex) {
    for (NetInterface each : host.interfaces()) {
      if (ifindex > 0 && each.ifindex() == ifindex) {
        return each.id();
      }
    }
    return UNKNOWN;
  }

  private int ownerOf(long mac) {
    for (NetInterface each : host.interfaces()) {
      if (mac > 0 && each.mac() == mac) {
        return each.id();
      }
    }
    return UNKNOWN;
  }

  private int ownerOf(long mac, int at) {
    return mac > 0 && host.networkInterface(at).mac() == mac ? at : UNKNOWN;
  }

  /** The interface that leads to the packet's source, or to its destination. */
  private int routeTo(Packet p, boolean toSource) {
    if (p.end - p.network < (p.ipv6 ? 40 : 20)) {
      return UNKNOWN;
    }
    query.clear();
    query.six = p.ipv6;
    query.anySource = true;
    query.dstHi = toSource ? p.sourceHi() : p.destinationHi();
    query.dstLo = toSource ? p.sourceLo() : p.destinationLo();
    return router.output(query, route) <= RouteResult.TRANSMIT ? route.oif : UNKNOWN;
  }
}
