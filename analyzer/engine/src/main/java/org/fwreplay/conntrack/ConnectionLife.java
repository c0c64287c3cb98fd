package org.fwreplay.conntrack;

import java.util.Arrays;
import java.util.function.Consumer;
import org.fwreplay.packet.Packet;

/**
 * The life of connections, from the packet that makes one over confirmation to the end by time, by
 * death or for want of room: what nf_conntrack_core does around the trackers.
 */
final class ConnectionLife {
  /** Buckets of the kernel's table that are looked through. */
  private static final int EVICTION_RANGE = 8;

  private final ConntrackTable table;
  private final int buckets;
  private final Expectations expectations;
  private final ConnectionPool pool = new ConnectionPool();
  private final TimerWheel wheel = new TimerWheel(this::remove);
  private ConntrackListener listener = new Silent();
  private long nowNs;
  private int count;

  /** Connections made for the frame at hand that are not confirmed (yet), and those that ended. */
  private Connection[] loose = new Connection[16];

  private int looseCount;

  /**
   * No connections yet.
   *
   * @param buckets that the kernel's table has
   */
  ConnectionLife(ConntrackTable table, int buckets, Expectations expectations) {
    this.table = table;
    this.buckets = buckets;
    this.expectations = expectations;
  }

  void listen(ConntrackListener each) {
    listener = each;
  }

  ConntrackListener listener() {
    return listener;
  }

  /** Moves the clock; entries whose time has come leave the table. */
  void advance(long ns) {
    nowNs = ns;
    wheel.advance(ns);
  }

  long nowNs() {
    return nowNs;
  }

  /** How many connections there are, unconfirmed ones included. */
  int count() {
    return count;
  }

  /** A connection that is not confirmed yet. */
  Connection begin(Tuple original, Tuple reply) {
    Connection ct = pool.take();
    count++;
    ct.original.set(original);
    ct.reply.set(reply);
    ct.begin();
    ct.startNs = nowNs;
    keepLoose(ct);
    return ct;
  }

  /** Makes room by the first connections near the hash that are not assured: {@code early_drop}. */
  boolean evict(Tuple original) {
    int width = Integer.highestOneBit(Math.max(1, table.slots() / buckets));
    int slot = table.hash(original, 0) & -width;
    for (int i = 0; i < EVICTION_RANGE; i++) {
      boolean evicted = false;
      for (int j = 0; j < width; j++) {
        evicted |= evictAt(slot + i * width + j);
      }
      if (evicted) {
        return true;
      }
    }
    return false;
  }

  private boolean evictAt(int slot) {
    boolean evicted = false;
    int kept = 0;
    for (Connection ct; (ct = table.inBucket(slot, kept)) != null; ) {
      if (ct.expiresNs > nowNs && ct.is(Connection.ASSURED) || !kill(ct)) {
        kept++;
      } else {
        evicted = true;
      }
    }
    return evicted;
  }

  /** An entry, or null where its time is over: then it leaves the table. */
  Tuple unexpired(Tuple found) {
    if (found != null && found.connection.expiresNs <= nowNs) {
      remove(found.connection);
      return null;
    }
    return found;
  }

  /** See {@link Conntrack#confirm}. */
  int confirm(Packet p) {
    Connection ct = Connection.of(p);
    if (ct == null || p.trackInfo == CtInfo.UNTRACKED) {
      return Conntrack.ACCEPT;
    }
    if (!ct.is(Connection.CONFIRMED) && insert(p, ct) != Conntrack.ACCEPT) {
      return Conntrack.DROP;
    }
    tell(Connection.of(p));
    return Conntrack.ACCEPT;
  }

  private int insert(Packet p, Connection ct) {
    if (CtInfo.direction(p.trackInfo) != Connection.ORIGINAL) {
      return Conntrack.ACCEPT;
    }
    if (ct.is(Connection.DYING)) {
      return Conntrack.DROP;
    }
    int original = ct.original.zone;
    int reply = ct.reply.zone;
    Tuple clash = table.find(ct.original, original, original, reply);
    if (clash == null) {
      clash = table.find(ct.reply, reply, original, reply);
    }
    if (clash != null) {
      return resolveClash(p, ct, clash.connection);
    }
    ct.expiresNs += nowNs;
    table.insert(ct);
    wheel.add(ct);
    ct.status |= Connection.CONFIRMED;
    ct.events |= ct.master == null ? CtEvent.NEW : CtEvent.RELATED;
    ct.events |= ct.help == null ? 0 : CtEvent.HELPER;
    return Conntrack.ACCEPT;
  }

