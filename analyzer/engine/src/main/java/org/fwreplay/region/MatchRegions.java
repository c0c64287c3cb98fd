package org.fwreplay.region;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.fwreplay.ipset.SetQuery.Counter;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.IpMatch;
import org.fwreplay.rule.MatchUse;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;
import org.fwreplay.xt.match.AddrtypeMatch;
import org.fwreplay.xt.match.CommentMatch;
import org.fwreplay.xt.match.ConnlabelMatch;
import org.fwreplay.xt.match.ConnmarkMatch;
import org.fwreplay.xt.match.ConntrackMatch;
import org.fwreplay.xt.match.ConntrackTest;
import org.fwreplay.xt.match.Icmp6Match;
import org.fwreplay.xt.match.IcmpMatch;
import org.fwreplay.xt.match.IprangeMatch;
import org.fwreplay.xt.match.MarkMatch;
import org.fwreplay.xt.match.MultiportMatch;
import org.fwreplay.xt.match.NfacctMatch;
import org.fwreplay.xt.match.OwnerMatch;
import org.fwreplay.xt.match.PortRange;
import org.fwreplay.xt.match.SetMatch;
import org.fwreplay.xt.match.SocketMatch;
import org.fwreplay.xt.match.StateMatch;
import org.fwreplay.xt.match.StringMatch;
import org.fwreplay.xt.match.TcpMatch;
import org.fwreplay.xt.match.U32Match;
import org.fwreplay.xt.match.UdpMatch;

/**
 * What matches ask, as regions. A match that is not modelled but answers the same for the same
 * packet is a question; one that remembers other packets is {@linkplain Region#UNKNOWN unknown}.
 *
 * <p>Packets too short for what a match reads are dropped by it, which leaves fewer of them to
 * later rules than the regions say, never more.
 */
final class MatchRegions {
  /** Matches that prepare something when they are bound, but remember no packets. */
  private static final Set<Class<? extends PacketMatch>> PREPARED =
      Set.of(AddrtypeMatch.class, OwnerMatch.class, StringMatch.class, U32Match.class);

  private static final int ANY_ICMP_TYPE = 255;
  private static final int ALL_FLAGS = 0x3f;

  private record TcpOption(int kind) {}

  /** Some bits of the packet's mark. */
  record Mark(int value, int mask) {
    @Override
    public String toString() {
      return "mark 0x" + Integer.toHexString(value) + "/0x" + Integer.toHexString(mask);
    }
  }

  private record ConnectionMark(int value, int mask) {
    @Override
    public String toString() {
      return "connmark 0x" + Integer.toHexString(value) + "/0x" + Integer.toHexString(mask);
    }
  }

