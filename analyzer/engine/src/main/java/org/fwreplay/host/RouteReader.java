package org.fwreplay.host;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads routes of {@code ip -j route show}, with or without {@code table all}. */
final class RouteReader {
  private final HostBuilder builder;
  private final Map<String, Integer> namedTables = new HashMap<>();

  RouteReader(HostBuilder builder) {
    this.builder = builder;
    namedTables.put("local", Route.TABLE_LOCAL);
    namedTables.put("main", Route.TABLE_MAIN);
    namedTables.put("default", Route.TABLE_DEFAULT);
  }

  /**
   * Reads one route.
   *
   * @param six whether the dump is of IPv6 alone; else the family is taken from what the route has
   */
  Route read(Entry entry, boolean six) {
    String dst = entry.text("dst");
    if (dst == null) {
      throw entry.bad("expected a member 'dst'");
    }
    Prefix destination = destination(entry, dst, six);
    boolean isSix = destination.six();
    RouteType type = type(entry);
    String from = entry.text("from");
    String prefSrc = entry.text("prefsrc");
    Prefix source = prefSrc == null ? Prefix.any(isSix) : entry.prefix("prefsrc", prefSrc);
    Entry metrics = first(entry.list("metrics"));
    if (metrics != null && metrics.has("hoplimit")) {
      builder.assume(
          entry.where() + ": hop limits of routes are not modelled, the host's own count");
    }
    return new Route(
        destination,
        from == null || from.equals("default") || from.equals("all")
            ? Prefix.any(isSix)
            : entry.prefix("from", from),
        table(entry.text("table", "main")),
        type,
        tos(entry),
        entry.number("metric", 0),
        scope(entry, Scope.GLOBAL),
        entry.text("protocol", "").equals("kernel"),
        preference(entry),
        source.hi(),
        source.lo(),
        metrics == null ? 0 : (int) metrics.number("mtu", 0),
        metrics != null && (metrics.lists("lock", "mtu") || metrics.has("mtu_lock")),
        hops(entry));
  }

  private static Entry first(List<Entry> entries) {
    return entries.isEmpty() ? null : entries.get(0);
  }

  /** {@code ip} writes "default" in both families; only IPv6 routes have a router preference. */
  private static Prefix destination(Entry entry, String dst, boolean six) {
    if (dst.equals("default") || dst.equals("all")) {
      return Prefix.any(six || entry.has("pref"));
    }
    return entry.prefix("dst", dst);
  }

  private static RouteType type(Entry entry) {
    String text = entry.text("type", "unicast");
    return entry.parse(
        "type", text, t -> RouteType.valueOf(t.toUpperCase(Locale.ROOT)), "a route type");
  }

  private static int preference(Entry entry) {
    return switch (entry.text("pref", "medium")) {
      case "low" -> 1;
      case "high" -> 3;
      default -> Route.PREFERENCE_MEDIUM;
    };
  }

  /** The number of a table; a name that is not standard gets a number below zero. */
  int table(String text) {
    Integer known = namedTables.get(text);
    if (known != null) {
      return known;
    }
    try {
      return (int) Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      int number = -1 - namedTables.size();
      namedTables.put(text, number);
      return number;
    }
  }

  /** Whether there are IPv6 routes in tables that only a rule leads to. */
  boolean hasOwnTables6() {
    for (Route route : builder.routes6) {
      if (route.table() != Route.TABLE_MAIN && route.table() != Route.TABLE_LOCAL) {
        return true;
      }
    }
    return false;
  }

  static int scope(Entry entry, int otherwise) {
    String text = entry.text("scope");
    if (text == null) {
      return otherwise;
    }
    return switch (text) {
      case "global", "universe" -> Scope.GLOBAL;
      case "site" -> Scope.SITE;
      case "link" -> Scope.LINK;
      case "host" -> Scope.HOST;
      case "nowhere" -> Scope.NOWHERE;
      default -> (int) entry.number("scope", otherwise);
    };
  }

  static int tos(Entry entry) {
    String text = entry.text("tos");
    return text == null ? 0 : entry.parse("tos", text, RouteReader::parseTos, "a TOS");
  }

  /** A number, or a name of rt_dsfield: CS1 to CS7, AF11 to AF43, EF, and the old TOS names. */
  private static int parseTos(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    if (name.matches("CS[0-7]")) {
      return (name.charAt(2) - '0') << 5;
    }
    if (name.matches("AF[1-4][1-3]")) {
      return (name.charAt(2) - '0') << 5 | (name.charAt(3) - '0') << 3;
    }
    return switch (name) {
      case "EF" -> 0xb8;
      case "DEFAULT" -> 0;
      case "LOWDELAY" -> 0x10;
      case "THROUGHPUT" -> 0x08;
      case "RELIABILITY" -> 0x04;
      default -> Integer.decode(text);
    };
  }

  private List<NextHop> hops(Entry entry) {
    List<Entry> several = entry.list("nexthops");
    List<NextHop> hops = new ArrayList<>();
    for (Entry hop : several.isEmpty() ? List.of(entry) : several) {
      if (hop.text("dev") != null) {
        hops.add(hop(hop));
      }
    }
    return hops;
  }

  private NextHop hop(Entry hop) {
    String dev = hop.text("dev");
    Entry via = hop.object("via");
    String text = via == null ? hop.text("gateway") : via.text("host");
    int weight = (int) Math.max(1, hop.number("weight", 1));
    boolean usable =
        !hop.lists("flags", "dead") && !(hop.lists("flags", "linkdown") && ignoresLinkDown(dev));
    int oif = interfaceId(builder, dev, hop);
    Entry flow = hop.object("flow");
    int realms = flow == null ? 0 : builder.realms.read(flow, "from", "to");
    if (text == null) {
      return new NextHop(oif, false, false, 0, 0, weight, usable, false, realms);
    }
    Prefix gateway = hop.prefix("gateway", text);
    return new NextHop(
        oif, true, gateway.six(), gateway.hi(), gateway.lo(), weight, usable, false, realms);
  }

  private boolean ignoresLinkDown(String dev) {
    String key = "ignore_routes_with_linkdown";
    return builder.sysctls.all("ipv4", key, 0) != 0
        || builder.sysctls.conf("ipv4", dev, key, 0) != 0;
  }

  /** The id of an interface; one that neither addr.json nor link.json has is made up. */
  static int interfaceId(HostBuilder builder, String name, Entry user) {
    int id = builder.id(name);
    if (id >= 0) {
      return id;
    }
    builder.assume(
        "interface "
            + name
            + " ("
            + user.where()
            + ") is in neither addr.json nor link.json:"
            + " an Ethernet interface without addresses");
    return builder.add(name, -1);
  }
}
