package org.fwreplay.conntrack;

/**
 * What few connections have: {@code struct nf_ct_ext}. Connections without it are smaller, and are
 * made and used again without a look at it.
 */
public final class ConnectionExtension {
  /** What a connection without an extension has; never changed. */
  static final ConnectionExtension NONE = new ConnectionExtension();

  /** {@code -m connlabel}'s 128 bits. */
  public long labelsHi;

  public long labelsLo;

  /** Counted where accounting is on, by direction. */
  private long packets;

  private long bytes;
  private long replyPackets;
  private long replyBytes;

  /** Interface id that MASQUERADE chose an address for, or -1. */
  public int masqueradeInterface = -1;

  /** Bit set of {@code 1 << ORIGINAL | 1 << REPLY} directions in which the zone counts. */
  public int zoneDirections = 3;

  /** Whether the packet's mark gives the zone ({@code CT --zone mark}). */
  public boolean zoneFromMark;

  /** Events that the CT target selected; all by default. */
  public int eventMask = -1;

  ConnectionExtension() {}

  long packets(int direction) {
    return direction == Connection.ORIGINAL ? packets : replyPackets;
  }

  long bytes(int direction) {
    return direction == Connection.ORIGINAL ? bytes : replyBytes;
  }

  void count(int direction, long morePackets, long moreBytes) {
    if (direction == Connection.ORIGINAL) {
      packets += morePackets;
      bytes += moreBytes;
    } else {
      replyPackets += morePackets;
      replyBytes += moreBytes;
    }
  }
}
