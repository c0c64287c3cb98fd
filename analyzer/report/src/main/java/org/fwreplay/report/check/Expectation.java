package org.fwreplay.report.check;

import java.util.List;
import java.util.Set;
import org.fwreplay.report.flow.FlowVerdict;
import org.fwreplay.report.select.Selector;

/** Something that must hold. */
sealed interface Expectation {
  /** What it is called in reports. */
  String name();

  /** Where it stands in its suite. */
  int line();

  int column();

  /**
   * All connections that are selected fare so.
   *
   * @param verdicts one of them; empty where it does not matter
   * @param by the rule that decides on their first packet, or null; likewise what follows
   * @param via a rule that they hit
   * @param count how many there are
   */
  record Connections(
      String name,
      int line,
      int column,
      Selector selector,
      Set<FlowVerdict> verdicts,
      RuleMatch by,
      RuleMatch via,
      String snat,
      String dnat,
      String log,
      String helper,
      Bound count)
      implements Expectation {}

  /** All frames that are selected have this fate: a key of FateNames. */
  record Frames(
      String name,
      int line,
      int column,
      Selector selector,
      Set<String> fates,
      RuleMatch by,
      Bound count)
      implements Expectation {}

  /** The rule is hit so often. */
  record Hits(String name, int line, int column, RuleMatch rule, Bound hits)
      implements Expectation {}

  /** No connection that is selected passes, but those of exceptions. */
  record Nothing(String name, int line, int column, Selector selector, List<Selector> but)
      implements Expectation {}

  /** The whole result is as it was written down. */
  record Snapshot(String name, int line, int column) implements Expectation {}
}
