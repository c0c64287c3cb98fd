package org.fwreplay.ipset;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/**
 * A packet that a set is asked about, or that is added or deleted: {@code struct ip_set_adt_opt}.
 * One object serves a rule's whole run.
 */
public final class SetQuery {
  /** {@code ! --update-counters}. */
  public static final int SKIP_COUNTERS = 1;

  /** {@code ! --update-subcounters}. */
  public static final int SKIP_SUBCOUNTERS = 2;

  /** {@code --return-nomatch}. */
  public static final int RETURN_NOMATCH = 4;

  /** {@code --exist}. */
  public static final int EXIST = 8;

  /** A condition on counters was given. */
  static final int MATCH_COUNTERS = 16;

  private static final int ETHERNET_LENGTH = 14;

  /** How a counter is compared. */
  public enum Comparison {
    EQUAL,
    NOT_EQUAL,
    LESS,
    GREATER
  }

  /**
   * A condition on a counter.
   *
   * @param comparison null for none
   * @param value unsigned 64 bits
   */
  public record Counter(Comparison comparison, long value) {
    /** No condition. */
    public static final Counter ANY = new Counter(null, 0);

    boolean accepts(long counter) {
      if (comparison == null) {
        return true;
      }
      return switch (comparison) {
        case EQUAL -> counter == value;
        case NOT_EQUAL -> counter != value;
        case LESS -> Long.compareUnsigned(counter, value) < 0;
        case GREATER -> Long.compareUnsigned(counter, value) > 0;
      };
    }
  }

  private final int dimensions;
  private final int sources;
  private final int givenFlags;
  final Counter packets;
  final Counter bytes;
  final Extras extras = new Extras();

  Packet packet;
  String in;
  String out;
  boolean onEthernet;

  /** Flags of the lookup under way: a list of sets changes them for its members. */
  int flags;

  int mark;
  int markMask;
  int priority;
  int queue;

  /** What {@link #port} found last. */
  int port;

  int protocol;

  /**
   * The question that a rule asks.
   *
   * @param directions for each dimension whether the source is meant, not the destination
   * @param flags {@link #SKIP_COUNTERS} and so on
   * @param timeout of what is added, in seconds, or -1 for the set's own
   */
  public SetQuery(boolean[] directions, int flags, Counter packets, Counter bytes, long timeout) {
    dimensions = directions.length;
    int bits = 0;
    for (int i = 0; i < dimensions; i++) {
      bits |= directions[i] ? 1 << i : 0;
    }
    sources = bits;
    boolean counters = packets.comparison() != null || bytes.comparison() != null;
    givenFlags = flags | (counters ? MATCH_COUNTERS : 0);
    this.packets = packets;
    this.bytes = bytes;
    extras.timeout = timeout;
    extras.target = true;
    extras.packets = 1;
  }

  /**
   * Takes a packet; no {@link IpSets} method sees it before.
   *
   * @param in name of the interface that it came in at, or empty
   * @param out name of the interface that it leaves at, or empty
   * @param onEthernet whether the device that it is at now is an Ethernet device
   */
  public void take(Packet packet, String in, String out, boolean onEthernet) {
    this.packet = packet;
    this.in = in;
    this.out = out;
    this.onEthernet = onEthernet;
    flags = givenFlags;
    extras.bytes = packet.length();
    mark = 0;
    markMask = 0;
    priority = 0;
    queue = 0;
  }

  /** {@code skbmark} of the element that matched. */
  public int mark() {
    return mark;
  }

  /** The mask of {@link #mark}. */
  public int markMask() {
    return markMask;
  }

  /** {@code skbprio} of the element that matched: major and minor, 16 bits each. */
  public int priority() {
    return priority;
  }

  /** {@code skbqueue} of the element that matched. */
  public int queue() {
    return queue;
  }

  boolean fits(SetHeader header) {
    boolean family = header.family == null || header.ipv6() == packet.ipv6;
    return dimensions >= header.type.dimension() && family;
  }

  /** Whether the source counts in a dimension, from 0. */
  boolean source(int dimension) {
    return (sources >> dimension & 1) != 0;
  }

  long addressHi(int dimension) {
    return source(dimension) ? packet.sourceHi() : packet.destinationHi();
  }

  long addressLo(int dimension) {
    return source(dimension) ? packet.sourceLo() : packet.destinationLo();
  }

  String iface(int dimension) {
    return source(dimension) ? in : out;
  }

  /** The MAC address, or {@link Element#NONE} where there is none or only zeros. */
  long mac(int dimension) {
    if (!onEthernet || packet.mac < 0 || packet.network - packet.mac < ETHERNET_LENGTH) {
      return Element.NONE;
    }
    int at = packet.mac + (source(dimension) ? 6 : 0);
    long mac = (long) packet.u16(at) << 32 | packet.u32(at + 2);
    return mac == 0 ? Element.NONE : mac;
  }

  /**
   * Finds {@link #protocol} and {@link #port}; false where the packet does not hold them ({@code
   * ip_set_get_ip4_port}, {@code ip_set_get_ip6_port}).
   */
  boolean port(int dimension) {
    port = 0;
    protocol = packet.protocol;
    if (protocol < 0
        || protocol == 0 && !packet.ipv6
        || packet.ipv6 && protocol == Protocols.NONE
        || packet.fragmentOffset != 0 && (packet.ipv6 || isPortProtocol())) {
      return false;
    }
    if (packet.fragmentOffset != 0) {
      return true;
    }
    int header =
        switch (protocol) {
          case Protocols.TCP -> 20;
          case Protocols.SCTP -> 12;
          case Protocols.UDP, Protocols.UDPLITE, Protocols.ICMP, Protocols.ICMPV6 -> 8;
          default -> 0;
        };
    if (header == 0) {
      return true;
    }
    if (!packet.has(packet.transport, header)) {
      return false;
    }
    boolean second = Element.hasPorts(protocol) && !source(dimension);
    port = packet.u16(packet.transport + (second ? 2 : 0));
    return true;
  }

  private boolean isPortProtocol() {
    return Element.hasPorts(protocol) || protocol == Protocols.ICMP;
  }
}
