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

  /** It is no longer waited for; that it has expired shows only when it is looked at. */
  default void expectationEnded(Expectation expectation, ExpectationEnd why) {}

  /**
   * A helper has rewritten a part of a packet's payload.
   *
   * @param info {@code enum ip_conntrack_info} of the packet
   * @param offset from the start of the payload
   */
  default void rewritten(
      Connection connection, int info, int offset, byte[] before, byte[] after) {}
}
