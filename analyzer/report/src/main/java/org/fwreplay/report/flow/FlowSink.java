package org.fwreplay.report.flow;

/** Takes flows as they end. */
@FunctionalInterface
public interface FlowSink {
  /** A flow has ended; nothing about it changes any more. */
  void ended(Flow flow);
}
