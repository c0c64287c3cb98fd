package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fwreplay.host.Ipv4Ranges;
import org.fwreplay.host.NetInterface;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.Dimension.Small.Field;
import org.fwreplay.xt.PortConstraint;

/** Makes the index of a chain from its rules. */
final class ChainIndexBuilder {
  /** Bits that a row has at the most; longer chains put several rules under one bit. */
  private static final int MAX_BITS = 1 << 14;

  private static final long LAST4 = 0xffff_ffffL;

  private final boolean ipv6;
  private final List<NetInterface> interfaces;
  private final List<Rule> rules;
  private final int shift;
  private final int groups;

  private ChainIndexBuilder(Family family, List<NetInterface> interfaces, Chain chain) {
    this.ipv6 = family == Family.IPV6;
    this.interfaces = interfaces;
    this.rules = chain.rules();
    int bits = rules.size();
    int s = 0;
    while (bits > MAX_BITS) {
      bits = bits + 1 >> 1;
      s++;
    }
    shift = s;
    groups = (rules.size() + (1 << s) - 1) >> s;
  }

  /** The index of a chain, or null where walking is as well. */
  static ChainIndex build(Family family, BindingContext context, Chain chain) {
    return context.indexing().covers(chain.rules().size())
        ? new ChainIndexBuilder(family, context.host().interfaces(), chain).build()
        : null;
  }

  private ChainIndex build() {
    List<Dimension> all = new ArrayList<>();
    addAddress(all, true);
    addAddress(all, false);
    addSmall(all, Field.DESTINATION_PORT, 65_536);
    addSmall(all, Field.SOURCE_PORT, 65_536);
    addSmall(all, Field.PROTOCOL, 256);
    addSmall(all, Field.IN, interfaces.size() + 1);
    addSmall(all, Field.OUT, interfaces.size() + 1);
    return all.isEmpty()
        ? null
        : new ChainIndex(all.toArray(Dimension[]::new), rules.size(), shift);
  }

  // -- addresses ---------------------------------------------------------------------------------

  private void addAddress(List<Dimension> to, boolean source) {
    Ranks ranks = ipv6 ? ranks(source) : null;
    DimensionBuilder b = new DimensionBuilder(groups, ipv6 ? ranks.last() : LAST4);
    for (int i = 0; i < rules.size(); i++) {
      address(b, i >> shift, address(i, source), ranks);
    }
    if (!b.isUseful()) {
      return;
    }
    b.divide();
    long[] bounds = b.bounds();
    if (ipv6) {
      long[] hi = new long[bounds.length];
      long[] lo = new long[bounds.length];
      ranks.values(bounds, hi, lo);
      to.add(new Dimension.Address6(source, hi, lo, b.classes(), b.rows()));
    } else {
      to.add(new Dimension.Address4(source, new Ipv4Ranges(bounds), b.classes(), b.rows()));
    }
  }

  private void address(DimensionBuilder b, int group, AddressMatch match, Ranks ranks) {
    if (!isPrefix(match)) {
      b.any(group);
    } else if (ipv6) {
      range(b, group, ranks.low(match), ranks.high(match), ranks.last(), match.inverted());
    } else {
      long high = match.lo() | ~match.maskLo() & LAST4;
      range(b, group, match.lo(), high, LAST4, match.inverted());
    }
  }

  private AddressMatch address(int rule, boolean source) {
    IpMatch ip = rules.get(rule).ip();
    return source ? ip.source() : ip.destination();
  }

  private Ranks ranks(boolean source) {
    Ranks ranks = new Ranks();
    for (int i = 0; i < rules.size(); i++) {
      AddressMatch match = address(i, source);
      if (isPrefix(match)) {
        ranks.add(match);
      }
    }
    ranks.sort();
    return ranks;
  }

  private static void range(
      DimensionBuilder b, int group, long low, long high, long last, boolean inverted) {
    if (!inverted) {
      b.range(group, low, high);
      return;
    }
    b.none();
    if (low > 0) {
      b.range(group, 0, low - 1);
    }
    if (high < last) {
      b.range(group, high + 1, last);
    }
  }

  /**
   * Whether the address is under a mask that is a prefix. Any other counts as any: the rule itself
   * looks closer.
   */
  private boolean isPrefix(AddressMatch match) {
    if (match.isAny()) {
      return false;
    }
    if (!ipv6) {
      long mask = match.maskLo();
      return (-mask & 0xffff_ffffL) == (Long.lowestOneBit(mask) & 0xffff_ffffL);
    }
    boolean upper = match.maskHi() == -1 && -match.maskLo() == Long.lowestOneBit(match.maskLo());
    boolean lower = match.maskLo() == 0 && -match.maskHi() == Long.lowestOneBit(match.maskHi());
    return upper || lower;
  }

  // -- values that fit a table -------------------------------------------------------------------

  private void addSmall(List<Dimension> to, Field field, int values) {
    DimensionBuilder b = new DimensionBuilder(groups, values - 1);
    for (int i = 0; i < rules.size(); i++) {
      small(b, i >> shift, rules.get(i), field);
    }
    if (!b.isUseful()) {
      return;
    }
    b.divide();
    long[] bounds = b.bounds();
    char[] byValue = new char[values];
    for (int i = 0; i < bounds.length; i++) {
      int until = i + 1 < bounds.length ? (int) bounds[i + 1] : values;
      Arrays.fill(byValue, (int) bounds[i], until, b.classes()[i]);
    }
    to.add(new Dimension.Small(field, byValue, b.rows()));
  }

  private void small(DimensionBuilder b, int group, Rule rule, Field field) {
    switch (field) {
      case PROTOCOL -> protocol(b, group, rule.ip());
      case SOURCE_PORT -> ports(b, group, rule, true);
      case DESTINATION_PORT -> ports(b, group, rule, false);
      case IN -> interfaces(b, group, rule.ip().in());
      case OUT -> interfaces(b, group, rule.ip().out());
    }
  }

  private static void protocol(DimensionBuilder b, int group, IpMatch ip) {
    int protocol = ip.protocol();
    if (!ip.protocolGiven() || protocol == 0) {
      b.any(group);
    } else if (!ip.protocolInverted()) {
      b.range(group, protocol, protocol);
    } else {
      b.range(group, 0, protocol - 1);
      if (protocol < 255) {
        b.range(group, protocol + 1, 255);
      }
    }
  }

  /** Only what the first matches ask: a later one is asked after others that may remember. */
  private static void ports(DimensionBuilder b, int group, Rule rule, boolean source) {
    for (MatchUse use : rule.matches()) {
      if (!(use.match() instanceof PortConstraint constraint)) {
        break;
      }
      int[] ranges = source ? constraint.sourcePorts() : constraint.destinationPorts();
      if (ranges != PortConstraint.ANY) {
        if (ranges.length == 0) {
          b.none();
        }
        for (int i = 0; i < ranges.length; i += 2) {
          b.range(group, ranges[i], ranges[i + 1]);
        }
        return;
      }
    }
    b.any(group);
  }

  private void interfaces(DimensionBuilder b, int group, InterfaceMatch match) {
    if (match == null) {
      b.any(group);
      return;
    }
    b.none();
    if (match.matches("")) {
      b.range(group, 0, 0);
    }
    for (NetInterface each : interfaces) {
      if (match.matches(each.name())) {
        b.range(group, each.id() + 1, each.id() + 1);
      }
    }
  }
}
