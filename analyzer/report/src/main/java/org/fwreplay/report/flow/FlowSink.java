package org.fwreplay.report.flow;

/** Takes flows as they end. */
@FunctionalInterface
public interface FlowSink {
  /**
   * A flow has ended; nothing about it changes any more.
   *
   * @return whether the sink keeps it: else it is used again, for another flow
   */
  boolean ended(Flow flow);
}
