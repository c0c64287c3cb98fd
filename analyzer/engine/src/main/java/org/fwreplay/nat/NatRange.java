package org.fwreplay.nat;

/**
 * What a NAT target asks for: {@code struct nf_nat_range2}.
 *
 * <p>Addresses as everywhere: (hi, lo), IPv4 in the low 32 bits of lo. Ports (or ICMP ids, GRE
 * keys) are host order.
 */
public record NatRange(
    int flags,
    long minHi,
    long minLo,
    long maxHi,
    long maxLo,
    int minPort,
    int maxPort,
    int basePort) {

  /** Flags of {@code NF_NAT_RANGE_*}. */
  public static final int MAP_ADDRESSES = 1;

  public static final int PORTS_SPECIFIED = 1 << 1;
  public static final int RANDOM = 1 << 2;
  public static final int PERSISTENT = 1 << 3;
  public static final int RANDOM_FULLY = 1 << 4;
  public static final int PORT_OFFSET = 1 << 5;
  public static final int NETMAP = 1 << 6;

  /** A range of one address and no ports. */
  public static NatRange of(long hi, long lo) {
    return new NatRange(MAP_ADDRESSES, hi, lo, hi, lo, 0, 0, 0);
  }

  /** A range of one address and one port. */
  public static NatRange of(long hi, long lo, int port) {
    return new NatRange(MAP_ADDRESSES | PORTS_SPECIFIED, hi, lo, hi, lo, port, port, 0);
  }

  /** Whether the flag is set. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
