package org.fwreplay.conntrack;

/**
 * What happened to a connection, as bits: {@code 1 << IPCT_*} of {@code enum ip_conntrack_events}.
 */
public final class CtEvent {
  public static final int NEW = 1;
  public static final int RELATED = 1 << 1;
  public static final int DESTROY = 1 << 2;

  /** The first answer was seen. */
  public static final int REPLY = 1 << 3;

  public static final int ASSURED = 1 << 4;

  /** The protocol's state changed. */
  public static final int PROTOCOL = 1 << 5;

  public static final int HELPER = 1 << 6;
  public static final int MARK = 1 << 7;

  private CtEvent() {}
}
