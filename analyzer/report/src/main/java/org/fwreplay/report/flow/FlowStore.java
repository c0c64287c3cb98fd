package org.fwreplay.report.flow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Keeps flows in memory, up to a number of them; counts all. */
public final class FlowStore implements FlowSink {
  private final int limit;
  private final List<Flow> kept = new ArrayList<>();
  private final long[] byVerdict = new long[FlowVerdict.values().length];
  private long count;

  /**
   * An empty store.
   *
   * @param limit most flows that are kept, those that end first
   */
  public FlowStore(int limit) {
    this.limit = limit;
  }

  @Override
  public boolean ended(Flow flow) {
    count++;
    byVerdict[flow.verdict().ordinal()]++;
    return kept.size() < limit && kept.add(flow);
  }

  /** How many flows there were. */
  public long count() {
    return count;
  }

  /** How many flows had a verdict; verdicts that none had are not there. */
  public Map<FlowVerdict, Long> byVerdict() {
    Map<FlowVerdict, Long> counts = new EnumMap<>(FlowVerdict.class);
    for (FlowVerdict each : FlowVerdict.values()) {
      if (byVerdict[each.ordinal()] > 0) {
        counts.put(each, byVerdict[each.ordinal()]);
      }
    }
    return counts;
  }

  /** The flows kept, in the order of their first packets. */
  public List<Flow> flows() {
    kept.sort((a, b) -> Long.compare(a.id, b.id));
    return Collections.unmodifiableList(kept);
  }
}
