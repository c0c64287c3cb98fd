package org.fwreplay.packet;

/** Offsets and types of ICMP (RFC 792) and ICMPv6 (RFC 4443) headers. */
public final class Icmp {
  public static final int TYPE = 0;
  public static final int CODE = 1;
  public static final int CHECKSUM = 2;
  public static final int ID = 4;
  public static final int SEQUENCE = 6;
  public static final int LENGTH = 8;

  public static final int ECHO_REPLY = 0;
  public static final int DEST_UNREACHABLE = 3;
  public static final int SOURCE_QUENCH = 4;
  public static final int REDIRECT = 5;
  public static final int ECHO_REQUEST = 8;
  public static final int TIME_EXCEEDED = 11;
  public static final int PARAMETER_PROBLEM = 12;
  public static final int TIMESTAMP = 13;
  public static final int TIMESTAMP_REPLY = 14;
  public static final int INFO_REQUEST = 15;
  public static final int INFO_REPLY = 16;
  public static final int ADDRESS_MASK = 17;
  public static final int ADDRESS_MASK_REPLY = 18;

  public static final int V6_DEST_UNREACHABLE = 1;
  public static final int V6_PACKET_TOO_BIG = 2;
  public static final int V6_TIME_EXCEEDED = 3;
  public static final int V6_PARAMETER_PROBLEM = 4;
  public static final int V6_ECHO_REQUEST = 128;
  public static final int V6_ECHO_REPLY = 129;
  public static final int V6_NEIGHBOUR_SOLICITATION = 135;

  private Icmp() {}

  /** Whether an IPv4 ICMP type reports an error about an embedded packet. */
  public static boolean isError(int type) {
    return switch (type) {
      case DEST_UNREACHABLE, SOURCE_QUENCH, TIME_EXCEEDED, PARAMETER_PROBLEM, REDIRECT -> true;
      default -> false;
    };
  }
}
