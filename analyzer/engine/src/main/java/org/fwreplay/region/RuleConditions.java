package org.fwreplay.region;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.AddressMatch;
import org.fwreplay.rule.InterfaceMatch;
import org.fwreplay.rule.IpMatch;
import org.fwreplay.rule.MatchUse;
import org.fwreplay.rule.Rule;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.RuleWriter;

/** What a rule asks, as regions: the header's part, and with {@link MatchRegions} the matches'. */
final class RuleConditions {
  /** An address under a mask that is no prefix. */
  private record Masked(Dimension dimension, long hi, long lo, long maskHi, long maskLo) {}

  private final Space space;
  private final Family family;
  private final MatchRegions matches;

  RuleConditions(Space space) {
    this.space = space;
    family = space.family();
    matches = new MatchRegions(space);
  }

  static Region all(List<Condition> conditions) {
    Region region = Region.ALL;
    for (Condition condition : conditions) {
      region = region.and(condition.region());
    }
    return region;
  }

  List<Condition> of(Rule rule) {
    List<Condition> list = header(rule.ip());
    for (MatchUse use : rule.matches()) {
      list.add(new Condition(() -> text(use), matches.of(use, rule.ip())));
    }
    return list;
  }

  private String text(MatchUse use) {
    StringBuilder text = new StringBuilder("-m ").append(use.name());
    use.match().save(new RuleWriter(text, family));
    return text.toString();
  }

  List<Condition> header(IpMatch ip) {
    List<Condition> list = new ArrayList<>();
    address(list, "-s ", Dimension.SOURCE, ip.source());
    address(list, "-d ", Dimension.DESTINATION, ip.destination());
    interfaceName(list, "-i ", Dimension.IN, ip.in());
    interfaceName(list, "-o ", Dimension.OUT, ip.out());
    if (ip.protocolGiven()) {
      String text = not(ip.protocolInverted()) + "-p " + ip.protocol();
      list.add(new Condition(() -> text, protocol(ip)));
    }
    if (ip.fragment()) {
      IntSet later = IntSet.of(Dimension.LATER_FRAGMENT);
      Region region = space.where(Dimension.FRAGMENT, later, ip.fragmentInverted());
      list.add(new Condition(() -> not(ip.fragmentInverted()) + "-f", region));
    }
    return list;
  }

  private static String not(boolean inverted) {
    return inverted ? "! " : "";
  }

  /** A rule that names a protocol, even all, sees no packet with a broken chain of headers. */
  private Region protocol(IpMatch ip) {
    IntSet known = IntSet.range(0, Dimension.NO_PROTOCOL - 1);
    IntSet named = ip.protocol() == 0 ? known : IntSet.of(ip.protocol());
    IntSet wanted =
        ip.protocolInverted() ? named.complement(Dimension.NO_PROTOCOL).and(known) : named;
    return space.where(Dimension.PROTOCOL, wanted, false);
  }

  private void interfaceName(
      List<Condition> list, String option, Dimension dimension, InterfaceMatch match) {
    if (match != null) {
      String text = not(match.inverted()) + option + match.name();
      list.add(new Condition(() -> text, space.interfaces(dimension, match)));
    }
  }

  private void address(
      List<Condition> list, String option, Dimension dimension, AddressMatch match) {
    if (!match.isAny()) {
      Region region = address(dimension, match);
      list.add(new Condition(() -> not(match.inverted()) + option + match.text(family), region));
    }
  }

  private Region address(Dimension dimension, AddressMatch a) {
    if (AddressText.prefixLength(family, a.maskHi(), a.maskLo()) < 0) {
      Masked question = new Masked(dimension, a.hi(), a.lo(), a.maskHi(), a.maskLo());
      return space.asked(question, a.inverted());
    }
    boolean six = family == Family.IPV6;
    long lastHi = six ? a.hi() | ~a.maskHi() : 0;
    long lastLo = six ? a.lo() | ~a.maskLo() : a.lo() | ~a.maskLo() & 0xffffffffL;
    IntSet points = space.axis(dimension).range(a.hi(), a.lo(), lastHi, lastLo);
    return space.where(dimension, points, a.inverted());
  }
}
