package org.fwreplay.diff;

import java.util.List;
import org.fwreplay.replay.ReplayRun;

/**
 * How two rulesets differ, as the captures show it.
 *
 * @param changed the connections whose fate differs, by their first frames
 * @param conversations how many there are in the captures
 * @param old the old ruleset's run, over, likewise {@code now}
 * @param causal whether what would never have been sent was kept out
 * @param readings how often the captures were read
 */
public record DiffResult(
    List<Edit> edits,
    List<Cause> causes,
    List<Conversation> changed,
    long conversations,
    ReplayRun old,
    ReplayRun now,
    boolean causal,
    int readings) {

  /** How many connections differ in a way. */
  public long count(Change change) {
    return changed.stream().filter(c -> c.change() == change).count();
  }
}
