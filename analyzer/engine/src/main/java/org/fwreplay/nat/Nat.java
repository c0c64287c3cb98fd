package org.fwreplay.nat;

import org.fwreplay.conntrack.Connection;

/** Network address translation of a run: nf_nat_core. */
public final class Nat {
  /** {@code NF_NAT_MANIP_SRC}: the source is rewritten. */
  public static final int SOURCE = 0;

  /** {@code NF_NAT_MANIP_DST}: the destination is rewritten. */
  public static final int DESTINATION = 1;

  /**
   * Sets a connection's translation up: {@code nf_nat_setup_info}.
   *
   * @param manip {@link #SOURCE} or {@link #DESTINATION}
   * @return whether the packet is accepted; false drops it
   */
  public boolean setup(Connection connection, NatRange range, int manip) {
    return true;
  }
}
