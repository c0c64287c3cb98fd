package org.fwreplay.xt.match;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.Evaluation;

/**
 * A table of {@code -m hashlimit}: for each address, port or both what it may still send. Shared by
 * all rules of a family that name it; made as the first of them says. Entries are reused.
 *
 * <p>Idle entries go when the kernel looks for them, every {@code gcInterval}; here counted from
 * the first packet, as a capture does not tell when the rules were loaded.
 */
final class HashlimitTable {
  /** The kernel's choice with 1 GiB of memory or more. */
  private static final int USUAL_SIZE = 8192;

  private static final int MS_PER_JIFFY = 1000 / Jiffies.HZ;

  private final HashlimitConfig config;
  private final boolean ipv6;
  private final Entry[] buckets;
  private final long max;
  private final long expire;
  private final long gcInterval;
  private final long sourceMaskHi;
  private final long sourceMaskLo;
  private final long destinationMaskHi;
  private final long destinationMaskLo;
  private int count;
  private Entry free;
  private long nextGc;
  private boolean started;

  /** The key of the packet at hand. */
  private final Entry key;

  HashlimitTable(HashlimitConfig config, boolean ipv6) {
    this.config = config;
    this.ipv6 = ipv6;
    int size = config.size() == 0 ? USUAL_SIZE : (int) config.size();
    buckets = new Entry[size];
    max = config.max() == 0 ? 8L * size : Math.max(size, config.max());
    expire = jiffies(config.expire());
    gcInterval = jiffies(config.gcInterval());
    boolean source = (config.mode() & HashlimitConfig.SOURCE) != 0;
    boolean destination = (config.mode() & HashlimitConfig.DESTINATION) != 0;
    sourceMaskHi = source ? maskHi(config.sourcePrefix()) : 0;
    sourceMaskLo = source ? maskLo(config.sourcePrefix()) : 0;
    destinationMaskHi = destination ? maskHi(config.destinationPrefix()) : 0;
    destinationMaskLo = destination ? maskLo(config.destinationPrefix()) : 0;
    key = new Entry();
  }

  private static long jiffies(long ms) {
    return (ms + MS_PER_JIFFY - 1) / MS_PER_JIFFY;
  }

  private long maskHi(int length) {
    return !ipv6 || length == 0 ? 0 : -1L << Math.max(0, 64 - length);
  }

  private long maskLo(int length) {
    if (!ipv6) {
      return 0xffffffffL << 32 - length & 0xffffffffL;
    }
    return length <= 64 ? 0 : -1L << 128 - length;
  }

  /** What is known of one address, port or both. */
  final class Entry {
    private long sourceHi;
    private long sourceLo;
    private long destinationHi;
    private long destinationLo;
    private int ports;
    private Entry next;
    private long expires;
    private long previous;
    private long credit;
    private long capacity;
    private long cost;
    private boolean windowExceeded;
    private long rate;
    private long limit;
    private long current;

    private int bucket() {
      long hash = (sourceHi * 31 + sourceLo) * 0x9e3779b97f4a7c15L;
      hash = (hash ^ hash >>> 31) + (destinationHi * 31 + destinationLo) * 0xbf58476d1ce4e5b9L;
      hash = ((hash ^ hash >>> 29) + ports) * 0x94d049bb133111ebL;
      return (int) ((hash >>> 32) * buckets.length >>> 32);
    }

    private boolean sameKey(Entry o) {
      return sourceLo == o.sourceLo
          && destinationLo == o.destinationLo
          && ports == o.ports
          && sourceHi == o.sourceHi
          && destinationHi == o.destinationHi;
    }

    private void start(Entry o, long now) {
      sourceHi = o.sourceHi;
      sourceLo = o.sourceLo;
      destinationHi = o.destinationHi;
      destinationLo = o.destinationLo;
      ports = o.ports;
      previous = now;
      if (config.rateMatch()) {
        windowExceeded = false;
        current = 0;
        rate = config.bytes() ? byteRate() : HashlimitConfig.SCALE / config.average();
        limit = config.bytes() ? rate * Math.max(1, config.burst()) : config.burst() + rate;
      } else if (config.bytes()) {
        credit = HashlimitConfig.BYTE_CREDITS;
        cost = config.byteCredits();
        capacity = config.burst();
      } else {
        credit = HashlimitConfig.credits(config.average() * config.burst());
        cost = HashlimitConfig.credits(config.average());
        capacity = credit;
      }
    }

    private long byteRate() {
      return HashlimitRate.bytes(config.average());
    }

    /** {@code rateinfo_recalc}. */
    private void advance(long now) {
      long passed = now - previous;
      if (passed < 0) {
        // Where the capture's clock jumps back, time counts on from there.
        previous = now;
        return;
      }
      if (config.rateMatch()) {
        long interval = config.interval() * Jiffies.HZ;
        if (passed >= interval && passed > 0) {
          previous = now;
          windowExceeded = Long.compareUnsigned(current * interval, passed * rate) > 0;
          current = 0;
        }
        return;
      }
      previous = now;
      if (passed > 0) {
        earn(passed);
      }
    }