  /** What a match reads depends in IPv6 on whether its rule names a protocol. */
  private record Question(String name, PacketMatch match, boolean knowsTransport) {
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("-m ").append(name);
      match.save(new RuleWriter(text, Family.IPV4));
      return text.toString();
    }
  }

  private final Space space;

  MatchRegions(Space space) {
    this.space = space;
  }

  Region of(MatchUse use, IpMatch ip) {
    PacketMatch match = use.match();
    if (match instanceof CommentMatch) {
      return Region.ALL;
    } else if (match instanceof TcpMatch tcp) {
      return tcp(tcp);
    } else if (match instanceof UdpMatch udp) {
      return whole()
          .and(ports(Dimension.SOURCE_PORT, udp.source()))
          .and(ports(Dimension.DESTINATION_PORT, udp.destination()));
    } else if (match instanceof MultiportMatch multiport) {
      return whole().and(multiport(multiport));
    } else if (match instanceof IcmpMatch icmp) {
      boolean any = icmp.type() == ANY_ICMP_TYPE;
      IntSet wanted =
          any ? IntSet.range(0, 0xffff) : icmp(icmp.type(), icmp.lowCode(), icmp.highCode());
      return whole().and(space.where(Dimension.ICMP, wanted, icmp.inverted()));
    } else if (match instanceof Icmp6Match icmp) {
      IntSet wanted = icmp(icmp.type(), icmp.lowCode(), icmp.highCode());
      return whole().and(space.where(Dimension.ICMP, wanted, icmp.inverted()));
    } else if (match instanceof StateMatch state) {
      return space.where(Dimension.STATE, CtStates.with(state.states()), state.inverted());
    } else if (match instanceof ConntrackMatch conntrack) {
      return conntrack(conntrack.tests());
    } else if (match instanceof ConnmarkMatch mark) {
      return space
          .where(Dimension.STATE, CtStates.WITH_CONNECTION, false)
          .and(space.asked(new ConnectionMark(mark.value(), mark.mask()), mark.inverted()));
    } else if (match instanceof MarkMatch mark) {
      return mark(mark);
    } else if (match instanceof IprangeMatch range) {
      return addresses(Dimension.SOURCE, range.source())
          .and(addresses(Dimension.DESTINATION, range.destination()));
    }
    boolean knows = space.family() == Family.IPV4 || ip.protocolGiven();
    return isPure(match)
        ? space.asked(new Question(use.name(), match, knows), false)
        : Region.UNKNOWN;
  }

  /** A quota of nfacct runs out; counters of a set go up when it is looked into. */
  private static boolean isPure(PacketMatch match) {
    if (match instanceof SetMatch set) {
      return set.packets().equals(Counter.ANY) && set.bytes().equals(Counter.ANY);
    }
    boolean isPlain = match instanceof StatelessMatch || PREPARED.contains(match.getClass());
    return isPlain && !(match instanceof NfacctMatch);
  }

  /** The dimensions that a match changes: connlabel can set labels, socket the packet's mark. */
  static int changes(PacketMatch match) {
    boolean changes =
        match instanceof ConnlabelMatch label && label.set()
            || match instanceof SocketMatch socket && socket.restoreMark();
    return changes ? Dimension.MARK.bit() | Dimension.OPAQUE : 0;
  }

  /** Matches that read the transport header do so in no later fragment. */
  private Region whole() {
    return space.where(Dimension.FRAGMENT, IntSet.of(Dimension.WHOLE), false);
  }

  private Region ports(Dimension dimension, PortRange ports) {
    return space.where(dimension, IntSet.range(ports.low(), ports.high()), ports.inverted());
  }

  private Region tcp(TcpMatch tcp) {
    IntSet flags = IntSet.EMPTY;
    for (int i = 0; i <= ALL_FLAGS; i++) {
      if ((i & tcp.flagMask()) == tcp.flags()) {
        flags = flags.or(IntSet.of(i));
      }
    }
    Region region =
        whole()
            .and(ports(Dimension.SOURCE_PORT, tcp.source()))
            .and(ports(Dimension.DESTINATION_PORT, tcp.destination()))
            .and(space.where(Dimension.TCP_FLAGS, flags, tcp.flagsInverted()));
    return tcp.option() == 0
        ? region
        : region.and(space.asked(new TcpOption(tcp.option()), tcp.optionInverted()));
  }

  private Region multiport(MultiportMatch match) {
    IntSet ports = IntSet.EMPTY;
    for (PortRange range : match.ports()) {
      ports = ports.or(IntSet.range(range.low(), range.high()));
    }
    boolean inverted = match.inverted();
    Region source = space.where(Dimension.SOURCE_PORT, ports, inverted);
    Region destination = space.where(Dimension.DESTINATION_PORT, ports, inverted);
    return switch (match.side()) {
      case SOURCE -> source;
      case DESTINATION -> destination;
      case EITHER -> inverted ? source.and(destination) : either(source, ports, destination);
    };
  }

  private Region either(Region source, IntSet ports, Region destination) {
    Region only = space.where(Dimension.SOURCE_PORT, ports, true).and(destination);
    return union(source, only);
  }

  private static Region union(Region a, Region b) {
    List<Box> boxes = new ArrayList<>(a.boxes());
    boxes.addAll(b.boxes());
    return new Region(boxes, a.isExact() && b.isExact());
  }

  private static IntSet icmp(int type, int lowCode, int highCode) {
    return IntSet.range(type << 8 | lowCode, type << 8 | highCode);
  }

  /** Of a packet without a connection the kernel tests the state only, if that is asked for. */
  private Region conntrack(List<ConntrackTest> tests) {
    boolean hasState = tests.get(0) instanceof ConntrackTest.State;
    Region state = Region.ALL;
    if (tests.get(0) instanceof ConntrackTest.State first) {
      state = space.where(Dimension.STATE, CtStates.with(first.states()), first.inverted());
    }
    Region rest = Region.ALL;
    for (ConntrackTest test : tests.subList(hasState ? 1 : 0, tests.size())) {
      rest = rest.and(space.asked(test, false));
    }
    if (rest.equals(Region.ALL)) {
      return state;
    }
    Region with = space.where(Dimension.STATE, CtStates.WITH_CONNECTION, false);
    Region without = space.where(Dimension.STATE, CtStates.WITHOUT_CONNECTION, false);
    Region tested = state.and(with).and(rest);
    return hasState ? union(state.and(without), tested) : tested;
  }

  private Region mark(MarkMatch match) {
    int value = match.value();
    int rest = ~match.mask();
    if ((value & rest) != 0) {
      return match.inverted() ? Region.ALL : Region.NONE;
    }
    if ((rest & rest + 1) != 0) {
      return space.asked(new Mark(value, match.mask()), match.inverted());
    }
    long low = Integer.toUnsignedLong(value);
    long high = Integer.toUnsignedLong(value | rest);
    IntSet points = space.axis(Dimension.MARK).range(0, low, 0, high);
    return space.where(Dimension.MARK, points, match.inverted());
  }

  private Region addresses(Dimension dimension, IprangeMatch.Range range) {
    if (range == null) {
      return Region.ALL;
    }
    IntSet points =
        space
            .axis(dimension)
            .range(range.low().hi(), range.low().lo(), range.high().hi(), range.high().lo());
    return space.where(dimension, points, range.inverted());
  }
}
