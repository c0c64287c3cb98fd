package org.fwreplay.capture;

/**
 * What {@link LinkLayer} found before the network header; reused from call to call. Indexes are
 * into the buffer.
 */
public final class LinkHeader {
  /** Why there is no network header. */
  public enum Problem {
    /** There is one. */
    NONE("none"),
    /** The captured bytes end inside the link header. */
    TRUNCATED("link header cut off"),
    /** A link type that is not read. */
    UNKNOWN_LINK_TYPE("link type is not supported"),
    /** Raw IP whose version is neither 4 nor 6, or not that of the link type. */
    BAD_IP_VERSION("IP version does not fit"),
    /** An address family of a null or loop header that is neither IPv4 nor IPv6. */
    UNKNOWN_FAMILY("address family is neither IPv4 nor IPv6");

    private final String words;

    Problem(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** Start of the network header. */
  public int networkOffset;

  /**
   * Number of bytes captured from {@link #networkOffset} on; ends with the frame by its 802.3 or
   * PPPoE length, but else includes the padding of short frames.
   */
  public int networkLength;

  /**
   * EtherType of what is at {@link #networkOffset}, or -1. As in Linux's skb->protocol 0x0004 is
   * any other 802.2 LLC, 0x0001 raw Novell 802.3, both starting after the Ethernet header; PPPoE
   * that carries no IP stays 0x8864, starting with its header.
   */
  public int etherType;

  /** Start of the Ethernet header, or -1. */
  public int macOffset;

  /** Source hardware address in the low 48 bits, or -1. */
  public long srcMac;

  /** Destination hardware address in the low 48 bits, or -1. */
  public long dstMac;

  /** VLAN identifier of the outermost tag, or -1. */
  public int vlan;

  /** VLAN identifier of the second tag, or -1. */
  public int innerVlan;

  /** Identifier of the PPPoE session that carries the packet, or -1. */
  public int pppoeSession;

  /** Whether {@link #etherType} is from an LLC/SNAP header, which Linux does not deliver to IP. */
  public boolean snap;

  /**
   * Packet type of a Linux cooked capture ({@code PACKET_HOST} 0 to {@code PACKET_OUTGOING} 4), or
   * -1.
   */
  public int packetType;

  /** Interface index of a Linux cooked capture version 2, or -1. */
  public int interfaceIndex;

  /** Why there is no network header. */
  public Problem problem = Problem.NONE;

  void clear() {
    networkOffset = -1;
    networkLength = 0;
    etherType = -1;
    macOffset = -1;
    srcMac = -1;
    dstMac = -1;
    vlan = -1;
    innerVlan = -1;
    pppoeSession = -1;
    snap = false;
    packetType = -1;
    interfaceIndex = -1;
    problem = Problem.NONE;
  }
}
