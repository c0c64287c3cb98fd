package org.fwreplay.host;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The firewall host. Immutable, and shared by all threads; each asks by a {@link Router} of its
 * own.
 */
public final class Host {
  private static final long ALL_SYSTEMS = 0xe0000001L;
  private static final long INTERFACE_LOCAL = 0xff01L << 48;
  private static final long LINK_LOCAL = 0xff02L << 48;
  private static final long SITE_LOCAL = 0xff05L << 48;

  private final NetInterface[] interfaces;
  private final List<NetInterface> interfaceList;
  private final InterfaceConf[] confs;
  private final Map<String, NetInterface> byName = new HashMap<>();
  private final int loopback;
  private final Sysctls sysctls;
  private final Fib fib4;
  private final Fib fib6;
  private final Neighbours neighbours;
  private final String osFingerprints;
  private final boolean knowsRealms;
  private final List<String> assumptions;
  private final boolean forwards6;

  /** Own addresses: by family to the interface, and by interface. */
  private final AddressMap owners = new AddressMap();

  /** Multicast groups by interface. */
  private final AddressMap groups = new AddressMap();

  Host(HostBuilder builder) {
    interfaceList = List.copyOf(builder.interfaces);
    interfaces = interfaceList.toArray(NetInterface[]::new);
    sysctls = builder.sysctls;
    neighbours = builder.neighbours;
    osFingerprints = builder.osFingerprints;
    knowsRealms = builder.realms.unknown() == null;
    assumptions = Collections.unmodifiableList(builder.assumptions);
    confs = new InterfaceConf[interfaces.length];
    int lo = 0;
    for (NetInterface each : interfaces) {
      confs[each.id()] = InterfaceConf.of(sysctls, each);
      byName.put(each.name(), each);
      if (each.loopback()) {
        lo = each.id();
      }
      addOwn(each);
    }
    loopback = lo;
    forwards6 = sysctls.all("ipv6", "forwarding", 0) != 0;
    fib4 = new Fib(false, builder.routes4, builder.rules4, null);
    fib6 = new Fib(true, builder.routes6, builder.rules6, forwards6 ? null : neighbours);
    for (Route route : builder.routes6) {
      if (route.type() == RouteType.ANYCAST && !route.hops().isEmpty()) {
        joinSolicited(interfaces[route.hops().get(0).oif()], route.destination().lo());
      }
    }
  }

  /**
   * Reads the dumps in a folder: {@code addr.json route.json rule.json neigh.json link.json} (each
   * {@code ip -j WHAT show}), {@code sysctl.txt} ({@code sysctl -a}), and for IPv6 also {@code
   * route6.json} and {@code rule6.json} ({@code ip -6 -j WHAT show}), {@code pf.os} and {@code
   * rt_realms}. What is missing is derived.
   *
   * @throws HostException when a file cannot be read or understood
   */
  public static Host load(Path dir) {
    return new HostLoader(dir).load();
  }

  /** For a host put together by hand. */
  public static HostBuilder builder() {
    return new HostBuilder();
  }

  private void addOwn(NetInterface each) {
    boolean routes6 = confs[each.id()].forwarding6();
    groups.put(groupTag(each.id(), false), 0, ALL_SYSTEMS, 1);
    groups.put(groupTag(each.id(), true), INTERFACE_LOCAL, 1, 1);
    groups.put(groupTag(each.id(), true), LINK_LOCAL, 1, 1);
    if (routes6) {
      groups.put(groupTag(each.id(), true), INTERFACE_LOCAL, 2, 1);
      groups.put(groupTag(each.id(), true), LINK_LOCAL, 2, 1);
      groups.put(groupTag(each.id(), true), SITE_LOCAL, 2, 1);
    }
    for (InterfaceAddress address : each.addresses()) {
      if (address.tentative() && !address.optimistic()) {
        continue;
      }
      int family = address.six() ? 1 : 0;
      if (owners.get(family, address.hi(), address.lo()) < 0) {
        owners.put(family, address.hi(), address.lo(), each.id());
      }
      owners.put(ownerTag(each.id(), address.six()), address.hi(), address.lo(), each.id());
      if (address.six()) {
        joinSolicited(each, address.lo());
      }
    }
  }

  private void joinSolicited(NetInterface each, long lo) {
    if (!each.loopback() && !each.noArp()) {
      groups.put(groupTag(each.id(), true), LINK_LOCAL, Addresses.solicitedNodeLow(lo), 1);
    }
  }

  private static int groupTag(int id, boolean six) {
    return id << 1 | (six ? 1 : 0);
  }

  private static int ownerTag(int id, boolean six) {
    return id + 1 << 1 | (six ? 1 : 0);
  }

  /** All interfaces; an interface's id is its place here. */
  public List<NetInterface> interfaces() {
    return interfaceList;
  }

  /** The interface of an id. */
  public NetInterface networkInterface(int id) {
    return interfaces[id];
  }

  /** The interface of a name, null when there is none. */
  public NetInterface interfaceByName(String name) {
    return byName.get(name);
  }

  /** Id of the loopback interface. */
  public int loopback() {
    return loopback;
  }

  /** The settings in force on an interface. */
  public InterfaceConf conf(int id) {
    return confs[id];
  }

  /** All kernel settings; those that Linux always has but the dump had not are filled in. */
  public Sysctls sysctls() {
    return sysctls;
  }

  /** Routes and rules of IPv4. */
  public Fib fib4() {
    return fib4;
  }

  /** Routes and rules of IPv6. */
  public Fib fib6() {
    return fib6;
  }

  /**
   * The text of the fingerprints that were loaded into the kernel for {@code -m osf} ({@code
   * pf.os}, as {@code nfnl_osf} reads it), or null when it is not known.
   */
  public String osFingerprints() {
    return osFingerprints;
  }

  /** Whether the realms of all routes and rules are known; names need iproute2's rt_realms. */
  public boolean knowsRealms() {
    return knowsRealms;
  }

  /** Neighbour tables. */
  public Neighbours neighbours() {
    return neighbours;
  }

  /** A router of one's own. */
  public Router newRouter() {
    return new Router(this);
  }

  /** What was missing, and what was taken instead; one sentence each. */
  public List<String> assumptions() {
    return assumptions;
  }

  /** Whether IPv6 packets are forwarded at all ({@code net.ipv6.conf.all.forwarding}). */
  public boolean forwards6() {
    return forwards6;
  }

  /** Whether an address is assigned to an interface of the host. */
  public boolean hasAddress(boolean six, long hi, long lo) {
    return ownerOf(six, hi, lo) >= 0;
  }

  /** The first interface that has an address, -1 for none. */
  public int ownerOf(boolean six, long hi, long lo) {
    return (int) owners.get(six ? 1 : 0, hi, lo);
  }

  /** Whether an interface has an address. */
  public boolean hasAddressOn(int id, boolean six, long hi, long lo) {
    return owners.get(ownerTag(id, six), hi, lo) >= 0;
  }

  /**
   * Whether the host is a member of a multicast group on an interface, by itself: all systems, for
   * IPv6 also all routers (where it is one) and the solicited-node groups. What programs have
   * joined is in none of the dumps.
   */
  public boolean joined(int id, boolean six, long hi, long lo) {
    return groups.get(groupTag(id, six), hi, lo) >= 0;
  }

  /** Calls with every IPv4 group that the host is a member of somewhere. */
  void forEachGroup4(LongConsumer each) {
    groups.forEach(tag -> (tag & 1) == 0, each);
  }
}
