package org.fwreplay.packet;

/**
 * The datagrams that wait for more fragments, by key and in the order in which their time runs out.
 * The kernel keeps one such table for each family ({@code struct fqdir}) and counts memory for
 * each.
 */
final class FragmentTable {
  /** sizeof(struct ipq), sizeof(struct frag_queue), about. */
  private static final int QUEUE_SIZE = 208;

  private static final int BUCKETS = 4096;

  /** How many queues, with their buffers, are kept for reuse. */
  private static final int POOLED = 64;

  private final Defragmenter.Settings settings;
  private final FragmentQueue[] table = new FragmentQueue[BUCKETS];
  private final FragmentPeers peers = new FragmentPeers();
  private final FragmentQueue[] oldest = new FragmentQueue[2];
  private final FragmentQueue[] newest = new FragmentQueue[2];
  private final long[] memory = new long[2];
  private FragmentQueue pool;
  private int pooled;

  FragmentTable(Defragmenter.Settings settings) {
    this.settings = settings;
  }

  /** Bytes that incomplete datagrams of both families take up. */
  long memory() {
    return memory[0] + memory[1];
  }

  /** Counts a frame of {@code length} bytes that a queue has taken. */
  void charge(FragmentQueue q, int length) {
    long size = truesize(length);
    q.memory += size;
    memory[q.family()] += size;
  }

  /**
   * What a frame costs in the kernel: sk_buff (256), and from the next power of two the data with
   * its headroom (64) and skb_shared_info (320). Drivers differ.
   */
  private static long truesize(int length) {
    return 256 + (Integer.highestOneBit(length + 64 + 320 - 1) << 1);
  }

  /** The queue of a fragment, made where there is none; null where memory has run out. */
  FragmentQueue find(Packet p, int user, int id, int scope, long nowNs) {
    int family = p.ipv6 ? 1 : 0;
    if (memory[family] > (p.ipv6 ? settings.memory6() : settings.memory4())) {
      return null;
    }
    FragmentQueue q = existing(p, user, id, scope);
    if (q != null) {
      return q;
    }
    q = create(p, user, id, scope);
    int at = bucket(q.sourceHi, q.sourceLo, q.destinationHi, q.destinationLo, id);
    q.chained = table[at];
    table[at] = q;
    memory[family] += QUEUE_SIZE;
    schedule(q, nowNs);
    return q;
  }

  /** The queue of a fragment, or null. */
  FragmentQueue existing(Packet p, int user, int id, int scope) {
    int at = bucket(p.sourceHi(), p.sourceLo(), p.destinationHi(), p.destinationLo(), id);
    for (FragmentQueue q = table[at]; q != null; q = q.chained) {
      if (q.ipv6 == p.ipv6
          && q.id == id
          && q.user == user
          && q.scope == scope
          && q.sourceLo == p.sourceLo()
          && q.destinationLo == p.destinationLo()
          && q.sourceHi == p.sourceHi()
          && q.destinationHi == p.destinationHi()) {
        return q;
      }
    }
    return null;
  }

  /** The newest queue of a user that lacks just this fragment; null where there is none. */
  FragmentQueue lackingOnly(Packet p, int user, int start, int end, boolean more) {
    for (FragmentQueue q = newest[p.ipv6 ? 1 : 0]; q != null; q = q.older) {
      boolean sameId =
          p.ipv6
              || q.id == p.u16(p.network + Ipv4.ID) && q.scope == p.u8(p.network + Ipv4.PROTOCOL);
      if (sameId && q.user == user && q.lacksOnly(start, end, more)) {
        return q;
      }
    }
    return null;
  }

  private FragmentQueue create(Packet p, int user, int id, int scope) {
    FragmentQueue q = pool;
    if (q == null) {
      q = new FragmentQueue();
    } else {
      pool = q.chained;
      pooled--;
    }
    q.flush();
    q.ipv6 = p.ipv6;
    q.sourceHi = p.sourceHi();
    q.sourceLo = p.sourceLo();
    q.destinationHi = p.destinationHi();
    q.destinationLo = p.destinationLo();
    q.id = id;
    q.user = user;
    q.scope = scope;
    q.largest = 0;
    q.largestWithDf = 0;
    q.distance = 0;
    q.peer = p.ipv6 || settings.maxDistance() == 0 ? null : peers.acquire(q.sourceLo);
    return q;
  }

  private static int bucket(
      long sourceHi, long sourceLo, long destinationHi, long destinationLo, int id) {
    long h = (sourceHi ^ id) * 0x9e3779b97f4a7c15L + sourceLo;
    h = (h ^ h >>> 32) * 0x9e3779b97f4a7c15L + destinationHi;
    h = (h ^ h >>> 32) * 0x9e3779b97f4a7c15L + destinationLo;
    h = (h ^ h >>> 32) * 0x9e3779b97f4a7c15L;
    return (int) (h >>> 52) & BUCKETS - 1;
  }

  private void schedule(FragmentQueue q, long nowNs) {
    int family = q.family();
    q.deadlineNs = nowNs + (q.ipv6 ? settings.timeout6Ns() : settings.timeout4Ns());
    q.older = newest[family];
    q.newer = null;
    if (q.older == null) {
      oldest[family] = q;
    } else {
      q.older.newer = q;
    }
    newest[family] = q;
  }

  private void unlink(FragmentQueue q) {
    int family = q.family();
    if (q.older == null) {
      oldest[family] = q.newer;
    } else {
      q.older.newer = q.newer;
    }
    if (q.newer == null) {
      newest[family] = q.older;
    } else {
      q.newer.older = q.older;
    }
  }

  /** Takes a queue out of the table; later fragments of the same datagram start a new one. */
  void kill(FragmentQueue q) {
    int at = bucket(q.sourceHi, q.sourceLo, q.destinationHi, q.destinationLo, q.id);
    if (table[at] == q) {
      table[at] = q.chained;
    } else {
      FragmentQueue before = table[at];
      while (before.chained != q) {
        before = before.chained;
      }
      before.chained = q.chained;
    }
    unlink(q);
    memory[q.family()] -= QUEUE_SIZE + q.memory;
    if (q.peer != null) {
      peers.release(q.peer);
      q.peer = null;
    }
  }

  void recycle(FragmentQueue q) {
    q.flush();
    q.older = null;
    q.newer = null;
    q.chained = null;
    if (pooled < POOLED) {
      q.chained = pool;
      pool = q;
      pooled++;
    }
  }

  boolean isTooFar(FragmentQueue q) {
    if (q.peer == null) {
      return false;
    }
    int before = q.distance;
    q.distance = ++q.peer.fragments;
    return q.held > 0 && Integer.compareUnsigned(q.distance - before, settings.maxDistance()) > 0;
  }

  void restart(FragmentQueue q, long nowNs) {
    memory[q.family()] -= q.memory;
    q.flush();
    unlink(q);
    schedule(q, nowNs);
  }

  FragmentQueue nextExpiring() {
    FragmentQueue a = oldest[0];
    FragmentQueue b = oldest[1];
    return b == null || a != null && a.deadlineNs <= b.deadlineNs ? a : b;
  }
}
