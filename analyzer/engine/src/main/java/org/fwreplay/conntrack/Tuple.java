package org.fwreplay.conntrack;

/**
 * One direction of a connection: {@code struct nf_conntrack_tuple} with its zone.
 *
 * <p>Ports are host-order values. For ICMP {@link #sourcePort} is the id and {@link
 * #destinationPort} is {@code type << 8 | code}; for GRE they are the keys; for protocols without
 * ports both are 0.
 */
public final class Tuple {
  public boolean ipv6;
  public int protocol;
  public long sourceHi;
  public long sourceLo;
  public long destinationHi;
  public long destinationLo;
  public int sourcePort;
  public int destinationPort;
  public int zone;

  /** The connection whose direction this is; null for a tuple that is only a key. */
  final Connection connection;

  /** {@link Connection#ORIGINAL} or {@link Connection#REPLY}. */
  final int direction;

  /** A tuple that is only a key. */
  public Tuple() {
    this(null, 0);
  }

  Tuple(Connection connection, int direction) {
    this.connection = connection;
    this.direction = direction;
  }

  /** The connection whose direction this is. */
  public Connection connection() {
    return connection;
  }

  /** {@link Connection#ORIGINAL} or {@link Connection#REPLY}. */
  public int direction() {
    return direction;
  }

  /** Takes over the other's key, not its place in the table. */
  public void set(Tuple other) {
    ipv6 = other.ipv6;
    protocol = other.protocol;
    sourceHi = other.sourceHi;
    sourceLo = other.sourceLo;
    destinationHi = other.destinationHi;
    destinationLo = other.destinationLo;
    sourcePort = other.sourcePort;
    destinationPort = other.destinationPort;
    zone = other.zone;
  }

  /** Whether both have the same protocol, addresses and ports; the zone is left out. */
  public boolean sameKey(Tuple o) {
    return sourceLo == o.sourceLo
        && destinationLo == o.destinationLo
        && sourcePort == o.sourcePort
        && destinationPort == o.destinationPort
        && protocol == o.protocol
        && sourceHi == o.sourceHi
        && destinationHi == o.destinationHi
        && ipv6 == o.ipv6;
  }

  /** Whether both have the same source address and port and protocol. */
  public boolean sameSource(Tuple o) {
    return sourceLo == o.sourceLo
        && sourceHi == o.sourceHi
        && sourcePort == o.sourcePort
        && protocol == o.protocol
        && ipv6 == o.ipv6;
  }

  int computeHash(int seed) {
    long h = sourceLo * 0x9e3779b97f4a7c15L + sourceHi * 0xc2b2ae3d27d4eb4fL;
    h ^= h >>> 29;
    h += destinationLo * 0xbf58476d1ce4e5b9L + destinationHi * 0x94d049bb133111ebL;
    h ^= h >>> 32;
    h += ((long) sourcePort << 16 | destinationPort) * 0xd6e8feb86659fd93L + protocol + seed;
    h *= 0x9e3779b97f4a7c15L;
    return (int) (h >>> 32);
  }
}
