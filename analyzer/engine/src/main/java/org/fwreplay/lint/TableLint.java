package org.fwreplay.lint;

import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.fwreplay.packet.Hook;
import org.fwreplay.region.Box;
import org.fwreplay.region.CtStates;
import org.fwreplay.region.Dimension;
import org.fwreplay.region.Space;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.Table;

/** What the checks of one table share. */
final class TableLint {
  final Space space;
  final Table table;
  final ChainGraph graph;
  final ChainSummaries summaries;
  final Reachability reachability;
  final Headers headers;

  TableLint(Space space, Headers headers, Table table) {
    this.space = space;
    this.headers = headers;
    this.table = table;
    graph = new ChainGraph(table);
    summaries = new ChainSummaries(space, graph);
    Map<Rule, Box> probes = new IdentityHashMap<>();
    for (Chain chain : table.chains()) {
      for (Rule rule : chain.rules()) {
        if (StateFindings.acceptsNewTcp(space, rule)) {
          probes.put(rule, headers.newWithoutSyn(space));
        }
      }
    }
    reachability = new Reachability(space, graph, summaries, entries(), probes);
  }

  boolean isNat() {
    return table.name().equals("nat");
  }

  boolean isFilter() {
    return table.name().equals("filter");
  }

  /** All packets that a hook hands to the table. */
  Box entry(Hook hook) {
    Box box = headers.atHook(space, hook);
    return isNat() ? box.and(Box.of(Dimension.STATE, CtStates.SEEN_BY_NAT)) : box;
  }

  private Map<Hook, Box> entries() {
    Map<Hook, Box> entries = new EnumMap<>(Hook.class);
    for (Hook hook : Hook.values()) {
      entries.put(hook, entry(hook));
    }
    return entries;
  }
}
