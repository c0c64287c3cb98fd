package org.fwreplay.conntrack;

import java.util.function.Consumer;

/**
 * Finds expired connections without looking at the others: a wheel of one-second slots. A
 * connection that was refreshed stays in its old slot and is moved on when the wheel comes by, so
 * that a refresh costs nothing.
 */
final class TimerWheel {
  private static final int SLOTS = 1024;
  private static final long SLOT_NS = 1_000_000_000L;

  private final Connection[] slots = new Connection[SLOTS];
  private final Consumer<Connection> expire;
  private long second = Long.MIN_VALUE;

  TimerWheel(Consumer<Connection> expire) {
    this.expire = expire;
  }

  void add(Connection ct) {
    link(ct, slot(ct.expiresNs));
  }

  private static int slot(long ns) {
    return (int) (Math.floorDiv(ns, SLOT_NS) & SLOTS - 1);
  }

  private void link(Connection ct, int slot) {
    ct.timerSlot = slot;
    ct.timerPrevious = null;
    ct.timerNext = slots[slot];
    if (ct.timerNext != null) {
      ct.timerNext.timerPrevious = ct;
    }
    slots[slot] = ct;
  }

  void remove(Connection ct) {
    if (ct.timerSlot < 0) {
      return;
    }
    if (ct.timerPrevious == null) {
      slots[ct.timerSlot] = ct.timerNext;
    } else {
      ct.timerPrevious.timerNext = ct.timerNext;
    }
    if (ct.timerNext != null) {
      ct.timerNext.timerPrevious = ct.timerPrevious;
    }
    ct.timerSlot = -1;
    ct.timerNext = null;
    ct.timerPrevious = null;
  }

  /** Expires what is due at {@code now}. */
  void advance(long now) {
    long target = Math.floorDiv(now, SLOT_NS);
    if (second == Long.MIN_VALUE) {
      second = target;
      return;
    }
    long steps = Math.min(target - second, SLOTS);
    for (long s = target - steps; s < target; s++) {
      sweep((int) (s & SLOTS - 1), now);
    }
    second = Math.max(second, target);
  }

  private void sweep(int slot, long now) {
    for (Connection ct = slots[slot]; ct != null; ) {
      Connection next = ct.timerNext;
      if (ct.expiresNs <= now) {
        expire.accept(ct);
        if (next != null && next.timerSlot != slot) {
          next = slots[slot]; // gone along with the one that expired
        }
      } else {
        int due = slot(ct.expiresNs);
        if (due != slot) {
          remove(ct);
          link(ct, due);
        }
      }
      ct = next;
    }
  }
}
