package org.fwreplay.conntrack;

/**
 * Reads a connection's payload, expects the connections that it announces and rewrites what NAT has
 * made wrong: {@code struct nf_conntrack_helper}. What it knows of a connection it keeps in {@link
 * ConnectionHelp#data}; it has no other state.
 */
public interface ConntrackHelper {
  /** The name that {@code CT --helper} and {@code -m helper} use. */
  String name();

  /** What its expectations are allowed, by class; class 0 first. */
  ExpectationPolicy policy(int expectationClass);

  /**
   * Looks at a packet that leaves or is delivered, before its connection is confirmed. The payload
   * may be rewritten, {@link org.fwreplay.packet.Packet#transport} is where its header is.
   *
   * @param ct the packet's connection, whose {@link Connection#help} is this helper's
   * @param info {@code enum ip_conntrack_info} of the packet, see {@link CtInfo}; an ICMP error in
   *     the original direction ({@link CtInfo#RELATED}) comes here, too
   * @return {@link Conntrack#ACCEPT} or {@link Conntrack#DROP}
   */
  int help(org.fwreplay.packet.Packet packet, Connection ct, int info);

  /** The connection leaves the table; its expectations are still there. */
  default void destroyed(Connection ct) {}

  /** A connection that was expected is gone. */
  default void childDestroyed(Connection master, Connection child) {}
}
