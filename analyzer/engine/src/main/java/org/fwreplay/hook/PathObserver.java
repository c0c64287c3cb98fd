package org.fwreplay.hook;

import org.fwreplay.host.RouteResult;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.rule.WalkObserver;

/** Is told of every step on the way of packets; how it ended says {@link PathListener}. */
public interface PathObserver extends WalkObserver {
  /** Connection tracking has looked at the packet. */
  void tracked(Packet packet, Hook hook);

  /** NAT has looked at the packet: its addresses and ports are from here on what it made them. */
  void translated(Packet packet, Hook hook);

  /** Where the packet goes was decided, or decided again. */
  void routed(Packet packet, RouteResult route);
}
