package org.fwreplay.packet;

/**
 * Offsets in an IPv6 header (RFC 8200).
 *
 * <pre>
 *  0: version(4) traffic class(8) flow label(20)
 *  4: payload length(16) | next header(8) | hop limit(8)
 *  8: source(128)   24: destination(128)   40: next header's own
 * </pre>
 */
public final class Ipv6 {
  public static final int PAYLOAD_LENGTH = 4;
  public static final int NEXT_HEADER = 6;
  public static final int HOP_LIMIT = 7;
  public static final int SOURCE = 8;
  public static final int DESTINATION = 24;
  public static final int LENGTH = 40;

  private Ipv6() {}
}
