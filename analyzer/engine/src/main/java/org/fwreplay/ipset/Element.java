package org.fwreplay.ipset;

/**
 * An element, or a range of them, as it is added, deleted or looked up. One object serves many
 * lookups.
 */
final class Element {
  static final int NONE = -1;

  /** The first address; IPv4 in {@code lo}. */
  long hi;

  long lo;

  /** Prefix length, or {@link #NONE} where none was given. */
  int prefix;

  /** The last address of an IPv4 range, or {@link #NONE}. */
  long to;

  long hi2;
  long lo2;
  int prefix2;
  long to2;

  /** Protocol number, or {@link #NONE}. */
  int protocol;

  /** Port, or ICMP type times 256 plus code. */
  int port;

  /** The last port of a range, or {@link #NONE}. */
  int portTo;

  /** Six bytes, the first in bits 47 to 40; or {@link #NONE}. */
  long mac;

  int mark;
  String iface;
  boolean physdev;
  boolean wildcard;
  boolean nomatch;

  /** The set that is a member of a list, and the one that it stands before or after. */
  String set;

  String before;
  String after;

  Element() {
    clear();
  }

  void clear() {
    hi = 0;
    lo = 0;
    prefix = NONE;
    to = NONE;
    hi2 = 0;
    lo2 = 0;
    prefix2 = NONE;
    to2 = NONE;
    protocol = NONE;
    port = 0;
    portTo = NONE;
    mac = NONE;
    mark = 0;
    iface = "";
    physdev = false;
    wildcard = false;
    nomatch = false;
    set = null;
    before = null;
    after = null;
  }

  boolean hasPorts() {
    return hasPorts(protocol);
  }

  /** Whether the protocol has ports, so that there can be ranges of them. */
  static boolean hasPorts(int protocol) {
    return switch (protocol) {
      case org.fwreplay.packet.Protocols.TCP,
          org.fwreplay.packet.Protocols.UDP,
          org.fwreplay.packet.Protocols.SCTP,
          org.fwreplay.packet.Protocols.UDPLITE ->
          true;
      default -> false;
    };
  }

  void keepPrefix(int length, boolean ipv6) {
    if (ipv6) {
      hi &= maskHi(length);
      lo &= maskLo(length);
    } else {
      lo &= mask4(length);
    }
  }

  void keepPrefix2(int length, boolean ipv6) {
    if (ipv6) {
      hi2 &= maskHi(length);
      lo2 &= maskLo(length);
    } else {
      lo2 &= mask4(length);
    }
  }

  static long mask4(int length) {
    return 0xffffffffL << 32 - length & 0xffffffffL;
  }

  static long maskHi(int length) {
    return length == 0 ? 0 : length >= 64 ? -1 : -1L << 64 - length;
  }

  static long maskLo(int length) {
    return length <= 64 ? 0 : -1L << 128 - length;
  }
}
