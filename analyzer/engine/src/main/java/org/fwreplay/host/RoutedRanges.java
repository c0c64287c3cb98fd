package org.fwreplay.host;

/**
 * Where IPv4's address space must be cut so that routing decides alike about arriving packets whose
 * sources lie in one range and whose destinations lie in one: at all that decisions look at.
 */
final class RoutedRanges {
  private static final String[] SPECIAL = {
    "0.0.0.0/32", "127.0.0.0/8", "224.0.0.0/4", "224.0.0.0/24", "255.255.255.255/32"
  };

  private RoutedRanges() {}

  /** Cuts the address space for a host. */
  static Ipv4Ranges of(Host host) {
    Ipv4Ranges.Cuts cuts = new Ipv4Ranges.Cuts();
    for (String special : SPECIAL) {
      cuts.prefix(Prefix.parse(special));
    }
    for (NetInterface each : host.interfaces()) {
      for (InterfaceAddress address : each.addresses()) {
        cuts.prefix(address.prefix());
        if (!address.six()) {
          cuts.range(address.lo(), address.lo());
        }
      }
    }
    for (Route route : host.fib4().routes()) {
      cuts.prefix(route.destination());
    }
    for (PolicyRule rule : host.fib4().rules()) {
      cuts.prefix(rule.source()).prefix(rule.destination());
    }
    host.neighbours().forEach4(address -> cuts.range(address, address));
    host.forEachGroup4(address -> cuts.range(address, address));
    return cuts.ranges();
  }
}
