package org.fwreplay.xt.target;

import org.fwreplay.nat.NatRange;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Names;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.RuleWriter;

/** The options of SNAT, DNAT, MASQUERADE and REDIRECT: {@code libxt_NAT}. */
final class NatOptions {
  private static final int MAX_PORT = 0xffff;

  private final Arguments arguments;
  private int flags;
  private long minHi;
  private long minLo;
  private long maxHi;
  private long maxLo;
  private int minPort;
  private int maxPort;
  private int basePort;

  private NatOptions(Arguments arguments) {
    this.arguments = arguments;
  }

  /** The range that the options of a rule describe. */
  static NatRange parse(Arguments arguments) {
    NatOptions o = new NatOptions(arguments);
    for (Argument a : arguments.all()) {
      switch (a.option()) {
        case "to-source", "to-destination" -> o.addressesAndPorts(a);
        case "to-ports" -> o.ports(a, a.text());
        case "random" -> o.flags |= NatRange.RANDOM;
        case "random-fully" -> o.flags |= NatRange.RANDOM_FULLY;
        default -> o.flags |= NatRange.PERSISTENT;
      }
    }
    return new NatRange(
        o.flags, o.minHi, o.minLo, o.maxHi, o.maxLo, o.minPort, o.maxPort, o.basePort);
  }

  /**
   * {@code [ADDRESS[-ADDRESS]][:PORTS]}. IPv6 addresses with ports stand in brackets, and what
   * stands between these and the colon is not looked at; without brackets a single colon is that of
   * ports.
   */
  private void addressesAndPorts(Argument a) {
    String text = a.text();
    String addresses = text;
    int close = text.indexOf(']');
    int colon = text.indexOf(':');
    if (text.startsWith("[")) {
      if (close < 0 || arguments.family() == Family.IPV4) {
        throw a.fail("--" + a.option() + ": \"" + text + "\" has brackets where none belong");
      }
      addresses = text.substring(1, close);
      colon = text.indexOf(':', close);
    } else if (colon >= 0) {
      boolean isAddress = text.indexOf(':', colon + 1) >= 0 && arguments.family() == Family.IPV6;
      colon = isAddress ? -1 : colon;
      addresses = isAddress ? text : text.substring(0, colon);
    }
    if (colon >= 0) {
      ports(a, text.substring(colon + 1));
      if (addresses.isEmpty()) {
        return;
      }
    }
    addresses(a, addresses);
  }

  private void addresses(Argument a, String text) {
    flags |= NatRange.MAP_ADDRESSES;
    int dash = text.indexOf('-');
    AddressText.Address min = address(a, dash < 0 ? text : text.substring(0, dash));
    AddressText.Address max = dash < 0 ? min : address(a, text.substring(dash + 1));
    minHi = min.hi();
    minLo = min.lo();
    maxHi = max.hi();
    maxLo = max.lo();
  }

  /** As {@code inet_pton} takes it: of IPv4 only the full dotted quad. */
  private AddressText.Address address(Argument a, String text) {
    Family family = arguments.family();
    AddressText.Address address = a.address(family, text);
    if (family == Family.IPV4 && !AddressText.format(family, 0, address.lo()).equals(text)) {
      throw a.fail("--" + a.option() + ": \"" + text + "\" is not an address");
    }
    return address;
  }

  /** {@code PORT[-PORT[/BASE]]}; a service name instead of a single port or of the base. */
  private void ports(Argument a, String text) {
    if (!hasPorts(arguments.protocolBefore(a))) {
      throw a.fail("--" + a.option() + ": ports need -p tcp, udp, sctp, dccp or icmp before them");
    }
    flags |= NatRange.PORTS_SPECIFIED;
    int service = Names.port(text, null);
    if (service >= 0) {
      minPort = service;
      maxPort = service;
      return;
    }
    int dash = text.indexOf('-');
    if (dash < 0) {
      minPort = (int) a.number(text, 0, MAX_PORT);
      maxPort = minPort;
      return;
    }
    int slash = text.indexOf('/', dash);
    minPort = (int) a.number(text.substring(0, dash), 0, MAX_PORT);
    String last = slash < 0 ? text.substring(dash + 1) : text.substring(dash + 1, slash);
    maxPort = (int) a.number(last, minPort, MAX_PORT);
    if (slash >= 0) {
      base(a, text.substring(slash + 1));
    }
  }

  private void base(Argument a, String text) {
    int service = Names.port(text, null);
    int base = service >= 0 ? service : (int) a.number(text, 1, MAX_PORT);
    // Only DNAT's options have room for the base: of the others the kernel sees 0.
    basePort = a.option().equals("to-destination") ? base : 0;
    flags |= NatRange.PORT_OFFSET;
  }

  /** IPv4's ICMP counts in IPv6 too, and ICMPv6 does not: the kernel's tool has it so. */
  private static boolean hasPorts(int protocol) {
    return switch (protocol) {
      case Protocols.TCP, Protocols.UDP, Protocols.SCTP, Protocols.DCCP, Protocols.ICMP -> true;
      default -> false;
    };
  }

  /** Writes the options: {@code --to-source} or {@code --to-destination}, {@code --random} etc. */
  static void save(RuleWriter out, String option, NatRange range) {
    StringBuilder text = new StringBuilder();
    boolean ports = range.has(NatRange.PORTS_SPECIFIED);
    if (range.has(NatRange.MAP_ADDRESSES)) {
      boolean brackets = ports && out.family() == Family.IPV6;
      text.append(brackets ? "[" : "");
      text.append(AddressText.format(out.family(), range.minHi(), range.minLo()));
      if (range.minHi() != range.maxHi() || range.minLo() != range.maxLo()) {
        text.append('-').append(AddressText.format(out.family(), range.maxHi(), range.maxLo()));
      }
      text.append(brackets ? "]" : "");
    }
    if (ports) {
      text.append(option.equals("to-ports") ? "" : ":").append(range.minPort());
      if (range.maxPort() != range.minPort()) {
        text.append('-').append(range.maxPort());
      }
      if (range.has(NatRange.PORT_OFFSET)) {
        text.append('/').append(range.basePort());
      }
    }
    if (!text.isEmpty()) {
      out.option(option, text);
    }
    flag(out, range, NatRange.RANDOM, "random");
    flag(out, range, NatRange.RANDOM_FULLY, "random-fully");
    flag(out, range, NatRange.PERSISTENT, "persistent");
  }

  private static void flag(RuleWriter out, NatRange range, int flag, String name) {
    if (range.has(flag)) {
      out.flag(name);
    }
  }
}
