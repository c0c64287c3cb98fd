package org.fwreplay.hook;

import java.util.HashMap;
import java.util.Map;

/** How often a sender is told of a better way ({@code ip_rt_send_redirect}). */
final class Redirects {
  /** As many are enough: who does not listen is not told more. */
  private static final int ENOUGH = 9;

  /** The least time between two, twice as long after each ({@code ip_rt_redirect_load}). */
  private static final long LOAD_NS = 20_000_000L;

  /** After as long a silence all begins anew ({@code ip_rt_redirect_silence}). */
  private static final long SILENCE_NS = LOAD_NS << ENOUGH + 1;

  /** A sender: {@code struct inet_peer}. */
  private static final class Peer {
    long lastNs;
    int told;
  }

  private final Map<Long, Peer> peers = new HashMap<>();

  /** Whether an IPv4 sender is to be told now; if so that counts. */
  boolean isDue(long source, long nowNs) {
    Peer peer = peers.computeIfAbsent(source, key -> new Peer());
    if (nowNs - peer.lastNs > SILENCE_NS) {
      peer.told = 0;
    }
    if (peer.told == ENOUGH) {
      peer.lastNs = nowNs;
      return false;
    }
    if (peer.told > 0 && nowNs - peer.lastNs <= LOAD_NS << peer.told) {
      return false;
    }
    peer.lastNs = nowNs;
    peer.told++;
    return true;
  }
}
