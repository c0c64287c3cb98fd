package org.fwreplay.capture;

/**
 * The file header of a classic pcap file: draft-ietf-opsawg-pcap section 4, and the magic of
 * Kuznetsov's modified libpcap, whose record headers are eight bytes longer.
 */
record PcapHeader(
    boolean bigEndian, boolean nanoseconds, boolean modified, int snapLength, int linkType) {
  static final int LENGTH = 24;

  private static final int MICROSECONDS = 0xa1b2c3d4;
  private static final int NANOSECONDS = 0xa1b23c4d;
  private static final int MODIFIED = 0xa1b2cd34;

  /** DG/UX writes version 543.0 for 2.0. */
  private static final int DG_UX = 543;

  /** The upper bits hold the length of a frame check sequence, or are reserved. */
  private static final int LINK_TYPE_MASK = 0xffff;

  /** Whether a magic number, read big-endian, is one of a pcap file. */
  static boolean isMagic(int magic) {
    return isKnown(magic) || isKnown(Integer.reverseBytes(magic));
  }

  private static boolean isKnown(int magic) {
    return magic == MICROSECONDS || magic == NANOSECONDS || magic == MODIFIED;
  }

  /** Reads the 24 bytes of the header, whose magic has been checked. */
  static PcapHeader read(byte[] bytes, int at) {
    int magic = Bytes.i32(bytes, at);
    boolean bigEndian = isKnown(magic);
    int known = bigEndian ? magic : Integer.reverseBytes(magic);
    return new PcapHeader(
        bigEndian,
        known == NANOSECONDS,
        known == MODIFIED,
        Bytes.i32(bytes, at + 16, bigEndian),
        Bytes.i32(bytes, at + 20, bigEndian) & LINK_TYPE_MASK);
  }

  /** What is wrong with the version of a header, or null. */
  static String versionProblem(byte[] bytes, int at) {
    boolean bigEndian = isKnown(Bytes.i32(bytes, at));
    int major = Bytes.u16(bytes, at + 4, bigEndian);
    int minor = Bytes.u16(bytes, at + 6, bigEndian);
    return major == 2 || major == DG_UX
        ? null
        : "pcap version " + major + "." + minor + ", expected 2.4";
  }

  int recordHeaderLength() {
    return modified ? 24 : 16;
  }

  /** Nanoseconds in a unit of the time stamp's second field. */
  int timeUnitNs() {
    return nanoseconds ? 1 : 1000;
  }

  String describe() {
    String time =
        modified ? "modified, microseconds" : nanoseconds ? "nanoseconds" : "microseconds";
    return "pcap, " + time + (bigEndian ? ", big-endian" : ", little-endian");
  }
}
