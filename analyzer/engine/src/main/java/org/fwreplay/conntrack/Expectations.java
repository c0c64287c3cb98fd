package org.fwreplay.conntrack;

import java.util.function.Consumer;

/** The connections that helpers wait for: nf_conntrack_expect. */
public final class Expectations {
  /** Answers of {@link #expect}. */
  public static final int EXPECTED = 0;

  /** Another expectation could be fulfilled by the same connection. */
  public static final int BUSY = -16;

  /** The table is full. */
  public static final int FULL = -24;

  /** The same is expected already by another connection, or in another class. */
  public static final int ALREADY = -114;

  /** Where {@link #expect} shall look at the expectations of all masters. */
  public static final int SKIP_MASTER = 1;

  private static final int BUCKETS = 1024;

  private final Conntrack conntrack;
  private final int max;
  private final Expectation[] buckets = new Expectation[BUCKETS];
  private int count;

  Expectations(Conntrack conntrack, int max) {
    this.conntrack = conntrack;
    this.max = max;
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  private static int bucket(Tuple t) {
    long h = t.destinationLo * 0x9e3779b97f4a7c15L + t.destinationHi * 0xc2b2ae3d27d4eb4fL;
    h = (h ^ h >>> 31) + t.destinationPort * 0xd6e8feb86659fd93L + t.protocol;
    h ^= h >>> 32;
    return (int) h & BUCKETS - 1;
  }

  private boolean isExpired(Expectation e) {
    return e.expiresNs <= conntrack.nowNs();
  }

  /** Waits for a connection: {@code nf_ct_expect_related}. */
  public int expect(Expectation e) {
    return expect(e, 0);
  }

  /**
   * Waits for a connection.
   *
   * @param flags 0 or {@link #SKIP_MASTER}
   */
  public int expect(Expectation e, int flags) {
    int result = check(e, flags);
    if (result == EXPECTED) {
      insert(e);
    }
    return result;
  }

  /** Waits for two connections, or for neither: {@code nf_ct_expect_related_pair}. */
  public int expectPair(Expectation first, Expectation second, int flags) {
    int result = check(first, flags);
    if (result != EXPECTED) {
      return result;
    }
    first.master.help.expecting[first.expectationClass]++;
    result = check(second, flags);
    first.master.help.expecting[first.expectationClass]--;
    if (result == EXPECTED) {
      insert(first);
      insert(second);
    }
    return result;
  }

  /** {@code __nf_ct_expect_check}. */
  private int check(Expectation e, int flags) {
    for (Expectation i = buckets[bucket(e.tuple)]; i != null; ) {
      Expectation next = i.bucketNext;
      if (isExpired(i)) {
        unlink(i, ExpectationEnd.EXPIRED);
      } else if ((i.master == e.master || (flags & SKIP_MASTER) != 0) && i.equals(e)) {
        if (i.expectationClass != e.expectationClass || i.master != e.master) {
          return ALREADY;
        }
        unlink(i, ExpectationEnd.REPLACED);
        break;
      } else if (i.clashes(e)) {
        return BUSY;
      }
      i = next;
    }
    ConnectionHelp help = e.master.help;
    int limit = help.helper.policy(e.expectationClass).max();
    if (limit != 0 && help.expecting[e.expectationClass] >= limit) {
      evictOldest(help, e.expectationClass, limit);
    }
    return count >= max ? FULL : EXPECTED;
  }

  private void evictOldest(ConnectionHelp help, int expectationClass, int limit) {
    Expectation oldest = null;
    for (Expectation i = help.expectations; i != null; ) {
      Expectation next = i.masterNext;
      if (isExpired(i)) {
        unlink(i, ExpectationEnd.EXPIRED);
      } else if (i.expectationClass == expectationClass) {
        oldest = i;
      }
      i = next;
    }
    if (oldest != null && help.expecting[expectationClass] >= limit) {
      unlink(oldest, ExpectationEnd.EVICTED);
    }
  }

  private void insert(Expectation e) {
    ConnectionHelp help = e.master.help;
    e.startNs = conntrack.nowNs();
    e.expiresNs = e.startNs + help.helper.policy(e.expectationClass).timeoutNs();
    e.masterNext = help.expectations;
    help.expectations = e;
    int at = bucket(e.tuple);
    e.bucketNext = buckets[at];
    buckets[at] = e;
    e.linked = true;
    help.expecting[e.expectationClass]++;
    e.master.hasChildren |= e.is(Expectation.OUTLIVES);
    count++;
    conntrack.listener().expected(e);
  }

  /** No longer waits for it: {@code nf_ct_unexpect_related}. */
  public void remove(Expectation e) {
    if (e.linked) {
      unlink(e, ExpectationEnd.CALLED_OFF);
    }
  }

  private void unlink(Expectation e, ExpectationEnd why) {
    int at = bucket(e.tuple);
    if (buckets[at] == e) {
      buckets[at] = e.bucketNext;
    } else {
      Expectation before = buckets[at];
      while (before.bucketNext != e) {
        before = before.bucketNext;
      }
      before.bucketNext = e.bucketNext;
    }
    ConnectionHelp help = e.master.help;
    if (help.expectations == e) {
      help.expectations = e.masterNext;
    } else {
      Expectation before = help.expectations;
      while (before.masterNext != e) {
        before = before.masterNext;
      }
      before.masterNext = e.masterNext;
    }
    e.linked = false;
    help.expecting[e.expectationClass]--;
    count--;
    conntrack.listener().expectationEnded(e, why);
  }

  /**
   * Forgets all that the connection expects: {@code nf_ct_remove_expectations}; but for what
   * outlives it, if it was ever confirmed.
   */
  public void removeOf(Connection master) {
    removeOf(master, ExpectationEnd.CALLED_OFF);
  }

  void removeOf(Connection master, ExpectationEnd why) {
    if (master.help == null) {
      return;
    }
    boolean confirmed = master.is(Connection.CONFIRMED);
    for (Expectation e = master.help.expectations; e != null; ) {
      Expectation next = e.masterNext;
      if (!confirmed || !e.is(Expectation.OUTLIVES)) {
        unlink(e, why);
      }
      e = next;
    }
  }

  /** The expectation that a connection with this tuple would fulfil, or null; it stays. */
  public Expectation find(Tuple t) {
    if (count == 0) {
      return null;
    }
    for (Expectation i = buckets[bucket(t)]; i != null; i = i.bucketNext) {
      if (!isExpired(i) && i.matches(t) && i.tuple.zone == t.zone) {
        return i;
      }
    }
    return null;
  }

  /**
   * The expectation that a new connection fulfils, or null: {@code nf_ct_find_expectation}. It is
   * no longer waited for, unless it is permanent.
   */
  Expectation take(Tuple t) {
    for (Expectation i = buckets[bucket(t)]; i != null; ) {
      Expectation next = i.bucketNext;
      if (isExpired(i)) {
        unlink(i, ExpectationEnd.EXPIRED);
      } else if (!i.is(Expectation.INACTIVE) && i.matches(t) && i.tuple.zone == t.zone) {
        boolean alive = i.master.is(Connection.CONFIRMED) && !i.master.is(Connection.DYING);
        if (!alive && !i.is(Expectation.OUTLIVES)) {
          return null;
        }
        if (!i.is(Expectation.PERMANENT)) {
          unlink(i, ExpectationEnd.USED);
        }
        return i;
      }
      i = next;
    }
    return null;
  }

  /** Calls with every expectation that has not expired. */
  public void forEach(Consumer<Expectation> consumer) {
    for (Expectation head : buckets) {
      for (Expectation e = head; e != null; e = e.bucketNext) {
        if (!isExpired(e)) {
          consumer.accept(e);
        }
      }
    }
  }
}
