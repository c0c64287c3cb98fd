package org.fwreplay.packet;

/**
 * How many fragments each IPv4 source has sent while any of its datagrams is incomplete: what is
 * left of the kernel's inet_peer for ipfrag_max_dist. Only differences matter, so a peer lives no
 * longer than its queues.
 */
final class FragmentPeers {
  static final class Peer {
    private long source;
    private Peer chained;
    private int queues;
    int fragments;
  }

  private final Peer[] table = new Peer[1024];

  Peer acquire(long source) {
    int at = bucket(source);
    Peer peer = table[at];
    while (peer != null && peer.source != source) {
      peer = peer.chained;
    }
    if (peer == null) {
      peer = new Peer();
      peer.source = source;
      peer.chained = table[at];
      table[at] = peer;
    }
    peer.queues++;
    return peer;
  }

  void release(Peer peer) {
    if (--peer.queues > 0) {
      return;
    }
    int at = bucket(peer.source);
    if (table[at] == peer) {
      table[at] = peer.chained;
      return;
    }
    Peer before = table[at];
    while (before.chained != peer) {
      before = before.chained;
    }
    before.chained = peer.chained;
  }

  private int bucket(long source) {
    return (int) (source * 0x9e3779b97f4a7c15L >>> 54);
  }
}
