package org.fwreplay.xt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/**
 * Who owned which socket of the host: what {@code -m owner} asks and no capture tells. A list says
 * it, see {@link SocketOwnersParser}.
 */
public final class SocketOwners {
  /** The key under which a run shares them. */
  public static final String SHARED = "socket owners";

  /** No list: nothing is known. */
  public static final SocketOwners NONE = new SocketOwners(List.of());

  /** An id or address that the list does not say. */
  static final int UNKNOWN = -1;

  /**
   * The program at a socket.
   *
   * @param user its user id, negative where it is not known
   * @param group its group id, negative where it is not known
   * @param groups its other groups; null where they are not known
   */
  public record Owner(long user, long group, List<Long> groups) {}

  /** An address and port; null and 0 for any. */
  record End(AddressText.Address address, int port) {}

  /**
   * A socket of the list.
   *
   * @param ipv6 whether it is for IPv6 only; null for both families
   */
  record Socket(int protocol, Boolean ipv6, End local, End peer, Owner owner) {
    private int precision() {
      return (peer.address != null ? 2 : 0) + (local.address != null ? 1 : 0);
    }

    private boolean fits(Tuple way) {
      return (ipv6 == null || ipv6 == way.ipv6)
          && fits(local.address, way.sourceHi, way.sourceLo)
          && fits(peer.address, way.destinationHi, way.destinationLo);
    }

    private static boolean fits(AddressText.Address address, long hi, long lo) {
      return address == null || address.hi() == hi && address.lo() == lo;
    }
  }

  /** What {@link #key} gives, ascending, and the sockets of each, the most exact first. */
  private final long[] keys;

  private final Socket[][] sockets;
  private final Tuple scratch = new Tuple();

  SocketOwners(List<Socket> all) {
    Map<Long, List<Socket>> byKey = new TreeMap<>();
    for (Socket socket : all) {
      long key = key(socket.protocol, socket.local.port, socket.peer.port);
      byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(socket);
    }
    keys = byKey.keySet().stream().mapToLong(Long::longValue).toArray();
    sockets = new Socket[keys.length][];
    int at = 0;
    for (List<Socket> same : byKey.values()) {
      same.sort(Comparator.comparingInt(Socket::precision).reversed());
      sockets[at++] = same.toArray(Socket[]::new);
    }
  }

  private static long key(int protocol, int localPort, int peerPort) {
    return (long) protocol << 32 | (long) localPort << 16 | peerPort;
  }

  /**
   * The owner of the socket that sent a packet of this host, as the list says; null where it names
   * no such socket. The sender's own view counts: addresses and ports before any NAT.
   */
  public Owner owner(Packet packet) {
    if (keys.length == 0) {
      return null;
    }
    Tuple way = way(packet);
    boolean ports = hasPorts(way.protocol);
    int from = ports ? way.sourcePort : 0;
    int to = ports ? way.destinationPort : 0;
    Socket found = find(key(way.protocol, from, to), way);
    found = found == null ? find(key(way.protocol, from, 0), way) : found;
    return found == null ? null : found.owner;
  }

  /** An ICMP error about a connection is not of the connection's own protocol. */
  private Tuple way(Packet packet) {
    if (packet.tracked instanceof Connection connection
        && connection.original.protocol == packet.protocol
        && !connection.is(Connection.TEMPLATE)) {
      boolean original = CtInfo.direction(packet.trackInfo) == Connection.ORIGINAL;
      return original ? connection.original : connection.reply;
    }
    read(packet, scratch);
    return scratch;
  }

  private static boolean hasPorts(int protocol) {
    return switch (protocol) {
      case Protocols.TCP, Protocols.UDP, Protocols.UDPLITE, Protocols.SCTP, Protocols.DCCP -> true;
      default -> false;
    };
  }

  private static void read(Packet p, Tuple into) {
    into.ipv6 = p.ipv6;
    into.protocol = p.protocol;
    into.sourceHi = p.sourceHi();
    into.sourceLo = p.sourceLo();
    into.destinationHi = p.destinationHi();
    into.destinationLo = p.destinationLo();
    boolean whole = p.fragmentOffset == 0 && p.transport + 4 <= p.end;
    into.sourcePort = whole ? p.u16(p.transport) : 0;
    into.destinationPort = whole ? p.u16(p.transport + 2) : 0;
  }

  private Socket find(long key, Tuple way) {
    int at = Arrays.binarySearch(keys, key);
    if (at >= 0) {
      for (Socket socket : sockets[at]) {
        if (socket.fits(way)) {
          return socket;
        }
      }
    }
    return null;
  }
}
