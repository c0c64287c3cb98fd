package org.fwreplay.conntrack;

/** {@code enum ip_conntrack_info}: what a packet is to its connection. */
public final class CtInfo {
  public static final int ESTABLISHED = 0;
  public static final int RELATED = 1;
  public static final int NEW = 2;

  /** First value of the reply direction. */
  public static final int IS_REPLY = 3;

  public static final int ESTABLISHED_REPLY = 3;
  public static final int RELATED_REPLY = 4;
  public static final int UNTRACKED = 7;

  private CtInfo() {}

  /** Whether the connection has been answered and this belongs to it, in either direction. */
  public static boolean isEstablished(int info) {
    return info == ESTABLISHED || info == ESTABLISHED_REPLY;
  }

  /** {@link Connection#ORIGINAL} or {@link Connection#REPLY} ({@code CTINFO2DIR}). */
  public static int direction(int info) {
    return info >= IS_REPLY ? Connection.REPLY : Connection.ORIGINAL;
  }
}
