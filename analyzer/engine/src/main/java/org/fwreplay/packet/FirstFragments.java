package org.fwreplay.packet;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of a datagram by its first fragment, for the later ones, which have no ports. Only
 * the newest datagrams are kept.
 *
 * @param <V> what is known
 */
public final class FirstFragments<V> {
  private static final int MOST = 4096;

  /**
   * Addresses and identification (RFC 791 section 3.2, RFC 8200 section 4.5). IPv4's protocol is
   * left out: nobody counts identifications for each.
   */
  private record Datagram(
      long sourceHi, long sourceLo, long destinationHi, long destinationLo, long id) {

    static Datagram of(Packet p) {
      long id = p.ipv6 ? p.u32(p.transport - 4) : p.u16(p.network + 4);
      return new Datagram(p.sourceHi(), p.sourceLo(), p.destinationHi(), p.destinationLo(), id);
    }
  }

  private final Map<Datagram, V> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Datagram, V> eldest) {
          return size() > MOST;
        }
      };

  /** Keeps what is known by a fragment whose headers have been read. */
  public void put(Packet fragment, V what) {
    known.put(Datagram.of(fragment), what);
  }

  /** What is known of a fragment's datagram, or null. */
  public V get(Packet fragment) {
    return known.get(Datagram.of(fragment));
  }
}
