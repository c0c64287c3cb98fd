package org.fwreplay.conntrack;

/** Is told what {@code conntrack -E} would print. */
public interface ConntrackListener {
  /** The connection was confirmed: it is in the table now; {@link Connection#events} says more. */
  void created(Connection connection);

  /** What {@link Connection#events} says changed; told once a packet. */
  void updated(Connection connection);

  /** The connection left the table; its fields are still as they were. */
  void destroyed(Connection connection);
}
