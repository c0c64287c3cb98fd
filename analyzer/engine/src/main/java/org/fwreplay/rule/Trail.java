package org.fwreplay.rule;

import java.util.Arrays;
import org.fwreplay.xt.Validity;

/**
 * The places that a packet hits on its way through all tables of a family, kept where other packets
 * of its flow hit the same: it closes as soon as something is met whose answer is about this packet
 * only.
 */
public final class Trail {
  private static final int MOST = 64;

  private final int[] places = new int[MOST];
  private int count;
  private boolean open;
  private boolean tcpFlags;

  /** Starts anew. */
  public void open() {
    open = true;
    count = 0;
    tcpFlags = false;
  }

  /** Ends it: what follows is not kept. */
  public void close() {
    open = false;
  }

  /** Whether what is met is kept. */
  public boolean isOpen() {
    return open;
  }

  /** Whether other packets of the flow hit the same only if they have the same TCP flags. */
  public boolean dependsOnTcpFlags() {
    return tcpFlags;
  }

  /** The places hit, in their order. */
  public int[] places() {
    return Arrays.copyOf(places, count);
  }

  void hit(int place) {
    if (count == MOST) {
      close();
    } else {
      places[count++] = place;
    }
  }

  /** A match was asked. */
  void asked(Validity validity) {
    tcpFlags |= validity == Validity.TCP_FLAGS;
    open &= validity != Validity.PACKET;
  }
}
