package org.fwreplay.hook;

import org.fwreplay.packet.FlowMemo;

/** One direction of a flow, with the way that its packets take. */
class KnownFlow extends FlowMemo {
  /** The number of its connection, -1 without one. */
  long connection = -1;

  /** The connection's mark and status. */
  long state;

  /** What the packet had, of which {@link #mask} says what other packets must have. */
  long traits;

  long mask;

  /** Null where it is not known. */
  Way way;

  /** Makes it another flow, of which nothing is known. */
  final void forget() {
    way = null;
    observed = null;
  }
}
