package org.fwreplay.rule;

import java.util.List;
import org.fwreplay.host.NetInterface;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Validity;

/** A rule, or a chain's end, ready for the walk: {@code struct ipt_entry}. */
final class Entry {
  /** Goes on with the next entry. */
  static final int NEXT = 0;

  /** Ends the walk with {@link #value}. */
  static final int VERDICT = 1;

  static final int RETURN = 2;

  /** To the entry at {@link #value}, and back. */
  static final int JUMP = 3;

  /** To the entry at {@link #value}. */
  static final int GOTO = 4;

  /** Asks {@link #action}. */
  static final int ACTION = 5;

  private static final int SOURCE = 1;
  private static final int DESTINATION = 1 << 1;
  private static final int IN = 1 << 2;
  private static final int OUT = 1 << 3;
  private static final int PROTOCOL = 1 << 4;
  private static final int FRAGMENT = 1 << 5;
  private static final Matcher[] NO_MATCHES = {};
  private static final Validity[] NO_VALIDITIES = {};

  /** Where it is counted: {@link BoundRuleset#isRule}. */
  final int place;

  final int kind;
  final int value;
  final Action action;
  final Matcher[] matches;

  /** Of each match. */
  final Validity[] validities;

  private final int tests;
  private final int inversions;
  private final AddressMatch source;
  private final AddressMatch destination;
  private final int source4;
  private final int sourceMask4;
  private final int destination4;
  private final int destinationMask4;

  /** By interface id plus one, inversion included. */
  private final boolean[] in;

  private final boolean[] out;
  private final int protocol;

  /** A rule. */
  Entry(
      int place,
      IpMatch ip,
      Matcher[] matches,
      Validity[] validities,
      int kind,
      int value,
      Action action,
      List<NetInterface> interfaces) {
    this.place = place;
    this.kind = kind;
    this.value = value;
    this.action = action;
    this.matches = matches;
    this.validities = validities;
    source = ip.source();
    destination = ip.destination();
    source4 = (int) source.lo();
    sourceMask4 = (int) source.maskLo();
    destination4 = (int) destination.lo();
    destinationMask4 = (int) destination.maskLo();
    in = names(ip.in(), interfaces);
    out = names(ip.out(), interfaces);
    protocol = ip.protocol();
    tests =
        bit(!source.isAny(), SOURCE)
            | bit(!destination.isAny(), DESTINATION)
            | bit(ip.in() != null, IN)
            | bit(ip.out() != null, OUT)
            | bit(ip.protocolGiven(), PROTOCOL)
            | bit(ip.fragment(), FRAGMENT);
    inversions =
        bit(source.inverted(), SOURCE)
            | bit(destination.inverted(), DESTINATION)
            | bit(ip.protocolInverted(), PROTOCOL)
            | bit(ip.fragmentInverted(), FRAGMENT);
  }

  /** The end of a chain. */
  Entry(int place, int kind, int value) {
    this(place, IpMatch.ANY, NO_MATCHES, NO_VALIDITIES, kind, value, null, List.of());
  }

  private static int bit(boolean on, int bit) {
    return on ? bit : 0;
  }

  private static boolean[] names(InterfaceMatch match, List<NetInterface> interfaces) {
    if (match == null) {
      return null;
    }
    boolean[] matching = new boolean[interfaces.size() + 1];
    matching[0] = match.matches("");
    for (NetInterface each : interfaces) {
      matching[each.id() + 1] = match.matches(each.name());
    }
    return matching;
  }

  private boolean fails(boolean same, int test) {
    return same == ((inversions & test) != 0);
  }

  private boolean interfacesMatch(Evaluation e) {
    return ((tests & IN) == 0 || in[e.in + 1]) && ((tests & OUT) == 0 || out[e.out + 1]);
  }

  /** {@code ip_packet_match}, the addresses as they are in the header. */
  boolean matches4(int packetSource, int packetDestination, int packetProtocol, Evaluation e) {
    int t = tests;
    if (t == 0) {
      return true;
    }
    if ((t & SOURCE) != 0 && fails((packetSource & sourceMask4) == source4, SOURCE)
        || (t & DESTINATION) != 0
            && fails((packetDestination & destinationMask4) == destination4, DESTINATION)
        || !interfacesMatch(e)) {
      return false;
    }
    if ((t & PROTOCOL) != 0 && fails(packetProtocol == protocol, PROTOCOL)) {
      return false;
    }
    return (t & FRAGMENT) == 0 || !fails(e.fragmentOffset != 0, FRAGMENT);
  }

  /** {@code ip6_packet_match}; sets where the transport header is if the rule names a protocol. */
  boolean matches6(Packet p, Evaluation e) {
    int t = tests;
    if (t == 0) {
      return true;
    }
    if ((t & SOURCE) != 0 && fails(under(source, p, Ipv6.SOURCE), SOURCE)
        || (t & DESTINATION) != 0 && fails(under(destination, p, Ipv6.DESTINATION), DESTINATION)
        || !interfacesMatch(e)) {
      return false;
    }
    return (t & PROTOCOL) == 0 || protocol6(p, e);
  }

  private static boolean under(AddressMatch address, Packet p, int field) {
    int at = p.network + field;
    return (Bytes.i64(p.buffer, at) & address.maskHi()) == address.hi()
        && (Bytes.i64(p.buffer, at + 8) & address.maskLo()) == address.lo();
  }

  private boolean protocol6(Packet p, Evaluation e) {
    if (p.protocol < 0) {
      e.hotDrop = true;
      return false;
    }
    // ipv6_find_hdr does not tell where the payload of a later fragment begins.
    e.transport = p.fragmentOffset == 0 ? p.transport : p.network;
    e.fragmentOffset = p.fragmentOffset;
    return protocol == 0 || !fails(p.protocol == protocol, PROTOCOL);
  }

  /** What of the header failed, asked again after {@code matches4} or {@code matches6} did. */
  int headerMiss(Packet p, Evaluation e) {
    int t = tests;
    if ((t & SOURCE) != 0 && fails(isSource(p), SOURCE)) {
      return WalkObserver.SOURCE;
    }
    if ((t & DESTINATION) != 0 && fails(isDestination(p), DESTINATION)) {
      return WalkObserver.DESTINATION;
    }
    if ((t & IN) != 0 && !in[e.in + 1]) {
      return WalkObserver.IN;
    }
    if ((t & OUT) != 0 && !out[e.out + 1]) {
      return WalkObserver.OUT;
    }
    boolean isProtocol = (t & PROTOCOL) == 0 || !fails(p.protocol == protocol, PROTOCOL);
    return isProtocol && !e.hotDrop ? WalkObserver.FRAGMENT : WalkObserver.PROTOCOL;
  }

  private boolean isSource(Packet p) {
    return p.ipv6 ? under(source, p, Ipv6.SOURCE) : ((int) p.sourceLo() & sourceMask4) == source4;
  }

  private boolean isDestination(Packet p) {
    return p.ipv6
        ? under(destination, p, Ipv6.DESTINATION)
        : ((int) p.destinationLo() & destinationMask4) == destination4;
  }
}
