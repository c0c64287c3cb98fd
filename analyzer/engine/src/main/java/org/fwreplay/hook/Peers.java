package org.fwreplay.hook;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What the host remembers of those to whom it sends ICMP: {@code struct inet_peer}. Errors,
 * redirects and the refusal to route draw on the same store.
 */
final class Peers {
  /**
   * As many are remembered; who was not looked at longest is forgotten first ({@code
   * inet_peer_threshold}).
   */
  static final int MOST = 65_664;

  /** A new one counts as one to whom nothing was sent for so long. */
  private static final long NEW_NS = 60_000_000_000L;

  private record Address(boolean six, long hi, long lo) {}

  /** One of them. */
  static final class Peer {
    /** When something was last sent or refused. */
    long lastNs;

    /** Time that was saved up until then. */
    long savedNs;

    /** How many redirects it was sent. */
    int redirects;

    /**
     * Spends time where enough of it was saved up: {@code inet_peer_xrlim_allow}.
     *
     * @param mostNs more than that cannot be saved up
     */
    boolean spend(long costNs, long mostNs, long nowNs) {
      savedNs = Math.min(savedNs + nowNs - lastNs, mostNs);
      lastNs = nowNs;
      boolean enough = savedNs >= costNs;
      if (enough) {
        savedNs -= costNs;
      }
      return enough;
    }
  }

  private final LongSupplier clock;
  private final Map<Address, Peer> peers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, Peer> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Nobody is known yet.
   *
   * @param clock the time in nanoseconds, which never goes back
   */
  Peers(LongSupplier clock) {
    this.clock = clock;
  }

  /** The time. */
  long nowNs() {
    return clock.getAsLong();
  }

  /** The one with that address, new where it is not remembered. */
  Peer of(boolean six, long hi, long lo) {
    return peers.computeIfAbsent(new Address(six, hi, lo), address -> fresh());
  }

  private Peer fresh() {
    Peer peer = new Peer();
    peer.lastNs = nowNs() - NEW_NS;
    return peer;
  }

  /** How many are remembered. */
  int size() {
    return peers.size();
  }
}
