package org.fwreplay.xt.match;

/** The kernel's clock ticks, in which matches that know time do their arithmetic. */
final class Jiffies {
  /** Ticks a second ({@code CONFIG_HZ}, 250 in most distributions). */
  static final int HZ = 250;

  private static final long NS = 1_000_000_000L / HZ;

  private Jiffies() {}

  /** The tick at a time in ns. */
  static long of(long ns) {
    return Math.floorDiv(ns, NS);
  }
}
