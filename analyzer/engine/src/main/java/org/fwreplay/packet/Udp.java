package org.fwreplay.packet;

/** Offsets of a UDP header (RFC 768); UDP-Lite has its coverage where UDP has its length. */
public final class Udp {
  public static final int SOURCE_PORT = 0;
  public static final int DESTINATION_PORT = 2;
  public static final int UDP_LENGTH = 4;
  public static final int CHECKSUM = 6;
  public static final int LENGTH = 8;

  private Udp() {}
}
