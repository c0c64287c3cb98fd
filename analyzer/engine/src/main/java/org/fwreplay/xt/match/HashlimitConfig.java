package org.fwreplay.xt.match;

import java.util.List;
import java.util.StringJoiner;
import org.fwreplay.packet.Family;

/**
 * What a table of {@code -m hashlimit} is made with: {@code struct hashlimit_cfg3}.
 *
 * @param mode bits of what is told apart, in the order of {@link #MODES}
 * @param bytes whether bytes are limited, not packets
 * @param rateMatch whether the rate is measured in intervals, not limited by credits
 * @param average time between packets in us, or the cost of 16 bytes; unsigned
 * @param burst packets that may come at once, or refills of bytes
 * @param size buckets; 0 for the kernel's choice
 * @param max most entries; 0 for the kernel's choice
 * @param gcInterval between two looks for idle entries, ms
 * @param expire after what time without packets an entry is idle, ms
 * @param interval of measuring, s
 * @param sourcePrefix length of the prefix of source addresses that counts
 * @param destinationPrefix length of the prefix of destination addresses that counts
 */
public record HashlimitConfig(
    int mode,
    boolean bytes,
    boolean rateMatch,
    long average,
    long burst,
    long size,
    long max,
    long gcInterval,
    long expire,
    long interval,
    int sourcePrefix,
    int destinationPrefix) {

  /** What can be told apart, in the order in which iptables-save lists it. */
  static final List<String> MODES = List.of("srcip", "srcport", "dstip", "dstport");

  static final int SOURCE = 1;
  static final int SOURCE_PORT = 1 << 1;
  static final int DESTINATION = 1 << 2;
  static final int DESTINATION_PORT = 1 << 3;

  /** The usual {@link #gcInterval}. */
  static final long GC_INTERVAL = 1000;

  /** Microseconds in a second: the unit of {@link #average}. */
  static final long SCALE = 1_000_000;

  private static final long MAX_32 = 0xffffffffL;

  /** The largest power of two of credits a jiffy with which a day's credits fit into 64 bits. */
  static final long CREDITS_PER_JIFFY =
      Long.highestOneBit(Long.divideUnsigned(-1L, Jiffies.HZ * 60L * 60 * 24));

  /** The same for bytes, and a second in 32 bits. */
  static final long BYTE_CREDITS_PER_JIFFY = Long.highestOneBit(MAX_32 / Jiffies.HZ);

  /** The most credits for bytes: those of a second. */
  static final long BYTE_CREDITS = BYTE_CREDITS_PER_JIFFY * Jiffies.HZ;

  /** Length of the prefix that is a whole address. */
  static int hostPrefix(Family family) {
    return family == Family.IPV6 ? 128 : 32;
  }

  /** Credits for a time in us: {@code user2credits} of revision 3, in 64 bits unsigned. */
  static long credits(long time) {
    return time * (Jiffies.HZ * CREDITS_PER_JIFFY / SCALE);
  }

  /** Credits for 16 bytes: {@code user2credits_byte}. */
  long byteCredits() {
    return (average & MAX_32) * BYTE_CREDITS >>> 32;
  }

  /** Why the kernel refuses this, or null. */
  String refusal() {
    if (gcInterval == 0 || expire == 0) {
      return "--hashlimit-htable-gcinterval and --hashlimit-htable-expire cannot be 0";
    }
    if (rateMatch) {
      boolean good = average != 0 && Long.compareUnsigned(average, MAX_32) <= 0;
      return good ? null : "that rate cannot be measured";
    }
    if (bytes) {
      return byteCredits() == 0 ? "the rate is too high" : null;
    }
    boolean overflow = Long.compareUnsigned(credits(average * burst), credits(average)) < 0;
    return overflow ? "the burst is too large for that rate" : null;
  }

  /** The mode as iptables-save writes it. */
  String modeText() {
    StringJoiner text = new StringJoiner(",");
    for (int i = 0; i < MODES.size(); i++) {
      if ((mode & 1 << i) != 0) {
        text.add(MODES.get(i));
      }
    }
    return text.toString();
  }
}
