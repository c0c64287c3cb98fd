package org.fwreplay.lint;

import java.util.List;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.region.Box;
import org.fwreplay.region.CtStates;
import org.fwreplay.region.Dimension;
import org.fwreplay.region.IntSet;
import org.fwreplay.region.Space;
import org.fwreplay.rule.AddressMatch;
import org.fwreplay.rule.InterfaceMatch;
import org.fwreplay.rule.IpMatch;

/** Kinds of packets that the checks ask about. */
final class Headers {
  /** A port that clients get and that no service is reached at. */
  private static final int CLIENT_PORT = 40_001;

  private static final InterfaceMatch NONE = new InterfaceMatch("", false);
  private static final InterfaceMatch SOME = new InterfaceMatch("", true);
  private static final InterfaceMatch LOOPBACK = new InterfaceMatch("lo", false);
  private static final InterfaceMatch OTHERS = new InterfaceMatch("lo", true);

  private final AddressMatch self;

  Headers(Family family) {
    self =
        family == Family.IPV4
            ? new AddressMatch(0, 0x7f000001L, 0, 0xffffffffL, false)
            : new AddressMatch(0, 1, -1, -1, false);
  }

  /** What the space has to know for this. */
  List<IpMatch> all() {
    return List.of(header(self, LOOPBACK, NONE), header(AddressMatch.ANY, NONE, LOOPBACK));
  }

  private static IpMatch header(AddressMatch both, InterfaceMatch in, InterfaceMatch out) {
    return new IpMatch(both, both, in, out, false, 0, false, false, false);
  }

  private static Box box(Space space, AddressMatch both, InterfaceMatch in, InterfaceMatch out) {
    return space.region(header(both, in, out)).boxes().get(0);
  }

  /** What a hook sees; in POSTROUTING the way in is known of forwarded packets only. */
  Box atHook(Space space, Hook hook) {
    return switch (hook) {
      case PREROUTING, INPUT -> box(space, AddressMatch.ANY, SOME, NONE);
      case FORWARD -> box(space, AddressMatch.ANY, SOME, SOME);
      case OUTPUT -> box(space, AddressMatch.ANY, NONE, SOME);
      case POSTROUTING -> box(space, AddressMatch.ANY, null, SOME);
    };
  }

  private static Box tcp(IntSet states, int flags) {
    return Box.of(Dimension.PROTOCOL, IntSet.of(Protocols.TCP))
        .and(Box.of(Dimension.FRAGMENT, IntSet.of(Dimension.WHOLE)))
        .and(Box.of(Dimension.STATE, states))
        .and(Box.of(Dimension.TCP_FLAGS, IntSet.of(flags)));
  }

  /** TCP segments that open a connection for connection tracking, though they are no SYN. */
  Box newWithoutSyn(Space space) {
    return tcp(CtStates.OPENING, Tcp.ACK);
  }

  /** What the host sends to itself, to a port where a program of its own may listen. */
  Box loopback(Space space, Hook hook) {
    return box(
            space, self, hook == Hook.INPUT ? LOOPBACK : NONE, hook == Hook.INPUT ? NONE : LOOPBACK)
        .and(tcp(CtStates.OPENING, Tcp.SYN))
        .and(Box.of(Dimension.DESTINATION_PORT, IntSet.of(CLIENT_PORT)));
  }

  private Box outside(Space space, Hook hook) {
    return switch (hook) {
      case INPUT -> box(space, AddressMatch.ANY, OTHERS, NONE);
      case OUTPUT -> box(space, AddressMatch.ANY, NONE, OTHERS);
      default -> box(space, AddressMatch.ANY, OTHERS, OTHERS);
    };
  }

  /** First segments of connections with others. */
  Box opening(Space space, Hook hook) {
    return outside(space, hook).and(tcp(CtStates.OPENING, Tcp.SYN)).and(atHook(space, hook));
  }

  /** Answers of others' services, or of the host's own, to clients. */
  Box answers(Space space, Hook hook) {
    return outside(space, hook)
        .and(tcp(CtStates.ANSWERED, Tcp.ACK))
        .and(Box.of(Dimension.DESTINATION_PORT, IntSet.of(CLIENT_PORT)))
        .and(atHook(space, hook));
  }
}
