package org.fwreplay.conntrack;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tracked;

/** A tracked connection: {@code struct nf_conn}. Reused once it is gone from the table. */
public final class Connection extends ConnectionHead implements Tracked {
  public static final int ORIGINAL = 0;
  public static final int REPLY = 1;

  /** Bits of {@link #status}: {@code enum ip_conntrack_status}. */
  public static final int EXPECTED = 1;

  public static final int SEEN_REPLY = 1 << 1;
  public static final int ASSURED = 1 << 2;
  public static final int CONFIRMED = 1 << 3;
  public static final int SRC_NAT = 1 << 4;
  public static final int DST_NAT = 1 << 5;
  public static final int NAT_MASK = SRC_NAT | DST_NAT;
  public static final int SEQ_ADJUST = 1 << 6;
  public static final int SRC_NAT_DONE = 1 << 7;
  public static final int DST_NAT_DONE = 1 << 8;
  public static final int NAT_DONE_MASK = SRC_NAT_DONE | DST_NAT_DONE;
  public static final int DYING = 1 << 9;
  public static final int FIXED_TIMEOUT = 1 << 10;
  public static final int TEMPLATE = 1 << 11;
  public static final int HELPER = 1 << 13;

  /** {@code IPS_TRIGGER} of home routers' kernels: led inside by TRIGGER. */
  public static final int TRIGGERED = 1 << 30;

  /** SCTP's own state; only SCTP's connections are sure to have one. */
  SctpState sctp;

  /** Name of the helper assigned, or null; in a template the one to assign. */
  public String helper;

  /** The zone; in a template the one to give. */
  public int zone;

  private ConnectionExtension extension;

  /** Intrusive links: the by-source list of NAT. */
  Connection bySourceNext;

  Connection bySourcePrevious;

  /** What few connections have, to look at. */
  public ConnectionExtension extension() {
    return extension == null ? ConnectionExtension.NONE : extension;
  }

  /** What few connections have, to change: this one gets it if it has none. */
  public ConnectionExtension extend() {
    if (extension == null) {
      extension = new ConnectionExtension();
    }
    return extension;
  }

  /** Whether a helper of that name looks at it. Few have one: of the others no name is fetched. */
  public boolean hasHelper(String name) {
    return help != null && name.equals(helper);
  }

  /** Packets counted in a direction. */
  public long packets(int direction) {
    return extension().packets(direction);
  }

  /** Bytes counted in a direction, from the IP header on. */
  public long bytes(int direction) {
    return extension().bytes(direction);
  }

  /** Counts packets of a direction. */
  public void count(int direction, long packets, long bytes) {
    extend().count(direction, packets, bytes);
  }

  /** The tuple of a direction. */
  public Tuple tuple(int direction) {
    return direction == ORIGINAL ? original : reply;
  }

  /** Whether two packets that cross each other may share an entry ({@code allow_clash}). */
  public boolean mayClash() {
    return switch (original.protocol) {
      case Protocols.TCP, Protocols.SCTP, Protocols.ICMP, Protocols.ICMPV6 -> false;
      default -> true;
    };
  }

  /** The state's name as {@code conntrack -L} prints it, or null for protocols without states. */
  public String stateName() {
    return switch (original.protocol) {
      case Protocols.TCP -> TcpTracker.NAMES[tcp.state];
      case Protocols.SCTP -> SctpTracker.NAMES[sctp.state];
      default -> null;
    };
  }

  /** Whether TCP tracking has the connection in SYN_SENT: only then NAT may take a port over. */
  public boolean isSynSent() {
    return original.protocol == Protocols.TCP && tcp.state == TcpTracker.SYN_SENT;
  }

  /** Whether NAT may evict this entry for a new connection with a higher sequence number. */
  public boolean isReplaceableBy(Connection fresh) {
    return tcp.state >= TcpTracker.TIME_WAIT
        && !isAny(Connection.FIXED_TIMEOUT | Connection.DYING)
        && is(Connection.SRC_NAT)
        && tcp.seen[0].end - fresh.tcp.seen[0].end < 0;
  }

  /** The packet's connection, or null: none, or untracked. */
  public static Connection of(Packet packet) {
    return (Connection) packet.tracked;
  }

  /** Gets what its protocol needs besides; what it had of that before is forgotten. */
  void begin() {
    if (original.protocol == Protocols.TCP) {
      if (tcp == null) {
        tcp = new TcpState();
      }
      tcp.clear();
    } else if (original.protocol == Protocols.SCTP) {
      sctp = new SctpState();
    }
  }

  /** Makes a used object like a new one, but for what {@link #begin} does. */
  void clear() {
    status = 0;
    mark = 0;
    expiresNs = 0;
    startNs = 0;
    udpStreamNs = 0;
    master = null;
    helper = null;
    help = null;
    zone = 0;
    extension = null;
    events = 0;
    observed = null;
  }
}
