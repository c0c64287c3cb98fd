package org.fwreplay.host;

import java.util.function.LongConsumer;

/** The neighbour tables (ARP and ND) of the host: who answers at which hardware address. */
public final class Neighbours {
  /** Nothing is known about the neighbour. */
  public static final long UNKNOWN = -1;

  /** It was asked for and did not answer (states FAILED, INCOMPLETE). */
  public static final long FAILED = -2;

  private static final long FAILED_VALUE = 1L << 48;

  private final AddressMap map = new AddressMap();

  /**
   * The 48-bit hardware address of a neighbour, or {@link #UNKNOWN} or {@link #FAILED}.
   *
   * @param oif id of the interface it is on
   */
  public long mac(int oif, boolean six, long hi, long lo) {
    long value = map.get(tag(oif, six), hi, lo);
    return value == FAILED_VALUE ? FAILED : value;
  }

  void put(int oif, boolean six, long hi, long lo, long mac) {
    map.put(tag(oif, six), hi, lo, mac == FAILED ? FAILED_VALUE : mac);
  }

  /** Calls with every IPv4 address of which something is known. */
  void forEach4(LongConsumer each) {
    map.forEach(tag -> (tag & 1) == 0, each);
  }

  private static int tag(int oif, boolean six) {
    return oif << 1 | (six ? 1 : 0);
  }

  /** The Ethernet address of a multicast group: RFC 1112 section 6.4, RFC 2464 section 7. */
  public static long multicastMac(boolean six, long lo) {
    return six ? 0x3333_0000_0000L | lo & 0xffffffffL : 0x0100_5e00_0000L | lo & 0x7fffffL;
  }
}
