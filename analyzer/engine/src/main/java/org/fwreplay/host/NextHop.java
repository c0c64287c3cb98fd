package org.fwreplay.host;

/**
 * One way that a route can take.
 *
 * @param oif interface id, -1 for routes that lead nowhere
 * @param gateway whether there is a gateway; without one the destination itself is the neighbour
 * @param gatewaySix family of the gateway (an IPv4 route may have an IPv6 one)
 * @param hi upper half of the gateway's address
 * @param lo lower half of it
 * @param weight share among the next hops of one route, 1 or more
 * @param usable not flagged dead, nor link-down where that counts
 * @param gatewayLocal whether the gateway is an own address, which Linux takes as "no gateway"
 * @param realms IPv4 realms: that of the source in the upper 16 bits, of the destination in the
 *     lower; 0 none
 */
public record NextHop(
    int oif,
    boolean gateway,
    boolean gatewaySix,
    long hi,
    long lo,
    int weight,
    boolean usable,
    boolean gatewayLocal,
    int realms) {

  /** Straight out of an interface. */
  public static NextHop dev(int oif) {
    return new NextHop(oif, false, false, 0, 0, 1, true, false, 0);
  }

  /** By way of a gateway. */
  public static NextHop via(int oif, Prefix gateway) {
    return new NextHop(oif, true, gateway.six(), gateway.hi(), gateway.lo(), 1, true, false, 0);
  }
}
