package org.fwreplay.host;

/**
 * Linux's routing decisions on a {@link Host}, both families, without allocation. It has working
 * storage: one Router for each thread.
 */
public final class Router {
  private static final long BROADCAST_MAC = 0xffff_ffff_ffffL;

  /**
   * {@link #linkAddress}: the interface has no link-layer addresses, the packet goes out as it is.
   */
  public static final long NO_LINK_LAYER = -3;

  private final Host host;
  private final Ipv4Routing four;
  private final Ipv6Routing six;

  Router(Host host) {
    this.host = host;
    four = new Ipv4Routing(host);
    six = new Ipv6Routing(host);
  }

  /**
   * Decides about a packet that came in by {@code query.iif}: {@code ip_route_input_noref} with
   * {@code fib_validate_source}, {@code ip6_route_input}.
   *
   * @return {@code result.decision}
   */
  public int input(RouteQuery query, RouteResult result) {
    return query.six ? six.input(query, result) : four.input(query, result);
  }

  /**
   * Whether decisions of a family may hang on ports: on policy rules, or on which next hop it is.
   */
  public boolean looksAtPorts(boolean isSix) {
    return isSix ? six.looksAtPorts() : four.looksAtPorts();
  }

  /**
   * IPv4's addresses, in ranges: {@link #input} decides alike about packets with source and
   * destination in the same ranges, but for a next hop that is the destination itself; their {@link
   * #linkAddress} is the same, too.
   *
   * @return null where decisions hang on whole addresses
   */
  public Ipv4Ranges alike4() {
    return four.alike();
  }

  /**
   * Decides about a packet of the host itself, and chooses its source when it has none: {@code
   * ip_route_output_key_hash}, {@code ip6_route_output} with {@code ip6_route_get_saddr}.
   *
   * @return {@code result.decision}
   */
  public int output(RouteQuery query, RouteResult result) {
    return query.six ? six.output(query, result) : four.output(query, result);
  }

  /**
   * The IPv4 source address for packets that leave by an interface ({@code inet_select_addr}), as
   * MASQUERADE takes it (with the next hop and {@link Scope#GLOBAL}).
   *
   * @param dst neighbour or destination whose subnet is preferred, 0 for none
   * @param scope greatest scope that will do, see {@link Scope}
   * @return the address, 0 when there is none
   */
  public long selectSource4(int oif, long dst, int scope) {
    return four.selectSource(oif, dst, scope);
  }

  /**
   * The IPv6 source address for a destination ({@code ipv6_dev_get_saddr}), put into {@code
   * result.srcHi} and {@code result.srcLo}.
   *
   * @param oif outgoing interface, -1 for any
   * @return whether there is one
   */
  public boolean selectSource6(int oif, long dstHi, long dstLo, RouteResult result) {
    return six.selectSource(oif, dstHi, dstLo, result);
  }

  /**
   * The type of an IPv4 address ({@code inet_dev_addr_type}).
   *
   * @param dev interface that the address must belong to, else it is UNICAST; -1 for any
   */
  public RouteType addressType4(int dev, long lo) {
    return four.addressType(dev, lo);
  }

  /**
   * Whether an address is of the types in a mask, as {@code -m addrtype} means it (xt_addrtype).
   *
   * @param dev interface that the types are limited to, -1 for none
   * @param mask {@link RouteType#bit} of each type
   */
  public boolean hasType(boolean isSix, int dev, long hi, long lo, int mask) {
    return isSix ? six.hasType(dev, hi, lo, mask) : (mask & four.addressType(dev, lo).bit()) != 0;
  }

  /**
   * Whether the source of a packet that came in by {@code query.iif} is routed there, as {@code -m
   * rpfilter} asks (ipt_rpfilter, ip6t_rpfilter). The query's mark is that of the way back.
   *
   * @param loose whether another interface will do
   * @param acceptLocal whether an own address will do as source
   */
  public boolean reversePath(RouteQuery query, boolean loose, boolean acceptLocal) {
    return query.six
        ? six.reversePath(query, loose, acceptLocal)
        : four.reversePath(query, loose, acceptLocal);
  }

  /**
   * The link-layer destination for a next hop: 48 bits, or {@link Neighbours#UNKNOWN}, {@link
   * Neighbours#FAILED}, or {@link #NO_LINK_LAYER}. {@code arp_constructor}, {@code
   * ndisc_constructor}.
   */
  public long linkAddress(int oif, boolean isSix, long hi, long lo) {
    NetInterface out = host.networkInterface(oif);
    if (!out.ethernet() && !out.loopback()) {
      return NO_LINK_LAYER;
    }
    boolean oneOther = out.loopback() || out.pointToPoint();
    if (isSix ? Addresses.isMulticast6(hi) : !oneOther && Addresses.isMulticast4(lo)) {
      return Neighbours.multicastMac(isSix, lo);
    }
    if (out.noArp() || out.loopback()) {
      return out.mac();
    }
    if (out.pointToPoint() || (!isSix && four.addressType(oif, lo) == RouteType.BROADCAST)) {
      return BROADCAST_MAC;
    }
    return host.neighbours().mac(oif, isSix, hi, lo);
  }
}
