package org.fwreplay.xt;

/** For which packets besides the one at hand the answer of a match holds. */
public enum Validity {
  /** For none: it looks at the payload, at the time, or remembers something. */
  PACKET,

  /** For those of the same flow that have the same TCP flags, see {@link #FLOW}. */
  TCP_FLAGS,

  /**
   * For all of the same flow, in the same direction: it looks at nothing but addresses, protocol,
   * ports, TOS or traffic class, mark, route, interfaces, to whom the frame was sent, and, of the
   * connection, at its tuples, zone, status bits and mark, and which state the packet has in it.
   */
  FLOW
}
