package org.fwreplay.conntrack;

/** Is told what {@code conntrack -E} would print. */
public interface ConntrackListener {
  /** The connection was confirmed: it is in the table now. */
  void created(Connection connection);

  /** State, assurance, mark or the first reply changed. */
  void updated(Connection connection);

  /** The connection left the table; its fields are still as they were. */
  void destroyed(Connection connection);
}
