package org.fwreplay.conntrack;

/** Is told what {@code conntrack -E} would print. */
public interface ConntrackListener {
  /** The connection was confirmed: it is in the table now; {@link Connection#events} says more. */
  void created(Connection connection);

  /** What {@link Connection#events} says changed; told once a packet. */
  void updated(Connection connection);

  /** The connection left the table; its fields are still as they were. */
  void destroyed(Connection connection);

  /** A helper waits for a connection. */
  default void expected(Expectation expectation) {}

  /** The connection that was waited for is here; its NAT is not set up yet. */
  default void fulfilled(Expectation expectation, Connection connection) {}

  /** It is no longer waited for: used up, replaced, expired, or its master is gone. */
  default void expectationEnded(Expectation expectation) {}
}
