package org.fwreplay.packet;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The five hooks of the IP layers, in the order of {@code enum nf_inet_hooks}. */
public enum Hook {
  /** Every packet that arrives, before the routing decision. */
  PREROUTING,
  /** Packets for this host. */
  INPUT,
  /** Packets that are passed on to another interface. */
  FORWARD,
  /** Packets that this host makes. */
  OUTPUT,
  /** Every packet that is about to leave. */
  POSTROUTING;

  /** All of them. */
  public static final Set<Hook> ALL = Collections.unmodifiableSet(EnumSet.allOf(Hook.class));

  /** This hook's bit in a set of hooks, as the kernel's {@code hook_mask}. */
  public int bit() {
    return 1 << ordinal();
  }
}
