package org.fwreplay.packet;

/**
 * Offsets in an IPv4 header (RFC 791).
 *
 * <pre>
 *  0: version(4) IHL(4) | TOS(8) | total length(16)
 *  4: identification(16) | flags(3) fragment offset(13)
 *  8: TTL(8) | protocol(8) | header checksum(16)
 * 12: source   16: destination   20: options
 * </pre>
 */
public final class Ipv4 {
  public static final int TOS = 1;
  public static final int TOTAL_LENGTH = 2;
  public static final int ID = 4;
  public static final int FRAGMENT = 6;
  public static final int TTL = 8;
  public static final int PROTOCOL = 9;
  public static final int CHECKSUM = 10;
  public static final int SOURCE = 12;
  public static final int DESTINATION = 16;
  public static final int MIN_LENGTH = 20;

  /** Don't fragment. */
  public static final int DF = 0x4000;

  /** More fragments. */
  public static final int MF = 0x2000;

  /** The fragment offset's bits, in units of 8 bytes. */
  public static final int OFFSET_MASK = 0x1fff;

  private Ipv4() {}
}
