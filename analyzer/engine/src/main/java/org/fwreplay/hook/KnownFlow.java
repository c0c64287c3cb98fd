package org.fwreplay.hook;

import org.fwreplay.packet.FlowMemo;

/** One direction of a flow, with the way that its packets take. */
class KnownFlow extends FlowMemo {
  /** The number of the connection, -1 without one. */
  long connection = -1;

  /** The connection's mark and status. */
  long state;

  /** What the packet had, of which {@link #mask} says what other packets must have. */
  long traits;

  long mask;

  /** Null where it is not known. */
  Way way;

  /** One that no connection holds: found by addresses, protocol and ports. */
  static final class Untracked extends KnownFlow {
    long sourceHi;
    long sourceLo;
    long destinationHi;
    long destinationLo;
    long ports;

    boolean is(long fromHi, long fromLo, long toHi, long toLo, long between) {
      return sourceLo == fromLo
          && destinationLo == toLo
          && ports == between
          && sourceHi == fromHi
          && destinationHi == toHi;
    }
  }
}
