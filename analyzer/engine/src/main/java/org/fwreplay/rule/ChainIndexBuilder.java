package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fwreplay.host.NetInterface;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.Dimension.Small.Field;
import org.fwreplay.rule.DimensionBuilder.Value;
import org.fwreplay.xt.PortConstraint;

/** Makes the index of a chain from its rules. */
final class ChainIndexBuilder {
  /** Bits that a row has at the most; longer chains put several rules under one bit. */
  private static final int MAX_BITS = 1 << 14;

  private static final Value LAST4 = Value.of(0xffff_ffffL);
  private static final Value LAST6 = new Value(-1, -1);

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
    DimensionBuilder b = new DimensionBuilder(groups, ipv6 ? LAST6 : LAST4);
    for (int i = 0; i < rules.size(); i++) {
      IpMatch ip = rules.get(i).ip();
      address(b, i >> shift, source ? ip.source() : ip.destination());
    }
    if (!b.isUseful()) {
      return;
    }
    Value[] bounds = b.bounds();
    List<long[]> rows = new ArrayList<>();
    char[] classes = b.classes(rows);
    long[][] table = rows.toArray(long[][]::new);
    if (ipv6) {
      long[] hi = Arrays.stream(bounds).mapToLong(Value::hi).toArray();
      long[] lo = Arrays.stream(bounds).mapToLong(Value::lo).toArray();
      to.add(new Dimension.Address6(source, hi, lo, classes, table));
    } else {
      int[] lows = Arrays.stream(bounds).mapToInt(v -> (int) v.lo() ^ Integer.MIN_VALUE).toArray();
      to.add(new Dimension.Address4(source, lows, classes, table));
    }
  }

  /** An address under a mask with holes counts as any: the rule itself looks closer. */
  private void address(DimensionBuilder b, int group, AddressMatch match) {
    if (match.isAny() || !isPrefix(match)) {
      b.any(group);
      return;
    }
    Value low = new Value(match.hi(), match.lo());
    long width = ipv6 ? -1L : 0xffff_ffffL;
    Value high =
        new Value(ipv6 ? match.hi() | ~match.maskHi() : 0, match.lo() | ~match.maskLo() & width);
    if (!match.inverted()) {
      b.range(group, low, high);
      return;
    }
    Value last = ipv6 ? LAST6 : LAST4;
    b.none();
    if (low.hi() != 0 || low.lo() != 0) {
      b.range(group, Value.of(0), before(low));
    }
    if (!high.equals(last)) {
      b.range(group, high.next(), last);
    }
  }

  private static Value before(Value v) {
    return v.lo() != 0 ? new Value(v.hi(), v.lo() - 1) : new Value(v.hi() - 1, -1);
  }

  private boolean isPrefix(AddressMatch match) {
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
    DimensionBuilder b = new DimensionBuilder(groups, Value.of(values - 1));
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      int group = i >> shift;
      switch (field) {
        case PROTOCOL -> protocol(b, group, rule.ip());
        case SOURCE_PORT -> ports(b, group, rule, true);
        case DESTINATION_PORT -> ports(b, group, rule, false);
        case IN -> interfaces(b, group, rule.ip().in());
        case OUT -> interfaces(b, group, rule.ip().out());
      }
    }
    if (!b.isUseful()) {
      return;
    }
    Value[] bounds = b.bounds();
    List<long[]> rows = new ArrayList<>();
    char[] classes = b.classes(rows);
    char[] byValue = new char[values];
    for (int i = 0; i < bounds.length; i++) {
      int from = (int) bounds[i].lo();
      int until = i + 1 < bounds.length ? (int) bounds[i + 1].lo() : values;
      Arrays.fill(byValue, from, until, classes[i]);
    }
    to.add(new Dimension.Small(field, byValue, rows.toArray(long[][]::new)));
  }

  private static void protocol(DimensionBuilder b, int group, IpMatch ip) {
    int protocol = ip.protocol();
    if (!ip.protocolGiven() || protocol == 0) {
      b.any(group);
    } else if (!ip.protocolInverted()) {
      b.range(group, Value.of(protocol), Value.of(protocol));
    } else {
      b.range(group, Value.of(0), Value.of(protocol - 1));
      if (protocol < 255) {
        b.range(group, Value.of(protocol + 1), Value.of(255));
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
          b.range(group, Value.of(ranges[i]), Value.of(ranges[i + 1]));
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
      b.range(group, Value.of(0), Value.of(0));
    }
    for (NetInterface each : interfaces) {
      if (match.matches(each.name())) {
        b.range(group, Value.of(each.id() + 1), Value.of(each.id() + 1));
      }
    }
  }
}
