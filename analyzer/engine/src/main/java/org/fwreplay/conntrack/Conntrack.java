package org.fwreplay.conntrack;

import org.fwreplay.packet.Packet;

/** Connection tracking of a run: nf_conntrack_core. */
public final class Conntrack {
  /**
   * The entry of a tuple (in its zone), or null; expired ones are not found and leave the table.
   */
  public Tuple find(Tuple key) {
    return null;
  }

  /** Fills {@code into} with the packet's tuple; false where the packet has none. */
  public boolean tupleOf(Packet packet, Tuple into) {
    return false;
  }

  /** The packet clock's time, ns. */
  public long nowNs() {
    return 0;
  }

  /** Whether connections are counted ({@code nf_conntrack_acct}). */
  public boolean accounting() {
    return true;
  }

  /** Forces packet counting on, as rules with connbytes do. */
  public void enableAccounting() {}
}
