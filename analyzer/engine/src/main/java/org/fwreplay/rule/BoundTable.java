package org.fwreplay.rule;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.function.IntFunction;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;
import org.fwreplay.xt.Verdict;

/**
 * A table in a run. All chains lie in one array as in the kernel: each chain's rules and then its
 * end, which is the policy of a built-in chain and a RETURN for a user's.
 */
public final class BoundTable {
  private final String name;
  private final boolean ipv6;
  private final Entry[] entries;
  private final int[] first;
  private final int[] policy;
  private final int[] stack;
  private final PlaceCounters counters;

  /** By entry: the index of the chain that it stands in, or null; all null where there is none. */
  private final ChainIndex[] indexes;

  /** By entry: the first entry of its chain. */
  private final int[] starts;

  private final boolean indexed;
  private long walk;
  private final BitSet undecided = new BitSet();
  private final IntFunction<LogRequest> traces;
  private Trail trail = new Trail();
  private WalkObserver observer;
  private int lastDecision = -1;

  /**
   * A table.
   *
   * @param first index of the first entry by hook, -1 where the table has no such chain
   * @param policy index of the policy's entry by hook
   * @param depth of jumps that can be open at once
   * @param indexes by entry the index of its chain, or null
   * @param starts by entry the first entry of its chain
   * @param counters by place, shared with other tables
   * @param traces what is logged of a packet traced, by place
   */
  BoundTable(
      String name,
      boolean ipv6,
      Entry[] entries,
      int[] first,
      int[] policy,
      int depth,
      ChainIndex[] indexes,
      int[] starts,
      PlaceCounters counters,
      IntFunction<LogRequest> traces) {
    this.name = name;
    this.ipv6 = ipv6;
    this.entries = entries;
    this.first = first;
    this.policy = policy;
    stack = new int[2 * depth];
    this.indexes = indexes;
    this.starts = starts;
    indexed = Arrays.stream(indexes).anyMatch(Objects::nonNull);
    this.counters = counters;
    this.traces = traces;
  }

  /** The table's name. */
  public String name() {
    return name;
  }

  /** Whether the table has a chain on the hook. */
  public boolean has(Hook hook) {
    return first[hook.ordinal()] >= 0;
  }

  /** Whether the chain on the hook has rules. */
  public boolean hasRules(Hook hook) {
    return first[hook.ordinal()] != policy[hook.ordinal()];
  }

  /** Has what packets meet kept while that is open. */
  void keep(Trail each) {
    trail = each;
  }

  /** Has every step of every walk told from now on, which walks rule by rule; null for nobody. */
  void observe(WalkObserver each) {
    observer = each;
  }

  /** Whether the rule at a place could not be decided for some packet. */
  boolean isUndecided(int place) {
    return undecided.get(place);
  }

  /** What is logged of a packet traced that hits a place. */
  public LogRequest trace(int place) {
    return traces.apply(place);
  }

  /** The place ({@link BoundRuleset#isRule}) whose verdict the last walk ended with. */
  public int lastDecision() {
    return lastDecision;
  }

