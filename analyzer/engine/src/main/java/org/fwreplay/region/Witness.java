package org.fwreplay.region;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;

/**
 * One packet that stands for a box: what an ordinary packet has where the box allows it, else the
 * smallest value.
 *
 * @param in name of an interface, empty for none; likewise {@code out}
 * @param state a point of {@link CtStates} in words
 * @param icmp {@code type << 8 | code}
 * @param needs what else must be true of it, which is not modelled; empty for nothing
 */
public record Witness(
    long sourceHi,
    long sourceLo,
    long destinationHi,
    long destinationLo,
    int sourcePort,
    int destinationPort,
    int protocol,
    String in,
    String out,
    String state,
    long mark,
    int icmp,
    int tcpFlags,
    boolean laterFragment,
    String needs) {

  private static final int SYN = Tcp.SYN;

  /** Flags of segments that open a connection, also one that is under way; and of later ones. */
  private static final int[] OPENERS = {
    Tcp.SYN, Tcp.ACK, Tcp.ACK | Tcp.PSH, Tcp.ACK | Tcp.FIN, Tcp.SYN | Tcp.URG
  };

  private static final int[] ANSWERS = {
    Tcp.ACK, Tcp.ACK | Tcp.PSH, Tcp.ACK | Tcp.FIN, Tcp.ACK | Tcp.RST, Tcp.RST, Tcp.SYN
  };

  /** Echo, timestamp, information, address mask; echo, node information. */
  private static final int[] REQUESTS4 = {8 << 8, 13 << 8, 15 << 8, 17 << 8};

  private static final int[] REPLIES4 = {0, 14 << 8, 16 << 8, 18 << 8, 8 << 8};
  private static final int[] REQUESTS6 = {128 << 8, 139 << 8};
  private static final int[] REPLIES6 = {129 << 8, 140 << 8, 128 << 8};
  private static final int MOST_PROTOCOLS = 3;

  /** For experiments (RFC 3692). */
  private static final int UNASSIGNED = 253;

  private static final int ANY_SOURCE_PORT = 40_000;
  private static final int ANY_DESTINATION_PORT = 80;
  private static final int MOST = 16;
  private static final int MOST_MARKS = 6;

  /** Whether its state is this one, translated or not. */
  public boolean isState(String name) {
    return state.equals(name) || state.startsWith(name + ",");
  }

  /** The same packet on its way to another address. */
  public Witness towards(long hi, long lo) {
    return new Witness(
        sourceHi,
        sourceLo,
        hi,
        lo,
        sourcePort,
        destinationPort,
        protocol,
        in,
        out,
        state,
        mark,
        icmp,
        tcpFlags,
        laterFragment,
        needs);
  }

  /** Packets of a box, the most ordinary first: one for each protocol and state of some. */
  static List<Witness> of(Space space, Box box) {
    boolean six = space.family() == Family.IPV6;
    List<Witness> all = new ArrayList<>();
    for (int state : CtStates.byReach(box.get(Dimension.STATE))) {
      for (int protocol : protocols(box, six)) {
        if (all.size() < MOST) {
          all.add(of(space, box, protocol, state));
        }
      }
    }
    return List.copyOf(all);
  }

  private static Witness of(Space space, Box box, int protocol, int state) {
    boolean answer = CtStates.ANSWERED.contains(state);
    boolean six = space.family() == Family.IPV6;
    long mark = mark(space, box);
    long[] source = address(space, box, Dimension.SOURCE, null);
    long[] destination = address(space, box, Dimension.DESTINATION, source);
    return new Witness(
        source[0],
        source[1],
        destination[0],
        destination[1],
        first(box, Dimension.SOURCE_PORT, ANY_SOURCE_PORT),
        first(box, Dimension.DESTINATION_PORT, ANY_DESTINATION_PORT),
        protocol,
        name(space, box, Dimension.IN),
        name(space, box, Dimension.OUT),
        CtStates.words(state),
        Math.max(mark, 0),
        icmp(box, six, answer),
        flags(box, answer),
        box.get(Dimension.FRAGMENT) != null
            && !box.get(Dimension.FRAGMENT).contains(Dimension.WHOLE),
        BoxWords.questions(
            space, box, question -> mark < 0 || !(question instanceof MatchRegions.Mark)));
  }

  /** A mark in the box of which all is true that is asked about its bits; -1 for none. */
  private static long mark(Space space, Box box) {
    List<MatchRegions.Mark> asked = new ArrayList<>();
    List<Boolean> answers = new ArrayList<>();
    for (int i = 0; i < box.size(); i++) {
      boolean question = box.dimension(i) >= Dimension.COUNT;
      if (question && space.question(box.dimension(i)) instanceof MatchRegions.Mark match) {
        asked.add(match);
        answers.add(box.set(i).contains(1));
      }
    }
    ValueAxis axis = space.axis(Dimension.MARK);
    IntSet set = box.get(Dimension.MARK);
    for (int some = 0; some < 1 << Math.min(asked.size(), MOST_MARKS); some++) {
      int mark = (int) axis.firstLo(first(box, Dimension.MARK, 0));
      for (int i = 0; i < asked.size(); i++) {
        mark |= (some >> i & 1) == 0 ? 0 : asked.get(i).value();
      }
      long value = mark & 0xffffffffL;
      boolean fits = set == null || set.contains(axis.point(0, value));
      for (int i = 0; i < asked.size() && fits; i++) {
        MatchRegions.Mark match = asked.get(i);
        fits = ((mark & match.mask()) == match.value()) == answers.get(i);
      }
      if (fits) {
        return value;
      }
    }
    return -1;
  }

  private static Set<Integer> protocols(Box box, boolean six) {
    IntSet set = box.get(Dimension.PROTOCOL);
    int icmp = six ? Protocols.ICMPV6 : Protocols.ICMP;
    Set<Integer> some = new LinkedHashSet<>();
    for (int each : new int[] {Protocols.TCP, Protocols.UDP, icmp, Protocols.GRE}) {
      if (some.size() < MOST_PROTOCOLS && (set == null || set.contains(each))) {
        some.add(each);
      }
    }
    if (set != null && some.isEmpty()) {
      some.add(set.contains(UNASSIGNED) ? UNASSIGNED : set.min());
    }
    return some;
  }

  /** A request, or a reply for an answer, where there is one. */
  private static int icmp(Box box, boolean six, boolean answer) {
    int[] requests = six ? REQUESTS6 : REQUESTS4;
    int[] replies = six ? REPLIES6 : REPLIES4;
    int type = preferred(box, Dimension.ICMP, answer ? replies : requests);
    return type >= 0 ? type : first(box, Dimension.ICMP, 0);
  }

  private static int flags(Box box, boolean answer) {
    int found = preferred(box, Dimension.TCP_FLAGS, answer ? ANSWERS : OPENERS);
    return found >= 0 ? found : first(box, Dimension.TCP_FLAGS, SYN);
  }

  /** The first of some values that the box has, or -1. */
  private static int preferred(Box box, Dimension dimension, int... values) {
    IntSet set = box.get(dimension);
    for (int value : values) {
      if (set == null || set.contains(value)) {
        return value;
      }
    }
    return -1;
  }

  private static String name(Space space, Box box, Dimension dimension) {
    NameAxis axis = space.names(dimension);
    IntSet set = box.get(dimension);
    for (int point = 0; set != null && point < axis.size(); point++) {
      if (set.contains(point) && !axis.example(point).equals("lo")) {
        return axis.example(point);
      }
    }
    return axis.example(set == null ? 0 : set.min());
  }

  /** An address that packets have, another one than {@code not} if possible. */
  private static long[] address(Space space, Box box, Dimension dimension, long[] not) {
    ValueAxis axis = space.axis(dimension);
    IntSet set = box.get(dimension);
    boolean six = space.family() == Family.IPV6;
    for (int point = 0; point < axis.size(); point++) {
      if (set == null || set.contains(point)) {
        long[] found = six ? ordinary6(axis, point) : ordinary4(axis, point);
        if (found != null && not != null && found[0] == not[0] && found[1] == not[1]) {
          boolean next = axis.lastHi(point) != found[0] || axis.lastLo(point) != found[1];
          found = next ? new long[] {found[0], found[1] + 1} : null;
        }
        if (found != null) {
          return found;
        }
      }
    }
    int point = set == null ? 0 : set.min();
    return new long[] {axis.firstHi(point), axis.firstLo(point)};
  }

  /** Not 0/8, loopback, multicast or reserved; an address that ends in 0 has one behind it. */
  private static long[] ordinary4(ValueAxis axis, int point) {
    long low = axis.firstLo(point);
    long high = axis.lastLo(point);
    low = Math.max(low, 0x0100_0000L);
    low = low >>> 24 == 127 ? 0x8000_0000L : low;
    low = (low & 0xff) == 0 && low < high ? low + 1 : low;
    return low <= high && low < 0xe000_0000L ? new long[] {0, low} : null;
  }

  /** Global unicast or unique local. */
  private static long[] ordinary6(ValueAxis axis, int point) {
    for (long hi : new long[] {axis.firstHi(point), 0x2001_0db8_0000_0000L, 0xfd00L << 48}) {
      boolean first = hi == axis.firstHi(point);
      long lo = first ? axis.firstLo(point) : 1;
      lo = lo == 0 && (hi != axis.lastHi(point) || axis.lastLo(point) != 0) ? 1 : lo;
      boolean inside =
          (first || Long.compareUnsigned(hi, axis.firstHi(point)) > 0)
              && (Long.compareUnsigned(hi, axis.lastHi(point)) < 0
                  || hi == axis.lastHi(point) && Long.compareUnsigned(lo, axis.lastLo(point)) <= 0);
      if (inside && (hi >>> 61 == 1 || hi >>> 57 == 0xfc >>> 1)) {
        return new long[] {hi, lo};
      }
    }
    return null;
  }

  private static int first(Box box, Dimension dimension, int preferred) {
    IntSet set = box.get(dimension);
    return set == null || set.contains(preferred) ? preferred : set.min();
  }
}
