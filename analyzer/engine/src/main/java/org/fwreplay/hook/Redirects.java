package org.fwreplay.hook;

import org.fwreplay.hook.Peers.Peer;

/** How often a sender is told of a better way ({@code ip_rt_send_redirect}). */
final class Redirects {
  /** As many are enough: who does not listen is not told more. */
  private static final int ENOUGH = 9;

  /** The least time between two, twice as long after each ({@code ip_rt_redirect_load}). */
  private static final long LOAD_NS = 20_000_000L;

  /** After as long a silence all begins anew ({@code ip_rt_redirect_silence}). */
  private static final long SILENCE_NS = LOAD_NS << ENOUGH + 1;

  private final Peers peers;

  Redirects(Peers peers) {
    this.peers = peers;
  }

  /** Whether an IPv4 sender is to be told now. */
  boolean isDue(long source) {
    Peer peer = peers.of(false, 0, source);
    long silentNs = peers.nowNs() - peer.lastNs;
    if (silentNs > SILENCE_NS) {
      peer.savedNs = 0;
      peer.redirects = 0;
    }
    if (peer.redirects >= ENOUGH) {
      peer.lastNs = peers.nowNs();
      return false;
    }
    return peer.redirects == 0 || silentNs > LOAD_NS << peer.redirects;
  }

  /** It was told. Of the time until now nothing is left for errors. */
  void told(long source) {
    Peer peer = peers.of(false, 0, source);
    peer.lastNs = peers.nowNs();
    peer.redirects++;
  }
}
