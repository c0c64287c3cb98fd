package org.fwreplay.ipset;

/**
 * How the kernel lays out the elements of a hash type in memory (little-endian machines), as far as
 * they are hashed: {@code struct hash_*_elem}.
 */
final class KeyLayout {
  private final SetType type;
  private final boolean ipv6;
  private final boolean firstAddress;
  private final int size;

  KeyLayout(SetHeader header) {
    type = header.type;
    ipv6 = header.ipv6();
    firstAddress = type != SetType.HASH_MAC;
    size = write(new Element(), new int[16]);
  }

  /** In words of 32 bits. */
  int size() {
    return size;
  }

  /** Writes an element whose prefixes are set; returns the number of words. */
  int write(Element e, int[] words) {
    int at = firstAddress ? address(words, 0, e.hi, e.lo) : 0;
    at = type.hasSecondAddress() ? address(words, at, e.hi2, e.lo2) : at;
    switch (type) {
      case HASH_MAC, HASH_IP_MAC -> {
        words[at++] = Integer.reverseBytes((int) (e.mac >>> 16));
        words[at++] = Short.toUnsignedInt(Short.reverseBytes((short) e.mac));
      }
      case HASH_NET -> words[at++] = e.prefix << 24;
      case HASH_NET_NET -> {
        words[at++] = e.prefix << 16 | e.prefix2 << 24;
        at = pad(words, at);
      }
      case HASH_IP_PORT, HASH_IP_PORT_IP -> words[at++] = port(e) | e.protocol << 16;
      case HASH_NET_PORT -> words[at++] = port(e) | e.protocol << 16 | e.prefix - 1 << 24;
      case HASH_IP_PORT_NET ->
          words[at++] = port(e) | (e.prefix2 - 1 & 0x7f) << 16 | e.protocol << 24;
      case HASH_NET_PORT_NET -> {
        words[at++] = port(e) | e.prefix << 16 | e.prefix2 << 24;
        words[at++] = e.protocol << 24;
      }
      case HASH_IP_MARK -> words[at++] = e.mark;
      case HASH_NET_IFACE -> words[at++] = (e.physdev ? 1 : 0) | e.prefix << 8 | 1 << 24;
      default -> {}
    }
    return at;
  }

  private int address(int[] words, int at, long hi, long lo) {
    if (!ipv6) {
      words[at] = Integer.reverseBytes((int) lo);
      return at + 1;
    }
    words[at] = Integer.reverseBytes((int) (hi >>> 32));
    words[at + 1] = Integer.reverseBytes((int) hi);
    words[at + 2] = Integer.reverseBytes((int) (lo >>> 32));
    words[at + 3] = Integer.reverseBytes((int) lo);
    return at + 4;
  }

  /** IPv4's pair of addresses is aligned to 64 bits. */
  private int pad(int[] words, int at) {
    if (ipv6) {
      return at;
    }
    words[at] = 0;
    return at + 1;
  }

  private static int port(Element e) {
    return Short.toUnsignedInt(Short.reverseBytes((short) e.port));
  }

  /** Reads a stored element back. */
  void read(HashEntry entry, Element e) {
    int[] words = entry.key;
    e.clear();
    int at = 0;
    if (firstAddress) {
      e.hi = ipv6 ? wide(words, 0) : 0;
      e.lo = ipv6 ? wide(words, 2) : Integer.toUnsignedLong(Integer.reverseBytes(words[0]));
      at = ipv6 ? 4 : 1;
    }
    if (type.hasSecondAddress()) {
      e.hi2 = ipv6 ? wide(words, at) : 0;
      e.lo2 = ipv6 ? wide(words, at + 2) : Integer.toUnsignedLong(Integer.reverseBytes(words[at]));
      at += ipv6 ? 4 : 1;
    }
    if (at < words.length) {
      rest(words, at, e);
    }
    e.iface = entry.iface;
    e.wildcard = entry.wildcard;
    e.nomatch = entry.nomatch;
  }

  private void rest(int[] words, int at, Element e) {
    int word = words[at];
    switch (type) {
      case HASH_MAC, HASH_IP_MAC ->
          e.mac =
              Integer.toUnsignedLong(Integer.reverseBytes(word)) << 16
                  | Short.toUnsignedLong(Short.reverseBytes((short) words[at + 1]));
      case HASH_NET -> e.prefix = word >>> 24;
      case HASH_NET_NET -> prefixes(word, e);
      case HASH_IP_MARK -> e.mark = word;
      case HASH_NET_IFACE -> {
        e.prefix = word >>> 8 & 0xff;
        e.physdev = (word & 1) != 0;
      }
      default -> {
        e.port = Short.toUnsignedInt(Short.reverseBytes((short) word));
        e.protocol = word >>> 16 & 0xff;
        e.prefix = (word >>> 24) + 1;
        if (type == SetType.HASH_IP_PORT_NET) {
          e.prefix2 = (word >>> 16 & 0x7f) + 1;
          e.protocol = word >>> 24;
        } else if (type == SetType.HASH_NET_PORT_NET) {
          prefixes(word, e);
          e.protocol = words[at + 1] >>> 24;
        }
      }
    }
  }

  private static void prefixes(int word, Element e) {
    e.prefix = word >>> 16 & 0xff;
    e.prefix2 = word >>> 24;
  }

  private static long wide(int[] words, int at) {
    return (long) Integer.reverseBytes(words[at]) << 32
        | Integer.toUnsignedLong(Integer.reverseBytes(words[at + 1]));
  }
}
