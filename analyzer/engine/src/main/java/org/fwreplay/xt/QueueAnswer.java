package org.fwreplay.xt;

/** What the program at a queue (NFQUEUE, QUEUE) answers to each packet. */
public enum QueueAnswer {
  /** It lets the packet go on behind the table. */
  ACCEPT,
  /** It drops the packet. */
  DROP,
  /** It has to be asked for each packet. */
  ASK,
  /** There is no program: Linux drops the packet, or lets it pass with {@code --queue-bypass}. */
  NONE
}
