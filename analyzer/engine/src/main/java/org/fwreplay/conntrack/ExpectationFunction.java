package org.fwreplay.conntrack;

/** What is done with a connection that was expected, at its first packet: {@code expectfn}. */
@FunctionalInterface
public interface ExpectationFunction {
  /** The new connection, not confirmed yet, and the expectation that it fulfils. */
  void expected(Connection ct, Expectation expectation);
}
