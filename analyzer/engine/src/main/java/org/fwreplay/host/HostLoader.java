package org.fwreplay.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the dumps of a host; see {@link Host#load}. */
final class HostLoader {
  private final Path dir;
  private final HostBuilder builder = new HostBuilder();

  HostLoader(Path dir) {
    this.dir = dir;
  }

  Host load() {
    if (!Files.isDirectory(dir)) {
      throw new HostException(dir + ": expected a folder with the host's dumps");
    }
    builder.osFingerprints = read("pf.os", null);
    builder.realms.names(dir.resolve("rt_realms").toString(), read("rt_realms", null));
    String sysctls = read("sysctl.txt", "Linux's defaults");
    if (sysctls != null) {
      builder.sysctls = Sysctls.parse(dir.resolve("sysctl.txt").toString(), sysctls);
    }
    readInterfaces();
    List<Entry> rules = entries("rule.json", "the rules that every host has");
    List<Entry> rules6 = entries("rule6.json", null);
    List<Entry> routes = entries("route.json", "connected routes only");
    List<Entry> routes6 = entries("route6.json", null);
    RouteReader reader = new RouteReader(builder);
    if (routes != null) {
      builder.mainKnown4 = true;
      routes.forEach(entry -> builder.route(reader.read(entry, false)));
      builder.mainKnown6 = !builder.routes6.isEmpty();
    }
    if (routes6 != null) {
      builder.mainKnown6 = true;
      routes6.forEach(entry -> builder.route(reader.read(entry, true)));
    }
    RuleReader ruleReader = new RuleReader(builder, reader);
    if (rules != null) {
      rules.forEach(entry -> ruleReader.read(entry, false));
    }
    if (rules6 != null) {
      rules6.forEach(entry -> ruleReader.read(entry, true));
    } else if (builder.rules6.isEmpty() && reader.hasOwnTables6()) {
      builder.assume("no rule6.json: IPv6 has the rules that every host has");
    }
    readNeighbours();
    return builder.build();
  }

  /** The text of a file; when it is missing null, and {@code instead} becomes an assumption. */
  private String read(String name, String instead) {
    Path file = dir.resolve(name);
    if (!Files.exists(file)) {
      if (instead != null) {
        builder.assume("no " + name + ": " + instead);
      }
      return null;
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new HostException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private List<Entry> entries(String name, String instead) {
    String text = read(name, instead);
    return text == null ? null : Entry.parse(dir.resolve(name).toString(), text);
  }

  /** link.json knows what kind an interface is, addr.json its addresses; either will do. */
  private void readInterfaces() {
    Map<String, List<Entry>> byName = new LinkedHashMap<>();
    for (String name : new String[] {"link.json", "addr.json"}) {
      String instead =
          name.equals("addr.json") ? "interfaces without addresses" : "interfaces of addr.json";
      List<Entry> entries = entries(name, instead);
      if (entries != null) {
        for (Entry entry : entries) {
          String ifname = entry.text("ifname");
          // ip prints an empty object for an interface that a filter left out.
          if (ifname != null) {
            byName.computeIfAbsent(ifname, n -> new ArrayList<>()).add(entry);
          }
        }
      }
    }
    byName.forEach(this::addInterface);
  }

  private void addInterface(String name, List<Entry> entries) {
    Entry first = entries.get(0);
    int id = builder.interfaces.size();
    List<InterfaceAddress> addresses = new ArrayList<>();
    for (Entry entry : entries) {
      for (Entry info : entry.list("addr_info")) {
        InterfaceAddress address = address(info);
        if (address != null) {
          addresses.add(address);
        }
      }
    }
    boolean loopback = first.lists("flags", "LOOPBACK");
    Entry linkInfo = first.object("linkinfo");
    Entry data = linkInfo == null ? null : linkInfo.object("info_data");
    String kind = linkInfo == null ? "" : linkInfo.text("info_kind", "");
    String mac = first.text("address");
    builder.add(
        new NetInterface(
            id,
            (int) first.number("ifindex", id + 1),
            name,
            mac == null ? -1 : first.parse("address", mac, AddressParser::parseMac, "a MAC"),
            (int) first.number("mtu", 1500),
            first.text("link_type", "ether").equals("ether"),
            !first.has("flags") || first.lists("flags", "UP"),
            loopback,
            first.lists("flags", "POINTOPOINT"),
            first.lists("flags", "NOARP"),
            first.lists("flags", "MULTICAST"),
            kind,
            first.text("link", ""),
            first.text("master", ""),
            kind.equals("vlan") && data != null ? (int) data.number("id", -1) : -1,
            group(first.text("group", "default")),
            addresses));
  }

  /** A group's number; of names (iproute2's file {@code group}) only the standard one is known. */
  private static int group(String text) {
    if (text.equals("default")) {
      return 0;
    }
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
  }

  private static InterfaceAddress address(Entry info) {
    String family = info.text("family", "");
    String local = info.text("local");
    if (local == null || !(family.equals("inet") || family.equals("inet6"))) {
      return null;
    }
    Prefix own = info.prefix("local", local);
    Prefix peer = info.prefix("address", info.text("address", local));
    String broadcast = info.text("broadcast");
    return new InterfaceAddress(
        own.six(),
        own.hi(),
        own.lo(),
        (int) info.number("prefixlen", own.length()),
        peer.hi(),
        peer.lo(),
        broadcast == null || own.six() ? -1 : info.prefix("broadcast", broadcast).lo(),
        RouteReader.scope(info, Scope.GLOBAL),
        info.has("secondary"),
        info.has("temporary"),
        info.has("deprecated"),
        info.has("tentative") || info.has("dadfailed"),
        info.has("optimistic"),
        info.has("noprefixroute"));
  }

  private void readNeighbours() {
    List<Entry> entries = entries("neigh.json", "no neighbour is known");
    if (entries == null) {
      return;
    }
    for (Entry entry : entries) {
      String dst = entry.text("dst");
      String dev = entry.text("dev");
      if (dst == null || dev == null || entry.has("proxy")) {
        continue;
      }
      Prefix address = entry.prefix("dst", dst);
      int oif = RouteReader.interfaceId(builder, dev, entry);
      String lladdr = entry.text("lladdr");
      boolean failed = entry.lists("state", "FAILED") || entry.lists("state", "INCOMPLETE");
      long mac =
          lladdr == null
              ? Neighbours.UNKNOWN
              : entry.parse("lladdr", lladdr, AddressParser::parseMac, "a MAC");
      if (failed || mac >= 0) {
        builder.neighbours.put(
            oif, address.six(), address.hi(), address.lo(), failed ? Neighbours.FAILED : mac);
      }
    }
  }
}
