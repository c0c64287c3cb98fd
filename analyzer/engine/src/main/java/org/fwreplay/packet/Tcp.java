package org.fwreplay.packet;

/**
 * Offsets and flags of a TCP header (RFC 9293).
 *
 * <pre>
 *  0: source port(16) | destination port(16)
 *  4: sequence number(32)
 *  8: acknowledgment number(32)
 * 12: data offset(4) reserved(4) | flags(8) | window(16)
 * 16: checksum(16) | urgent pointer(16)   20: options
 * </pre>
 */
public final class Tcp {
  public static final int SOURCE_PORT = 0;
  public static final int DESTINATION_PORT = 2;
  public static final int SEQUENCE = 4;
  public static final int ACKNOWLEDGMENT = 8;
  public static final int DATA_OFFSET = 12;
  public static final int FLAGS = 13;
  public static final int WINDOW = 14;
  public static final int CHECKSUM = 16;
  public static final int URGENT = 18;
  public static final int MIN_LENGTH = 20;

  public static final int FIN = 1;
  public static final int SYN = 2;
  public static final int RST = 4;
  public static final int PSH = 8;
  public static final int ACK = 16;
  public static final int URG = 32;
  public static final int ECE = 64;
  public static final int CWR = 128;

  public static final int OPTION_END = 0;
  public static final int OPTION_NOP = 1;
  public static final int OPTION_MSS = 2;
  public static final int OPTION_WINDOW_SCALE = 3;
  public static final int OPTION_SACK_PERMITTED = 4;
  public static final int OPTION_SACK = 5;
  public static final int OPTION_TIMESTAMP = 8;

  private Tcp() {}
}