  /**
   * {@code nf_ct_resolve_clash}: packets of protocols without connections of their own may go on
   * with the entry that was there first, unless that is translated in another way.
   */
  private int resolveClash(Packet p, Connection own, Connection other) {
    if (!own.mayClash() || other.isAny(Connection.NAT_DONE_MASK) && !isSame(own, other)) {
      return Conntrack.DROP;
    }
    int direction = CtInfo.direction(p.trackInfo);
    other.count(direction, own.packets(direction), own.bytes(direction));
    p.tracked = other;
    return Conntrack.ACCEPT;
  }

  private static boolean isSame(Connection a, Connection b) {
    return a.original.sameKey(b.original)
        && a.reply.sameKey(b.reply)
        && a.original.zone == b.original.zone
        && a.reply.zone == b.reply.zone;
  }

  /** Until the connection is confirmed its time does not run. */
  void setTimeout(Connection ct, long timeoutNs) {
    if (ct.is(Connection.CONFIRMED)) {
      ct.expiresNs = nowNs + timeoutNs;
      wheel.changed(ct);
    } else {
      ct.expiresNs = timeoutNs;
    }
  }

  /** Takes a connection out of the table: {@code nf_ct_kill}; false if it was dying already. */
  boolean kill(Connection ct) {
    if (ct.is(Connection.DYING)) {
      return false;
    }
    if (ct.is(Connection.CONFIRMED)) {
      remove(ct);
    } else {
      ct.status |= Connection.DYING;
    }
    return true;
  }

  private void remove(Connection ct) {
    if (ct.is(Connection.DYING)) {
      return;
    }
    ct.status |= Connection.DYING;
    if (ct.help != null) {
      ct.help.helper.destroyed(ct);
      expectations.removeOf(ct, ExpectationEnd.MASTER_GONE);
    }
    tellMaster(ct);
    table.remove(ct);
    wheel.remove(ct);
    table.removeBySource(ct);
    count--;
    ct.events = CtEvent.DESTROY;
    listener.destroyed(ct);
    keepLoose(ct);
  }

  private static void tellMaster(Connection ct) {
    if (ct.master != null && ct.master.help != null) {
      ct.master.help.helper.childDestroyed(ct.master, ct);
    }
  }

  /** {@code nf_ct_deliver_cached_events}. */
  private void tell(Connection ct) {
    if (ct.events == 0 || !ct.is(Connection.CONFIRMED) || ct.is(Connection.DYING)) {
      return;
    }
    if ((ct.events & (CtEvent.NEW | CtEvent.RELATED)) != 0) {
      listener.created(ct);
    } else {
      listener.updated(ct);
    }
    ct.events = 0;
  }

  private void keepLoose(Connection ct) {
    if (ct.loose) {
      return;
    }
    ct.loose = true;
    if (looseCount == loose.length) {
      loose = Arrays.copyOf(loose, looseCount * 2);
    }
    loose[looseCount++] = ct;
  }

  /** See {@link Conntrack#endFrame}. */
  void endFrame(boolean held) {
    for (int i = 0; i < looseCount; i++) {
      Connection ct = loose[i];
      loose[i] = null;
      ct.loose = false;
      if (!ct.is(Connection.CONFIRMED)) {
        expectations.removeOf(ct, ExpectationEnd.MASTER_GONE);
        tellMaster(ct);
        table.removeBySource(ct);
        count--;
      } else if (!ct.is(Connection.DYING)) {
        continue;
      }
      if (!held && !ct.hasChildren) {
        pool.give(ct);
      }
    }
    looseCount = 0;
  }

  /** Calls with every connection in the table that has not expired. */
  void forEach(Consumer<Connection> consumer) {
    table.forEach(
        ct -> {
          if (ct.expiresNs > nowNs) {
            consumer.accept(ct);
          }
        });
  }

  /** Likewise, also with those that have expired and were not seen to. */
  void forEachHeld(Consumer<Connection> consumer) {
    table.forEach(consumer);
  }

  private static final class Silent implements ConntrackListener {
    @Override
    public void created(Connection connection) {}

    @Override
    public void updated(Connection connection) {}

    @Override
    public void destroyed(Connection connection) {}
  }
}
