package org.fwreplay.packet;

/**
 * What somebody who observes a run keeps with the packets of one direction of a flow, so that it
 * need not be looked for. It may be lost at any time.
 */
public class FlowMemo {
  /** Whatever it is; null for nothing. */
  public Object observed;

  /** Tells a thing that is used again from what it was before. */
  public long observedId;

  /** Which direction of it this is. */
  public int direction;
}
