package org.fwreplay.report.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.host.RouteResult;
import org.fwreplay.packet.Packet;

/** What targets may change of a packet and its connection, before and after. */
final class Snapshots {
  private Snapshots() {}

  /** All that is looked at, in words. */
  static Map<String, String> of(Packet p) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("packet", PacketText.ends(p));
    all.put("length", Integer.toString(p.length()));
    all.put("mark", hex(p.mark));
    all.put(p.ipv6 ? "traffic class" : "TOS", hex(p.tos()));
    all.put(p.ipv6 ? "hop limit" : "TTL", Integer.toString(p.ttl()));
    all.put("traced", Boolean.toString(p.traced));
    Connection ct = Connection.of(p);
    all.put("connection", ct == null ? state(p) : ct.is(Connection.TEMPLATE) ? "template" : "yes");
    if (ct != null) {
      all.put("connmark", hex(ct.mark));
      all.put("helper", ct.helper == null ? "none" : ct.helper);
      all.put("answers", PacketText.of(ct.reply));
    }
    return all;
  }

  /** {@code mark 0x0 -> 0x1} for each that is another now. */
  static List<String> changes(Map<String, String> before, Map<String, String> after) {
    List<String> changes = new ArrayList<>();
    after.forEach(
        (name, value) -> {
          String old = before.get(name);
          if (old != null && !old.equals(value)) {
            changes.add(name + ": " + old + " becomes " + value);
          }
        });
    return changes;
  }

  private static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }

  /** The state as {@code --ctstate} calls it. */
  static String state(Packet p) {
    Connection ct = Connection.of(p);
    if (ct == null || ct.is(Connection.TEMPLATE)) {
      return p.trackInfo == CtInfo.UNTRACKED ? "UNTRACKED" : "INVALID";
    }
    return switch (p.trackInfo % CtInfo.IS_REPLY) {
      case CtInfo.ESTABLISHED -> "ESTABLISHED";
      case CtInfo.RELATED -> "RELATED";
      default -> "NEW";
    };
  }

  /** A routing decision in words. */
  static String decision(int decision) {
    return switch (decision) {
      case RouteResult.LOCAL -> "to this host";
      case RouteResult.FORWARD -> "forward";
      case RouteResult.BROADCAST -> "broadcast";
      case RouteResult.MULTICAST -> "multicast";
      case RouteResult.TRANSMIT -> "send";
      case RouteResult.DROP_MARTIAN_SOURCE -> "martian source";
      case RouteResult.DROP_MARTIAN_DESTINATION -> "martian destination";
      case RouteResult.DROP_RPF -> "reverse path filter: the source is not behind this interface";
      case RouteResult.DROP_NOT_JOINED -> "multicast group not joined";
      case RouteResult.NOT_FORWARDING -> "this host does not forward";
      case RouteResult.NO_ROUTE -> "no route";
      case RouteResult.UNREACHABLE -> "route of type unreachable";
      case RouteResult.PROHIBIT -> "route of type prohibit";
      default -> "route of type blackhole";
    };
  }
}
