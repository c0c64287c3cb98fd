package org.fwreplay.hook;

import org.fwreplay.packet.FlowMemo;

/** One direction of a flow, with the way that its packets take. */
final class KnownFlow extends FlowMemo {
  /** What {@link Ways} found it by where no connection holds it. */
  long sourceHi;

  long sourceLo;
  long destinationHi;
  long destinationLo;
  long ports;

  /** The number of the connection, -1 without one. */
  long connection = -1;

  /** The connection's mark and status. */
  long state;

  /** What the packet had, of which {@link #mask} says what other packets must have. */
  long traits;

  long mask;

  /** Null where it is not known. */
  Way way;
}
