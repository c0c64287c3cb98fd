package org.fwreplay.ipset;

import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Family;

/** What {@code create} says of a set. Not changed once the set is made. */
final class SetHeader {
  static final int DEFAULT_HASH_SIZE = 1024;
  static final int SMALLEST_HASH_SIZE = 64;
  static final int DEFAULT_MAX_ELEMENTS = 65_536;
  static final int DEFAULT_BUCKET_SIZE = 12;
  static final int DEFAULT_LIST_SIZE = 8;

  /** {@code timeout} was not given. */
  static final long NO_TIMEOUT = -1;

  final SetType type;

  /** Whether elements may bring their timeout behind a comma, as those of {@code iptree} did. */
  boolean isTree;

  /** Null for types without one. */
  Family family;

  int hashSize = DEFAULT_HASH_SIZE;
  long maxElements = DEFAULT_MAX_ELEMENTS;

  /** Prefix length, or 0. */
  int netmask;

  boolean hasBitmask;

  /** What addresses are masked with: of {@code netmask} or {@code bitmask}. */
  long maskHi = -1;

  long maskLo = -1;
  int markmask = -1;
  int bucketSize = DEFAULT_BUCKET_SIZE;
  int initval;

  /** Seconds; 0 for ever. */
  long timeout = NO_TIMEOUT;

  boolean counters;
  boolean comments;
  boolean forceAdd;
  boolean skbinfo;

  /** The range of a bitmap: addresses or ports, both included. */
  long first;

  long last;
  long listSize = DEFAULT_LIST_SIZE;

  SetHeader(SetType type) {
    this.type = type;
  }

  boolean ipv6() {
    return family == Family.IPV6;
  }

  int addressBits() {
    return ipv6() ? 128 : 32;
  }

  boolean hasTimeout() {
    return timeout != NO_TIMEOUT;
  }

  /** What the kernel compares when {@code -exist} creates a set again. */
  boolean isSameAs(SetHeader other) {
    return type == other.type
        && maxElements == other.maxElements
        && timeout == other.timeout
        && maskHi == other.maskHi
        && maskLo == other.maskLo
        && markmask == other.markmask
        && counters == other.counters
        && comments == other.comments
        && skbinfo == other.skbinfo
        && first == other.first
        && last == other.last
        && netmask == other.netmask
        && listSize == other.listSize;
  }

  /**
   * As {@code ipset save} prints it behind the type, with a space before each word.
   *
   * @param hashSizeNow the size that the table has grown to
   * @param bucketSizeNow what buckets hold now
   */
  String text(int hashSizeNow, int bucketSizeNow) {
    StringBuilder out = new StringBuilder();
    if (type.isBitmap()) {
      out.append(" range ").append(bound(first)).append('-').append(bound(last));
      option(out, "netmask", netmask, 0);
    } else if (type.isList()) {
      out.append(" size ").append(listSize);
    } else {
      hash(out, hashSizeNow);
    }
    if (hasTimeout()) {
      out.append(" timeout ").append(timeout);
    }
    out.append(counters ? " counters" : "").append(comments ? " comment" : "");
    out.append(forceAdd ? " forceadd" : "").append(skbinfo ? " skbinfo" : "");
    if (type.isHash()) {
      out.append(" bucketsize ").append(bucketSizeNow);
      out.append(String.format(" initval 0x%08x", initval));
    }
    if (type.isHash() && type != SetType.HASH_IP) {
      masks(out);
    }
    return out.toString();
  }

  private void hash(StringBuilder out, int hashSizeNow) {
    if (family != null) {
      out.append(" family ").append(ipv6() ? "inet6" : "inet");
    }
    if (type == SetType.HASH_IP_MARK) {
      out.append(String.format(" markmask 0x%08x", markmask));
    }
    out.append(" hashsize ").append(hashSizeNow).append(" maxelem ").append(maxElements);
    if (type == SetType.HASH_IP) {
      masks(out);
    }
  }

  private void masks(StringBuilder out) {
    option(out, "netmask", netmask, 0);
    if (hasBitmask) {
      out.append(" bitmask ").append(AddressText.of(ipv6(), maskHi, maskLo));
    }
  }

  private static void option(StringBuilder out, String name, long value, long none) {
    if (value != none) {
      out.append(' ').append(name).append(' ').append(value);
    }
  }

  private String bound(long value) {
    return type == SetType.BITMAP_PORT ? Long.toString(value) : AddressText.ipv4((int) value);
  }
}
