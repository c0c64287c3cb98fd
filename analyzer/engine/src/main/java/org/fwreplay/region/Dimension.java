package org.fwreplay.region;

/**
 * What of a packet is modelled. Those that a packet does not have (the ports of an ICMP message)
 * may have any value: rules ask for them together with the protocol that has them.
 */
public enum Dimension {
  DESTINATION,
  SOURCE,
  DESTINATION_PORT,
  SOURCE_PORT,
  /** 0 to 255; {@link #NO_PROTOCOL} for a broken chain of IPv6 headers. */
  PROTOCOL,
  /** Names of interfaces; none is a name too. */
  IN,
  OUT,
  /** See {@link CtStates}. */
  STATE,
  MARK,
  /** Type and code of ICMP and ICMPv6: {@code type << 8 | code}. */
  ICMP,
  /** The six flags that {@code --tcp-flags} knows. */
  TCP_FLAGS,
  /** {@link #WHOLE} or {@link #LATER_FRAGMENT}. */
  FRAGMENT;

  /** How many there are; opaque predicates have the numbers from here on. */
  static final int COUNT = values().length;

  /** In {@link #PROTOCOL}. */
  public static final int NO_PROTOCOL = 256;

  /** In {@link #FRAGMENT}: the packet or its first fragment. */
  public static final int WHOLE = 0;

  /** In {@link #FRAGMENT}: a second or later fragment. */
  public static final int LATER_FRAGMENT = 1;

  /** Stands in masks of dimensions for all opaque predicates together. */
  public static final int OPAQUE = 1 << COUNT;

  /** All dimensions and opaque predicates. */
  public static final int ALL = (OPAQUE << 1) - 1;

  /** The dimension in a mask. */
  public int bit() {
    return 1 << ordinal();
  }

  /** A dimension or opaque predicate by its number, in a mask. */
  static int bit(int dimension) {
    return dimension < COUNT ? 1 << dimension : OPAQUE;
  }
}
