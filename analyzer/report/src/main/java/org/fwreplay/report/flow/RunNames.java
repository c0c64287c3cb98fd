package org.fwreplay.report.flow;

import java.util.List;
import org.fwreplay.host.NetInterface;
import org.fwreplay.packet.Names;
import org.fwreplay.packet.Protocols;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.Table;

/** What reports call the interfaces, rules and protocols of a run. */
public final class RunNames {
  private final List<NetInterface> interfaces;
  private final String[][] places;

  /** The names of a run. */
  public RunNames(ReplayRun run) {
    interfaces = run.host().interfaces();
    places = new String[][] {places(run.rules4(), "ipv4"), places(run.rules6(), "ipv6")};
  }

  private static String[] places(BoundRuleset rules, String family) {
    String[] names = new String[rules == null ? 0 : rules.placeCount()];
    List<Table> tables = rules == null ? List.of() : rules.ruleset().tables();
    for (Table table : tables) {
      for (Chain chain : table.chains()) {
        String start = family + "/" + table.name() + "/" + chain.name() + "/";
        int place = rules.firstPlace(chain);
        for (Rule rule : chain.rules()) {
          names[place++] = start + rule.number();
        }
        names[rules.end(chain)] = start + end(chain);
      }
    }
    return names;
  }

  private static String end(Chain chain) {
    return chain.isBuiltin() ? "policy" : "end";
  }

  /** An interface's name, empty for none. */
  public String interfaceName(int id) {
    return id < 0 ? "" : interfaces.get(id).name();
  }

  /**
   * A rule, or the end of a chain: {@code ipv4/filter/FORWARD/3}, {@code ipv4/filter/INPUT/policy};
   * null for none.
   */
  public String place(boolean ipv6, int place) {
    return place < 0 ? null : places[ipv6 ? 1 : 0][place];
  }

  /** {@code ipv4} or {@code ipv6}. */
  public static String family(boolean ipv6) {
    return ipv6 ? "ipv6" : "ipv4";
  }

  /** A protocol's name, or its number where it has none; {@code -} for a broken header chain. */
  public static String protocol(int protocol) {
    if (protocol < 0) {
      return "-";
    }
    if (protocol == Protocols.ICMPV6) {
      return "icmpv6";
    }
    String name = Names.protocolName(protocol);
    return name == null ? Integer.toString(protocol) : name;
  }
}
