package org.fwreplay.host;

import java.util.Map;

/** Reads policy rules of {@code ip -j rule show}. */
final class RuleReader {
  private static final Map<String, Integer> PROTOCOLS =
      Map.ofEntries(
          Map.entry("icmp", 1),
          Map.entry("igmp", 2),
          Map.entry("ipencap", 4),
          Map.entry("tcp", 6),
          Map.entry("udp", 17),
          Map.entry("dccp", 33),
          Map.entry("ipv6", 41),
          Map.entry("gre", 47),
          Map.entry("esp", 50),
          Map.entry("ah", 51),
          Map.entry("ipv6-icmp", 58),
          Map.entry("ospf", 89),
          Map.entry("sctp", 132),
          Map.entry("udplite", 136));

  private final HostBuilder builder;
  private final RouteReader routes;

  RuleReader(HostBuilder builder, RouteReader routes) {
    this.builder = builder;
    this.routes = routes;
  }

  void read(Entry entry, boolean six) {
    if (entry.has("l3mdev")) {
      builder.assume(entry.where() + ": VRFs are not modelled, the rule never matches");
      return;
    }
    Prefix source = prefix(entry, "src", six);
    Prefix destination = prefix(entry, "dst", six || source.six());
    if (destination.six() && !source.six()) {
      source = Prefix.any(true);
    }
    String mark = entry.text("fwmark");
    int slash = mark == null ? -1 : mark.indexOf('/');
    long mask = mark == null ? 0 : 0xffffffffL;
    if (slash >= 0) {
      mask = entry.parse("fwmark", mark.substring(slash + 1), Long::decode, "a mask");
      mark = mark.substring(0, slash);
    }
    String value = mark == null ? "0" : mark;
    PolicyRule.Action action = action(entry);
    builder.rule(
        new PolicyRule(
            entry.number("priority", 0),
            entry.has("not"),
            source,
            destination,
            device(entry, "iif"),
            device(entry, "oif"),
            (int) (long) entry.parse("fwmark", value, Long::decode, "a mark"),
            (int) entry.number("fwmask", mask),
            RouteReader.tos(entry),
            protocol(entry),
            range(entry, "sport"),
            range(entry, "dport"),
            range(entry, "uid"),
            action,
            action == PolicyRule.Action.TABLE ? routes.table(entry.text("table", "main")) : 0,
            entry.number("goto", -1),
            (int) entry.number("suppress_prefixlen", -1),
            builder.realms.read(entry, "flow_from", "flow_to")));
  }

  private static Prefix prefix(Entry entry, String name, boolean six) {
    String text = entry.text(name);
    if (text == null || text.equals("all") || text.equals("default")) {
      return Prefix.any(six);
    }
    String length = entry.text(name + "len");
    return entry.prefix(name, length == null ? text : text + "/" + length);
  }

  private int device(Entry entry, String name) {
    String dev = entry.text(name);
    if (dev == null) {
      return PolicyRule.ANY;
    }
    int id = dev.equals("lo") ? loopback() : builder.id(dev);
    return id < 0 || entry.has(name + "_detached") ? PolicyRule.DETACHED : id;
  }

  private int loopback() {
    int id = builder.id("lo");
    return id >= 0 ? id : builder.add("lo", 0, "127.0.0.1/8", "::1/128");
  }

  private static int protocol(Entry entry) {
    String text = entry.text("ipproto");
    if (text == null) {
      return 0;
    }
    Integer number = PROTOCOLS.get(text);
    String digits = text.startsWith("ipproto-") ? text.substring(8) : text;
    return number != null ? number : entry.parse("ipproto", digits, Integer::decode, "a protocol");
  }

  private static PolicyRule.Range range(Entry entry, String name) {
    if (entry.has(name + "_start")) {
      return new PolicyRule.Range(
          entry.number(name + "_start", 0), entry.number(name + "_end", 0xffffffffL));
    }
    if (entry.has(name)) {
      long value = entry.number(name, 0);
      return new PolicyRule.Range(value, value);
    }
    return null;
  }

  private static PolicyRule.Action action(Entry entry) {
    if (entry.has("goto")) {
      return PolicyRule.Action.GOTO;
    }
    if (entry.has("nop")) {
      return PolicyRule.Action.NOP;
    }
    String action = entry.text("action");
    if (action == null) {
      return PolicyRule.Action.TABLE;
    }
    return switch (action) {
      case "blackhole" -> PolicyRule.Action.BLACKHOLE;
      case "unreachable" -> PolicyRule.Action.UNREACHABLE;
      case "prohibit" -> PolicyRule.Action.PROHIBIT;
      case "nop" -> PolicyRule.Action.NOP;
      case "unicast", "to_tbl" -> PolicyRule.Action.TABLE;
      default -> throw entry.bad("action: expected a known action, found '" + action + "'");
    };
  }
}
