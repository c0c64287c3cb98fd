package org.fwreplay.xt.match;

import java.util.Arrays;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/**
 * Counts the connections of each address: nf_conncount. The tuple of a connection is noted when its
 * first packet comes by; those whose connection is gone or closed are dropped when somebody looks,
 * once a jiffy at most. What the kernel leaves to a second processor or to a worker happens at
 * once.
 *
 * <p>A key whose connections are all gone stays, and packets of assured connections that it is
 * asked about are dropped then. The kernel forgets it when somebody looks for another key in the
 * same of its 256 trees; which keys share one hangs on a random number of its boot.
 */
final class ConnectionCounter {
  /** Stale tuples that one look drops at most ({@code CONNCOUNT_GC_MAX_COLLECT}). */
  private static final int MAX_COLLECT = 64;

  /** {@code TCP_CONNTRACK_TIME_WAIT}. */
  private static final int TIME_WAIT = 7;

  /** {@code TCP_CONNTRACK_CLOSE}. */
  private static final int CLOSE = 8;

  private static final int ADDED = 0;
  private static final int SKIPPED = 1;
  private static final int NO_TUPLE = 2;

  /** The connections of one key. */
  private static final class Group {
    private final long hi;
    private final long lo;
    private final int zone;
    private Tuple[] tuples = new Tuple[4];
    private int count;
    private long lastLook;
    private int countThen;
    private Group nextInBucket;

    Group(long hi, long lo, int zone, long now) {
      this.hi = hi;
      this.lo = lo;
      this.zone = zone;
      lastLook = now;
    }

    private void add(Tuple tuple) {
      if (count == tuples.length) {
        tuples = Arrays.copyOf(tuples, 2 * count);
      }
      // Tuples of those that went lie behind the last one, to be used again.
      Tuple place = tuples[count];
      if (place == null) {
        place = new Tuple();
        tuples[count] = place;
      }
      place.set(tuple);
      count++;
    }

    private void remove(int i) {
      Tuple gone = tuples[i];
      System.arraycopy(tuples, i + 1, tuples, i, count - 1 - i);
      tuples[--count] = gone;
    }
  }

  /** What {@link #identify} found. */
  private final Tuple own = new Tuple();

  private Connection connection;
  private boolean identified;

  private Group[] buckets = new Group[64];
  private int groups;

  /**
   * Notes the packet's connection and counts those of its key.
   *
   * @return 0 where the kernel drops the packet
   */
  int count(Packet packet, Conntrack conntrack, long hi, long lo, int zone) {
    long now = Jiffies.of(packet.timeNs);
    int bucket = bucket(hi, lo, zone);
    for (Group g = buckets[bucket]; g != null; g = g.nextInBucket) {
      if (g.lo == lo && g.hi == hi && g.zone == zone) {
        return countIn(g, packet, conntrack, now);
      }
    }
    identify(packet, conntrack, zone);
    if (!identified) {
      return 0;
    }
    Group group = new Group(hi, lo, zone, now);
    group.add(own);
    insert(group, conntrack);
    return 1;
  }

  private int countIn(Group group, Packet packet, Conntrack conntrack, long now) {
    boolean wasEmpty = group.count == 0;
    int result = add(group, packet, conntrack, now);
    if (result == NO_TUPLE) {
      return 0;
    }
    if (result == SKIPPED && !wasEmpty) {
      collect(group, conntrack, now);
    }
    return group.count;
  }

  /** Finds the packet's connection, or at least its tuple. */
  private void identify(Packet packet, Conntrack conntrack, int zone) {
    connection = Connection.of(packet);
    identified = true;
    if (connection != null && !connection.is(Connection.TEMPLATE)) {
      own.set(connection.original);
      return;
    }
    connection = null;
    identified = conntrack.tupleOf(packet, own);
    if (identified) {
      own.zone = zone;
      Tuple found = conntrack.find(own);
      connection = found == null ? null : found.connection();
    }
  }

  private int add(Group group, Packet packet, Conntrack conntrack, long now) {
    identify(packet, conntrack, group.zone);
    if (!identified) {
      return NO_TUPLE;
    }
    boolean confirmed = connection != null && connection.is(Connection.CONFIRMED);
    if (confirmed && connection.is(Connection.ASSURED)) {
      return SKIPPED;
    }
    if (confirmed || now != group.lastLook || group.count - group.countThen >= MAX_COLLECT) {
      if (sweep(group, conntrack, own)) {
        return ADDED;
      }
      group.lastLook = now;
      group.countThen = group.count;
    }
    group.add(own);
    return ADDED;
  }

  private static void collect(Group group, Conntrack conntrack, long now) {
    if (now != group.lastLook) {
      sweep(group, conntrack, null);
      group.lastLook = now;
      group.countThen = group.count;
    }
  }

  /** Drops what is stale; stops and answers true where it meets the tuple looked for. */
  private static boolean sweep(Group group, Conntrack conntrack, Tuple looked) {
    int dropped = 0;
    int i = 0;
    while (i < group.count && dropped <= MAX_COLLECT) {
      Tuple tuple = group.tuples[i];
      Tuple found = conntrack.find(tuple);
      if (found != null && looked != null && same(tuple, looked)) {
        return true;
      }
      if (found == null || isClosed(found.connection())) {
        group.remove(i);
        dropped++;
      } else {
        i++;
      }
    }
    return false;
  }

  private static boolean same(Tuple a, Tuple b) {
    return a.zone == b.zone && a.sameKey(b);
  }

  private static boolean isClosed(Connection c) {
    return c.original.protocol == Protocols.TCP
        && (c.tcp.state == TIME_WAIT || c.tcp.state == CLOSE);
  }

  private void insert(Group group, Conntrack conntrack) {
    if (groups == buckets.length) {
      rehash(conntrack);
    }
    int bucket = bucket(group.hi, group.lo, group.zone);
    group.nextInBucket = buckets[bucket];
    buckets[bucket] = group;
    groups++;
  }

  /** Drops the keys that have no connections any more; makes room if that did not help much. */
  private void rehash(Conntrack conntrack) {
    Group[] old = buckets;
    int kept = 0;
    for (Group first : old) {
      for (Group g = first; g != null; g = g.nextInBucket) {
        sweep(g, conntrack, null);
        kept += g.count == 0 ? 0 : 1;
      }
    }
    buckets = new Group[kept * 2 > old.length ? old.length * 2 : old.length];
    groups = kept;
    for (Group first : old) {
      Group next;
      for (Group g = first; g != null; g = next) {
        next = g.nextInBucket;
        if (g.count > 0) {
          int bucket = bucket(g.hi, g.lo, g.zone);
          g.nextInBucket = buckets[bucket];
          buckets[bucket] = g;
        }
      }
    }
  }

  private int bucket(long hi, long lo, int zone) {
    long hash = (hi * 0xc2b2ae3d27d4eb4fL + lo) * 0x9e3779b97f4a7c15L + zone;
    hash *= 0xd6e8feb86659fd93L;
    return (int) (hash >>> 40) & buckets.length - 1;
  }
}
