package org.fwreplay.replay;

import java.util.BitSet;
import java.util.List;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.conntrack.TupleReader;
import org.fwreplay.hook.Sockets;
import org.fwreplay.host.Host;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;
import org.fwreplay.nat.Nat;
import org.fwreplay.packet.FirstFragments;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/**
 * {@code --reflect}: makes up the arrival that a frame which left implies. Where the frame belongs
 * to a connection, the tuple that it had on the other side is put back; else its addresses are
 * taken to be those it came with.
 */
final class Reflection {
  private static final int MAX_TTL = 255;

  private final Host host;
  private final Router router;
  private final Conntrack conntrack;
  private final Sockets sockets;

  /** Interfaces whose arrivals are captured: there none is made up. */
  private final BitSet captured = new BitSet();

  /** Whether the packets of the host itself are captured. */
  private final boolean localCaptured;

  private final RouteQuery query = new RouteQuery();
  private final RouteResult route = new RouteResult();
  private final Tuple seen = new Tuple();
  private final Tuple before = new Tuple();
  private final Tuple quoted = new Tuple();

  /** What became of the first fragments: later ones have no ports to find it by. */
  private final FirstFragments<Tuple> fragmented = new FirstFragments<>();

  Reflection(Host host, Conntrack conntrack, Sockets sockets, List<ReplayInput> inputs) {
    this.host = host;
    this.conntrack = conntrack;
    this.sockets = sockets;
    localCaptured = inputs.stream().anyMatch(ReplayInput::local);
    for (ReplayInput input : inputs) {
      if (input.interfaceName() != null) {
        captured.set(host.interfaceByName(input.interfaceName()).id());
      }
    }
    router = host.newRouter();
  }

  /**
   * Turns a packet that left into the one that arrived.
   *
   * @param p decoded, in a buffer that may be written to
   * @return false where it cannot be known, or the captures would hold it
   */
  boolean undo(Packet p) {
    boolean own = host.hasAddress(p.ipv6, p.sourceHi(), p.sourceLo());
    if (isError(p)) {
      // The host makes its own errors, in the run too.
      return !own && undoError(p) && place(p);
    }
    return putBack(p) && place(p);
  }

  private static boolean isError(Packet p) {
    if (p.protocol == Protocols.ICMPV6) {
      return p.ipv6 && p.has(p.transport, Icmp.LENGTH) && p.u8(p.transport) < 128;
    }
    return p.protocol == Protocols.ICMP
        && !p.isLaterFragment()
        && p.has(p.transport, Icmp.LENGTH)
        && Icmp.isError(p.u8(p.transport));
  }

  private boolean putBack(Packet p) {
    if (p.isLaterFragment()) {
      Tuple whole = fragmented.get(p);
      if (whole != null) {
        Nat.readdressFragment(p, whole);
      }
      return true;
    }
    if (!TupleReader.read(p, seen) || !TupleReader.invert(seen, before)) {
      return true;
    }
    Tuple found = conntrack.find(before);
    if (found == null) {
      return true;
    }
    Tuple arrival = found.connection().tuple(1 - found.direction());
    if (p.isFragment()) {
      Tuple kept = new Tuple();
      kept.set(arrival);
      fragmented.put(p, kept);
    }
    return Nat.readdress(p, arrival);
  }

  private boolean undoError(Packet p) {
    if (!TupleReader.readQuoted(p, seen)) {
      return true;
    }
    Tuple found = conntrack.find(seen);
    if (found == null) {
      return true;
    }
    Connection ct = found.connection();
    Tuple answers = ct.tuple(1 - found.direction());
    TupleReader.invert(answers, quoted);
    boolean fromTheEnd = p.sourceHi() == seen.destinationHi && p.sourceLo() == seen.destinationLo;
    before.set(answers);
    if (!fromTheEnd) {
      before.sourceHi = p.sourceHi();
      before.sourceLo = p.sourceLo();
    }
    return Nat.readdressError(p, quoted, before);
  }

  /** Says where the packet came in, and gives back the hop that was counted. */
  private boolean place(Packet p) {
    p.mac = -1;
    p.type = Packet.TO_HOST;
    p.checksumVerified = true;
    p.out = -1;
    if (host.hasAddress(p.ipv6, p.sourceHi(), p.sourceLo())) {
      p.local = true;
      if (!localCaptured) {
        sockets.learn(p);
      }
      return !localCaptured;
    }
    query.clear();
    query.six = p.ipv6;
    query.anySource = true;
    query.dstHi = p.sourceHi();
    query.dstLo = p.sourceLo();
    if (router.output(query, route) != RouteResult.TRANSMIT || captured.get(route.oif)) {
      return false;
    }
    p.in = route.oif;
    p.setTtl(Math.min(MAX_TTL, p.ttl() + 1));
    return true;
  }
}
