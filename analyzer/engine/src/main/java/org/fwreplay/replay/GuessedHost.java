package org.fwreplay.replay;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.host.NextHop;
import org.fwreplay.host.Prefix;
import org.fwreplay.host.Route;

/**
 * A host made up where no dumps are given: a router with an inside, where the private networks are,
 * and an outside, where the rest is. Interface names come from the inputs and from the rules.
 */
final class GuessedHost {
  private static final List<String> PRIVATE =
      List.of(
          "10.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "169.254.0.0/16",
          "100.64.0.0/10",
          "fc00::/7",
          "fec0::/10");

  private static final List<String> OUTSIDE_NAMES = List.of("wan", "ppp", "inet", "ext", "outside");

  final Host host;
  final int inside;
  final int outside;

  private GuessedHost(Host host, int inside, int outside) {
    this.host = host;
    this.inside = inside;
    this.outside = outside;
  }

  /**
   * Makes up a host.
   *
   * @param given names of interfaces at which captures arrive
   * @param mentioned names of interfaces in the rules
   */
  static GuessedHost of(List<String> given, Set<String> mentioned) {
    List<String> names = new ArrayList<>(new LinkedHashSet<>(given));
    for (String name : mentioned) {
      if (!names.contains(name) && !name.equals("lo")) {
        names.add(name);
      }
    }
    for (String name : List.of("eth0", "eth1")) {
      if (names.size() < 2 && !names.contains(name)) {
        names.add(name);
      }
    }
    String outside = names.stream().filter(GuessedHost::soundsOutside).findFirst().orElse(null);
    if (outside == null) {
      outside = names.get(1);
    }
    String out = outside;
    String inside = names.stream().filter(n -> !n.equals(out)).findFirst().orElseThrow();
    HostBuilder b = Host.builder();
    b.add("lo", 0, "127.0.0.1/8", "::1/128");
    for (String name : names) {
      b.add(name, -1);
    }
    for (String net : PRIVATE) {
      b.route(route(net, b.id(inside)));
    }
    b.route(route("0.0.0.0/0", b.id(outside)));
    b.route(route("::/0", b.id(outside)));
    b.assume(
        "no host dumps: private addresses are taken to be behind "
            + inside
            + ", all others behind "
            + outside
            + "; the host itself has no addresses");
    return new GuessedHost(b.build(), b.id(inside), b.id(outside));
  }

  private static Route route(String destination, int oif) {
    return Route.unicast(Prefix.parse(destination), NextHop.dev(oif));
  }

  private static boolean soundsOutside(String name) {
    return OUTSIDE_NAMES.stream().anyMatch(name::startsWith);
  }

  /** The side that a packet with this source comes from. */
  int sideOf(boolean six, long hi, long lo) {
    return isPrivate(six, hi, lo) ? inside : outside;
  }

  private static boolean isPrivate(boolean six, long hi, long lo) {
    if (six) {
      return hi >>> 57 == 0xfc >>> 1 || hi >>> 54 == 0xfe80 >>> 6 || (hi | lo) == 0;
    }
    return lo >>> 24 == 10
        || lo >>> 20 == 0xac1
        || lo >>> 16 == 0xc0a8
        || lo >>> 16 == 0xa9fe
        || lo >>> 22 == 0x64400000L >>> 22
        || lo == 0;
  }
}