  /**
   * Walks a packet through the hook's chain: {@code ipt_do_table} and {@code ip6t_do_table}. The
   * evaluation's {@code in} and {@code out} are the caller's; the rest is set here.
   *
   * @return {@link Verdict#ACCEPT}, {@link Verdict#DROP}, {@link Verdict#QUEUE} or what a target
   *     answered
   */
  public int run(Hook hook, Packet p, Evaluation e) {
    e.table = name;
    e.hook = hook;
    e.hotDrop = false;
    e.fragmentOffset = ipv6 ? 0 : p.fragmentOffset;
    e.transport = p.transport;
    int source = 0;
    int destination = 0;
    if (!ipv6) {
      source = Bytes.i32(p.buffer, p.network + Ipv4.SOURCE);
      destination = Bytes.i32(p.buffer, p.network + Ipv4.DESTINATION);
    }
    WalkObserver watching = observer;
    boolean indexed = this.indexed && watching == null;
    boolean search = indexed && ChainIndex.serves(p);
    walk++;
    if (watching != null) {
      watching.enters(this, p, e);
    }
    // A copy that TEE sends goes through while the packet itself is in here.
    int bottom = e.nested ? stack.length / 2 : 0;
    int depth = bottom;
    int at = first[hook.ordinal()];
    Entry entry;
    do {
      if (search && indexes[at] != null) {
        at = starts[at] + indexes[at].next(at - starts[at], p, e, walk);
      }
      entry = entries[at];
      if (ipv6) {
        e.transport = p.network;
        if (!entry.matches6(p, e)) {
          missed(watching, entry, p, e);
          at++;
          continue;
        }
      } else if (!entry.matches4(source, destination, p.protocol, e)) {
        missed(watching, entry, p, e);
        at++;
        continue;
      }
      if (entry.matches.length > 0 && !allMatch(entry, p, e)) {
        at++;
        continue;
      }
      count(entry.place, p.length());
      if (watching != null) {
        watching.hit(entry.place, p, e);
      }
      if (p.traced) {
        e.services.log(p, e, traces.apply(entry.place));
      }
      switch (entry.kind) {
        case Entry.NEXT -> at++;
        case Entry.VERDICT -> {
          return decide(entry, entry.value, p, e);
        }
        case Entry.RETURN -> at = depth == bottom ? policy[hook.ordinal()] : stack[--depth] + 1;
        case Entry.JUMP -> {
          stack[depth++] = at;
          at = entry.value;
        }
        case Entry.GOTO -> at = entry.value;
        default -> {
          int verdict = act(entry, p, e);
          if (verdict != Verdict.CONTINUE) {
            return decide(entry, verdict, p, e);
          }
          at++;
          walk++;
          search = indexed && ChainIndex.serves(p);
          if (!ipv6) {
            // The target may have changed the header, or moved the packet into another buffer.
            e.transport = p.transport;
            source = Bytes.i32(p.buffer, p.network + Ipv4.SOURCE);
            destination = Bytes.i32(p.buffer, p.network + Ipv4.DESTINATION);
          }
        }
      }
    } while (!e.hotDrop);
    return decide(entry, Verdict.DROP, p, e);
  }

  private int decide(Entry entry, int verdict, Packet p, Evaluation e) {
    lastDecision = entry.place;
    int decided = e.hotDrop ? Verdict.DROP : verdict;
    if (observer != null) {
      observer.decided(entry.place, decided, p, e);
    }
    return decided;
  }

  private static void missed(WalkObserver watching, Entry entry, Packet p, Evaluation e) {
    if (watching != null) {
      watching.missed(entry.place, entry.headerMiss(p, e), p, e);
    }
  }

  private int act(Entry entry, Packet p, Evaluation e) {
    trail.close();
    e.isUndecided = false;
    int verdict = entry.action.apply(p, e);
    if (e.isUndecided) {
      undecided.set(entry.place);
    }
    return verdict;
  }

  private boolean allMatch(Entry entry, Packet p, Evaluation e) {
    e.isUndecided = false;
    boolean all = true;
    int i = 0;
    while (all && i < entry.matches.length) {
      all = entry.matches[i++].matches(p, e);
    }
    if (trail.isOpen()) {
      asked(entry, i);
    }
    if (e.isUndecided) {
      undecided.set(entry.place);
      trail.close();
    }
    if (!all && observer != null) {
      observer.missed(entry.place, WalkObserver.MATCHES + i - 1, p, e);
    }
    return all;
  }

  private void asked(Entry entry, int matches) {
    for (int i = 0; i < matches; i++) {
      trail.asked(entry.validities[i]);
    }
  }

  private void count(int place, int length) {
    counters.hit(place, length);
    if (trail.isOpen()) {
      trail.hit(place);
    }
  }
}
