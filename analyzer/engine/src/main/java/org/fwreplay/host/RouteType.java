package org.fwreplay.host;

/** Route and address types in the kernel's order: the ordinal is {@code RTN_*} of rtnetlink.h. */
public enum RouteType {
  UNSPEC,
  UNICAST,
  LOCAL,
  BROADCAST,
  ANYCAST,
  MULTICAST,
  BLACKHOLE,
  UNREACHABLE,
  PROHIBIT,
  THROW;

  /** This type's bit in the mask of {@code -m addrtype} ({@code XT_ADDRTYPE_*}). */
  public int bit() {
    return 1 << ordinal();
  }
}
