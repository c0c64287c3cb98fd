package org.fwreplay.host;

/**
 * The {@code net.ipv4.conf} and {@code net.ipv6.conf} settings in force on one interface: the
 * values of {@code all} and of the interface put together as {@code linux/inetdevice.h} does,
 * differently for each setting.
 *
 * @param forwarding IPv4 forwarding of what comes in here
 * @param rpFilter 0 off, 1 strict, 2 loose (RFC 3704); the greater of both
 * @param acceptLocal accept packets from own addresses; either
 * @param routeLocalnet 127/8 is routable; either
 * @param sendRedirects send ICMP redirects; either
 * @param sharedMedia redirect to hosts of other subnets on the link too; either
 * @param broadcastForwarding forward directed broadcasts; both
 * @param sourceVmark the mark counts in the reverse path filter; either
 * @param acceptSourceRoute accept source-routed packets; both
 * @param logMartians log packets with impossible addresses; either
 * @param dropUnicastInL2Multicast drop unicast IPv4 packets in link-layer multicasts; either
 * @param dropUnicastInL2Multicast6 the same for IPv6; the interface's own
 * @param disabled6 no IPv6 here
 * @param forwarding6 behaves as an IPv6 router here; whether it forwards is {@code all}'s business
 * @param mtu6 IPv6 MTU
 * @param hopLimit6 of IPv6 packets that the host sends here
 * @param useOifAddrsOnly IPv6 source addresses only from the outgoing interface
 * @param useTempaddr 2 or more prefers privacy addresses
 * @param useOptimistic optimistic addresses count as preferred
 */
public record InterfaceConf(
    boolean forwarding,
    int rpFilter,
    boolean acceptLocal,
    boolean routeLocalnet,
    boolean sendRedirects,
    boolean sharedMedia,
    boolean broadcastForwarding,
    boolean sourceVmark,
    boolean acceptSourceRoute,
    boolean logMartians,
    boolean dropUnicastInL2Multicast,
    boolean dropUnicastInL2Multicast6,
    boolean disabled6,
    boolean forwarding6,
    int mtu6,
    int hopLimit6,
    boolean useOifAddrsOnly,
    int useTempaddr,
    boolean useOptimistic) {

  static InterfaceConf of(Sysctls sysctls, NetInterface networkInterface) {
    Reader reader = new Reader(sysctls, networkInterface.name());
    int forward4 = sysctls.getInt("net.ipv4.ip_forward", sysctls.all("ipv4", "forwarding", 0));
    int forward6 = sysctls.all("ipv6", "forwarding", 0);
    return new InterfaceConf(
        reader.own("ipv4", "forwarding", forward4) != 0,
        Math.max(sysctls.all("ipv4", "rp_filter", 0), reader.conf4("rp_filter", 0)),
        reader.either("accept_local", 0),
        reader.either("route_localnet", 0),
        reader.either("send_redirects", 1),
        reader.either("shared_media", 1),
        reader.both("bc_forwarding", 0, 0),
        reader.either("src_valid_mark", 0),
        reader.both("accept_source_route", 0, 1),
        reader.either("log_martians", 0),
        reader.either("drop_unicast_in_l2_multicast", 0),
        reader.conf6("drop_unicast_in_l2_multicast", 0) != 0,
        reader.conf6("disable_ipv6", 0) != 0,
        reader.own("ipv6", "forwarding", forward6) != 0,
        reader.own("ipv6", "mtu", networkInterface.mtu()),
        reader.own("ipv6", "hop_limit", 64),
        sysctls.all("ipv6", "use_oif_addrs_only", 0) != 0
            || reader.conf6("use_oif_addrs_only", 0) != 0,
        reader.conf6("use_tempaddr", 0),
        sysctls.all("ipv6", "use_optimistic", 0) != 0 || reader.conf6("use_optimistic", 0) != 0);
  }

  private record Reader(Sysctls sysctls, String name) {
    /** Only the interface's own value: {@code default} says nothing about one that exists. */
    int own(String family, String key, int otherwise) {
      String path = "net." + family + ".conf." + name.replace('.', '/') + '.' + key;
      return sysctls.getInt(path, otherwise);
    }

    int conf4(String key, int otherwise) {
      return sysctls.conf("ipv4", name, key, otherwise);
    }

    int conf6(String key, int otherwise) {
      return sysctls.conf("ipv6", name, key, otherwise);
    }

    boolean either(String key, int otherwise) {
      return sysctls.all("ipv4", key, otherwise) != 0 || conf4(key, otherwise) != 0;
    }

    boolean both(String key, int all, int own) {
      return sysctls.all("ipv4", key, all) != 0 && conf4(key, own) != 0;
    }
  }
}