    private void earn(long passed) {
      long most = config.bytes() ? HashlimitConfig.BYTE_CREDITS : capacity;
      if (config.bytes()) {
        credit += HashlimitConfig.BYTE_CREDITS_PER_JIFFY * passed;
      } else {
        credit += HashlimitConfig.CREDITS_PER_JIFFY * passed;
      }
      if (Long.compareUnsigned(credit, most) > 0) {
        credit = most;
      }
    }

    /**
     * Whether there is credit enough for the packet, which is then taken away.
     *
     * @param length bytes to be paid for; -1 where packets are limited
     */
    boolean pay(int length) {
      long price = length < 0 ? cost : bytePrice(length);
      if (Long.compareUnsigned(credit, price) < 0) {
        return false;
      }
      credit -= price;
      return true;
    }

    /** {@code hashlimit_byte_cost}. */
    private long bytePrice(int length) {
      long price = ((length >> 4) + 1) * cost;
      if (Long.compareUnsigned(price, HashlimitConfig.BYTE_CREDITS) > 0) {
        price = HashlimitConfig.BYTE_CREDITS;
      }
      if (Long.compareUnsigned(credit, price) < 0 && capacity != 0) {
        capacity--;
        credit = HashlimitConfig.BYTE_CREDITS;
      }
      return price & 0xffffffffL;
    }

    /** Counts packets or bytes of the interval; whether the rate was and is within the limit. */
    boolean count(int units) {
      current += units;
      return !windowExceeded && Long.compareUnsigned(current, limit) <= 0;
    }
  }

  /**
   * The entry for a packet, brought up to its time; null where the packet's ports cannot be read or
   * the table is full: it is to be dropped.
   */
  Entry entry(Packet packet, Evaluation evaluation) {
    if (!readKey(packet, evaluation)) {
      return null;
    }
    long now = Jiffies.of(packet.timeNs);
    collect(now);
    int bucket = key.bucket();
    Entry entry = buckets[bucket];
    while (entry != null && !entry.sameKey(key)) {
      entry = entry.next;
    }
    if (entry != null) {
      entry.advance(now);
    } else {
      if (count >= max) {
        return null;
      }
      entry = add(bucket, now);
    }
    entry.expires = now + expire;
    return entry;
  }

  private Entry add(int bucket, long now) {
    Entry entry = free;
    if (entry == null) {
      entry = new Entry();
    } else {
      free = entry.next;
    }
    entry.start(key, now);
    entry.next = buckets[bucket];
    buckets[bucket] = entry;
    count++;
    return entry;
  }

  /** {@code hashlimit_init_dst}. */
  private boolean readKey(Packet packet, Evaluation evaluation) {
    key.sourceHi = packet.sourceHi() & sourceMaskHi;
    key.sourceLo = packet.sourceLo() & sourceMaskLo;
    key.destinationHi = packet.destinationHi() & destinationMaskHi;
    key.destinationLo = packet.destinationLo() & destinationMaskLo;
    key.ports = 0;
    int both = HashlimitConfig.SOURCE_PORT | HashlimitConfig.DESTINATION_PORT;
    if ((config.mode() & both) == 0) {
      return true;
    }
    int protocol = packet.protocol;
    int at = evaluation.transport;
    if (ipv6) {
      int found = Ipv6Headers.skip(packet);
      if (found < 0) {
        return false;
      }
      protocol = found & 0xff;
      at = packet.network + (found >> 8);
    }
    int offset = portsOffset(protocol);
    if (offset < 0) {
      return true;
    }
    if (!packet.has(at + offset, 4)) {
      return false;
    }
    int ports = (int) packet.u32(at + offset);
    boolean source = (config.mode() & HashlimitConfig.SOURCE_PORT) != 0;
    boolean destination = (config.mode() & HashlimitConfig.DESTINATION_PORT) != 0;
    key.ports = ports & (source ? -1 : 0xffff) & (destination ? -1 : 0xffff0000);
    return true;
  }

  /** Where a protocol has its ports, or an SPI that stands for them; -1 for none. */
  private static int portsOffset(int protocol) {
    return switch (protocol) {
      case Protocols.TCP,
          Protocols.UDP,
          Protocols.DCCP,
          Protocols.ESP,
          Protocols.SCTP,
          Protocols.UDPLITE ->
          0;
      case Protocols.AH -> 4;
      default -> -1;
    };
  }

  private void collect(long now) {
    if (!started) {
      started = true;
      nextGc = now + gcInterval;
    }
    if (now < nextGc) {
      return;
    }
    long last = now - (now - nextGc) % gcInterval;
    nextGc = last + gcInterval;
    for (int i = 0; count > 0 && i < buckets.length; i++) {
      Entry before = null;
      Entry entry = buckets[i];
      while (entry != null) {
        Entry next = entry.next;
        if (entry.expires > last) {
          before = entry;
        } else {
          unlink(i, before, entry);
        }
        entry = next;
      }
    }
  }

  private void unlink(int bucket, Entry before, Entry entry) {
    if (before == null) {
      buckets[bucket] = entry.next;
    } else {
      before.next = entry.next;
    }
    entry.next = free;
    free = entry;
    count--;
  }
}
