package org.fwreplay.report.flow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Keeps flows in memory, up to a number of them; counts all. */
public final class FlowStore implements FlowSink {
  private final int limit;
  private final List<Flow> kept = new ArrayList<>();
  private final Map<FlowVerdict, Long> byVerdict = new EnumMap<>(FlowVerdict.class);
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
  public void ended(Flow flow) {
    count++;
    byVerdict.merge(flow.verdict(), 1L, Long::sum);
    if (kept.size() < limit) {
      kept.add(flow);
    }
  }

  /** How many flows there were. */
  public long count() {
    return count;
  }

  /** How many flows had a verdict; verdicts that none had are not there. */
  public Map<FlowVerdict, Long> byVerdict() {
    return Collections.unmodifiableMap(byVerdict);
  }

  /** The flows kept, in the order of their first packets. */
  public List<Flow> flows() {
    kept.sort(Comparator.comparingLong(flow -> flow.id));
    return Collections.unmodifiableList(kept);
  }
}
