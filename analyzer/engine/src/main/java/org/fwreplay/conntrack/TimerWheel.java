package org.fwreplay.conntrack;

import java.util.function.Consumer;

/**
 * Finds expired connections without looking at the others: a wheel of one-second slots. A
 * connection whose time was prolonged stays where it is and is moved on when the wheel comes by, so
 * that a refresh costs nothing; one whose time was cut short is moved at once. One that is removed
 * stays, too, until the wheel comes by or it is used again: its neighbours need not be looked at.
 */
final class TimerWheel {
  private static final int SLOTS = 1024;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long NEVER = Long.MIN_VALUE;

  private final Connection[] slots = new Connection[SLOTS];
  private final Consumer<Connection> expire;

  /** The first second that was not swept yet, and when it is over. */
  private long second = NEVER;

  private long secondEndNs = NEVER;

  TimerWheel(Consumer<Connection> expire) {
    this.expire = expire;
  }

  /** Takes a connection in. */
  void add(Connection ct) {
    ct.timed = true;
    if (ct.timerNs == NEVER) {
      link(ct);
    } else if (ct.expiresNs < ct.timerNs) {
      unlink(ct);
      link(ct);
    }
  }

  /** The connection's time has changed. */
  void changed(Connection ct) {
    if (ct.expiresNs < ct.timerNs) {
      add(ct);
    }
  }

  private static long secondOf(long ns) {
    return Math.floorDiv(ns, SECOND_NS);
  }

  private void link(Connection ct) {
    long due = Math.max(secondOf(ct.expiresNs), second);
    ct.timerNs = due * SECOND_NS;
    int slot = slot(due);
    ct.timerPrevious = null;
    ct.timerNext = slots[slot];
    if (ct.timerNext != null) {
      ct.timerNext.timerPrevious = ct;
    }
    slots[slot] = ct;
  }

  private static int slot(long second) {
    return (int) second & SLOTS - 1;
  }

  /** Forgets a connection, if it is there. */
  void remove(Connection ct) {
    ct.timed = false;
  }

  private void unlink(Connection ct) {
    if (ct.timerPrevious == null) {
      slots[slot(secondOf(ct.timerNs))] = ct.timerNext;
    } else {
      ct.timerPrevious.timerNext = ct.timerNext;
    }
    if (ct.timerNext != null) {
      ct.timerNext.timerPrevious = ct.timerPrevious;
    }
    ct.timerNs = NEVER;
    ct.timerNext = null;
    ct.timerPrevious = null;
  }

  /** Expires what was due before the second that {@code now} is in. */
  void advance(long now) {
    if (now >= secondEndNs) {
      sweep(now);
    }
  }

  private void sweep(long now) {
    long target = secondOf(now);
    secondEndNs = (target + 1) * SECOND_NS;
    if (second == NEVER) {
      second = target;
      return;
    }
    long from = Math.max(second, target - SLOTS);
    second = target;
    for (long s = from; s < target; s++) {
      sweepSlot(slots[slot(s)], now);
    }
  }

  private void sweepSlot(Connection first, long now) {
    Connection next;
    for (Connection ct = first; ct != null; ct = next) {
      next = ct.timerNext;
      if (!ct.timed) {
        unlink(ct);
      } else if (ct.expiresNs <= now) {
        unlink(ct);
        expire.accept(ct);
      } else if (secondOf(ct.expiresNs) != secondOf(ct.timerNs)) {
        unlink(ct);
        link(ct);
      }
    }
  }
}
