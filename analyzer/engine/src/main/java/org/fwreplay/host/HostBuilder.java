package org.fwreplay.host;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Puts a {@link Host} together; what is not given is derived as the kernel would make it. */
public final class HostBuilder {
  private static final int ETHERNET_MTU = 1500;
  private static final int LOOPBACK_MTU = 65536;

  final List<NetInterface> interfaces = new ArrayList<>();
  final List<String> assumptions = new ArrayList<>();
  final Neighbours neighbours = new Neighbours();
  final List<PolicyRule> rules4 = new ArrayList<>();
  final List<PolicyRule> rules6 = new ArrayList<>();
  List<Route> routes4 = new ArrayList<>();
  List<Route> routes6 = new ArrayList<>();
  Sysctls sysctls = new Sysctls();
  final RealmReader realms = new RealmReader();
  String osFingerprints;

  /** Whether the main table is complete, so that connected routes are not to be added. */
  boolean mainKnown4;

  boolean mainKnown6;

  HostBuilder() {}

  /**
   * Adds an ordinary interface; {@code lo} becomes the loopback interface.
   *
   * @param mac 48 bits, -1 for none
   * @param addresses as {@code 192.0.2.1/24}
   * @return its id
   */
  public int add(String name, long mac, String... addresses) {
    List<InterfaceAddress> list = new ArrayList<>();
    for (String address : addresses) {
      list.add(InterfaceAddress.of(address));
    }
    int mtu = name.equals("lo") ? LOOPBACK_MTU : ETHERNET_MTU;
    return add(NetInterface.ordinary(interfaces.size(), name, mac, mtu, list));
  }

  /** Gives an interface that was added another MTU, in bytes. */
  public HostBuilder mtu(String name, int mtu) {
    interfaces.replaceAll(each -> each.name().equals(name) ? each.withMtu(mtu) : each);
    return this;
  }

  int add(NetInterface networkInterface) {
    interfaces.add(networkInterface);
    return networkInterface.id();
  }

  /** The id of an interface, -1 when there is none of that name. */
  public int id(String name) {
    for (NetInterface each : interfaces) {
      if (each.name().equals(name)) {
        return each.id();
      }
    }
    return -1;
  }

  /** Adds a route. */
  public HostBuilder route(Route route) {
    (route.destination().six() ? routes6 : routes4).add(route);
    return this;
  }

  /** Adds a policy rule; with none the three that every host has are taken. */
  public HostBuilder rule(PolicyRule rule) {
    (rule.source().six() ? rules6 : rules4).add(rule);
    return this;
  }

  /**
   * Adds a neighbour.
   *
   * @param address without a length
   * @param mac 48 bits, or {@link Neighbours#FAILED}
   */
  public HostBuilder neighbour(int oif, String address, long mac) {
    Prefix prefix = Prefix.parse(address);
    neighbours.put(oif, prefix.six(), prefix.hi(), prefix.lo(), mac);
    return this;
  }

  /** Sets a kernel setting. */
  public HostBuilder sysctl(String name, String value) {
    sysctls.set(name, value);
    return this;
  }

  /** Gives the operating systems' fingerprints; see {@link Host#osFingerprints}. */
  public HostBuilder osFingerprints(String text) {
    osFingerprints = text;
    return this;
  }

  /** Says what had to be guessed; see {@link Host#assumptions}. */
  public HostBuilder assume(String sentence) {
    assumptions.add(sentence);
    return this;
  }

  /** The host. */
  public Host build() {
    boolean hasLoopback = false;
    for (NetInterface each : interfaces) {
      hasLoopback |= each.loopback();
    }
    if (!hasLoopback) {
      add("lo", 0, "127.0.0.1/8", "::1/128");
    }
    if (realms.unknown() != null) {
      assumptions.add(
          "realm "
              + realms.unknown()
              + " has no number without the firewall's rt_realms: -m realm is undecided");
    }
    fillInSettings();
    addDefaultRules();
    DerivedRoutes derived = new DerivedRoutes(interfaces, sysctls);
    if (isEmpty(routes4, Route.TABLE_LOCAL)) {
      routes4.addAll(derived.local4());
      assumptions.add("no IPv4 routes of table local: made from the addresses");
    }
    if (isEmpty(routes6, Route.TABLE_LOCAL)) {
      routes6.addAll(derived.local6());
      assumptions.add("no IPv6 routes of table local: made from the addresses");
    }
    if (!mainKnown4) {
      routes4.addAll(derived.connected4());
    }
    if (!mainKnown6) {
      routes6.addAll(derived.connected6());
    }
    routes4 = withoutDuplicates(routes4);
    routes6 = withoutDuplicates(routes6);
    routes4.replaceAll(this::markLocalGateways);
    return new Host(this);
  }

  /** Both route dumps may hold the same routes. */
  private static List<Route> withoutDuplicates(List<Route> routes) {
    Set<Route> once = new LinkedHashSet<>(routes);
    return new ArrayList<>(once);
  }

  private static boolean isEmpty(List<Route> routes, int table) {
    for (Route route : routes) {
      if (route.table() == table) {
        return false;
      }
    }
    return true;
  }

  private void addDefaultRules() {
    if (rules4.isEmpty()) {
      rules4.add(PolicyRule.toTable(false, 0, Route.TABLE_LOCAL));
      rules4.add(PolicyRule.toTable(false, 32766, Route.TABLE_MAIN));
      rules4.add(PolicyRule.toTable(false, 32767, Route.TABLE_DEFAULT));
    }
    if (rules6.isEmpty()) {
      rules6.add(PolicyRule.toTable(true, 0, Route.TABLE_LOCAL));
      rules6.add(PolicyRule.toTable(true, 32766, Route.TABLE_MAIN));
    }
  }

  /**
   * Settings where taking Linux's default would make nonsense of a firewall, or chance of a result.
   */
  private void fillInSettings() {
    if (!sysctls.isSet("net.ipv4.ip_forward") && !sysctls.isSet("net.ipv4.conf.all.forwarding")) {
      fillIn("net.ipv4.ip_forward", 1, "IPv4 is forwarded");
    }
    if (!sysctls.isSet("net.ipv6.conf.all.forwarding")) {
      guessForwarding6();
    }
    if (!sysctls.isSet("net.ipv4.icmp_ratelimit")) {
      fillIn(
          "net.ipv4.icmp_ratelimit", 0, "only ICMP errors for lack of a route are limited in rate");
    }
    if (!sysctls.isSet("net.ipv6.icmp.ratelimit")) {
      fillIn("net.ipv6.icmp.ratelimit", 0, "ICMPv6 errors are not limited in rate");
    }
    if (!sysctls.isSet("net.ipv4.icmp_echo_ignore_all")) {
      fillIn("net.ipv4.icmp_echo_ignore_all", 1, "the host does not answer to ping");
    }
    if (!sysctls.isSet("net.ipv6.icmp.echo_ignore_all")) {
      fillIn("net.ipv6.icmp.echo_ignore_all", 1, "the host does not answer to IPv6 ping");
    }
    if (sysctls.getInt("net.ipv4.icmp_echo_enable_probe", 0) != 0) {
      assumptions.add(
          "the host does not answer to probes (RFC 8335), though sysctls have it do so");
    }
    if (!sysctls.anySet("net.ipv4.conf", "send_redirects")) {
      sysctls.set("net.ipv4.conf.default.send_redirects", "0");
      fillIn("net.ipv4.conf.all.send_redirects", 0, "no ICMP redirects are sent");
    }
  }

  /** A router, and only a router, has an anycast route for each of its subnets (RFC 4291 2.6.1). */
  private void guessForwarding6() {
    boolean anycast = false;
    boolean local = false;
    for (Route route : routes6) {
      anycast |= route.type() == RouteType.ANYCAST;
      local |= route.type() == RouteType.LOCAL && isOnSubnet(route.destination());
    }
    String name = "net.ipv6.conf.all.forwarding";
    if (local && !anycast) {
      fillIn(name, 0, "IPv6 is not forwarded, since there are no subnet-router anycast routes");
    } else {
      fillIn(name, 1, "IPv6 is forwarded");
    }
  }

  private boolean isOnSubnet(Prefix own) {
    for (NetInterface each : interfaces) {
      for (InterfaceAddress address : each.addresses()) {
        if (address.six()
            && !each.loopback()
            && address.prefixLength() < 127
            && own.length() == 128
            && address.hi() == own.hi()
            && address.lo() == own.lo()) {
          return true;
        }
      }
    }
    return false;
  }

  private void fillIn(String name, int value, String meaning) {
    sysctls.set(name, Integer.toString(value));
    assumptions.add("sysctl " + name + " is not known: " + meaning);
  }

  private Route markLocalGateways(Route route) {
    boolean any = false;
    List<NextHop> hops = new ArrayList<>(route.hops());
    for (int i = 0; i < hops.size(); i++) {
      NextHop hop = hops.get(i);
      if (hop.gateway() && !hop.gatewaySix() && isOwn4(hop.lo())) {
        hops.set(
            i,
            new NextHop(
                hop.oif(),
                true,
                false,
                0,
                hop.lo(),
                hop.weight(),
                hop.usable(),
                true,
                hop.realms()));
        any = true;
      }
    }
    return any ? route.withHops(hops) : route;
  }

  private boolean isOwn4(long lo) {
    for (NetInterface each : interfaces) {
      for (InterfaceAddress address : each.addresses()) {
        if (!address.six() && address.lo() == lo) {
          return true;
        }
      }
    }
    return false;
  }
}
