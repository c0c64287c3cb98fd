package org.fwreplay.region;

import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.InterfaceMatch;
import org.fwreplay.rule.IpMatch;
import org.fwreplay.rule.MatchUse;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.rule.Table;

/**
 * All packets of one family as some rulesets can tell them apart: the axes of the {@link
 * Dimension}s, and what is asked of packets that is not modelled, each question a dimension of its
 * own with the values no (0) and yes (1). Regions of one space can be compared, whichever of its
 * rulesets they come from. Not for several threads.
 */
public final class Space {
  private static final int PORTS = 1 << 16;

  private final Family family;
  private final ValueAxis source;
  private final ValueAxis destination;
  private final ValueAxis mark = new ValueAxis(0, 0xffffffffL);
  private final NameAxis in = new NameAxis();
  private final NameAxis out = new NameAxis();
  private final Map<Object, Integer> questions = new HashMap<>();
  private final Map<Rule, Region> regions = new IdentityHashMap<>();
  private final RuleConditions conditions;

  private Space(Family family) {
    this.family = family;
    source = addresses();
    destination = addresses();
    conditions = new RuleConditions(this);
  }

  /**
   * The space of some rulesets of one family.
   *
   * @param headers what else is going to be asked for
   */
  public static Space of(Family family, Collection<Ruleset> rulesets, Collection<IpMatch> headers) {
    Space space = new Space(family);
    headers.forEach(space.conditions::header);
    for (Ruleset ruleset : rulesets) {
      for (Table table : ruleset.tables()) {
        for (Chain chain : table.chains()) {
          chain.rules().forEach(space.conditions::of);
        }
      }
    }
    space.source.freeze();
    space.destination.freeze();
    space.mark.freeze();
    space.in.freeze();
    space.out.freeze();
    return space;
  }

  private ValueAxis addresses() {
    return family == Family.IPV4 ? new ValueAxis(0, 0xffffffffL) : new ValueAxis(-1, -1);
  }

  /** The family. */
  public Family family() {
    return family;
  }

  /** The packets that a rule's conditions leave. */
  public Region region(Rule rule) {
    return regions.computeIfAbsent(rule, r -> RuleConditions.all(conditions.of(r)));
  }

  /** The dimensions that a rule's matches change, as bits, whether they match or not. */
  public int changes(Rule rule) {
    int mask = 0;
    for (MatchUse use : rule.matches()) {
      mask |= MatchRegions.changes(use.match());
    }
    return mask;
  }

  /** The packets that fit a header. */
  public Region region(IpMatch header) {
    return RuleConditions.all(conditions.header(header));
  }

  /** The conditions of a rule one by one. */
  public List<Condition> conditions(Rule rule) {
    return conditions.of(rule);
  }

  /** Packets of a box, the most ordinary first; at least one. */
  public List<Witness> witnesses(Box box) {
    return Witness.of(this, box);
  }

  /** A box in words, a dimension each. */
  public String words(Box box) {
    return new BoxWords(this).of(box);
  }

  NameAxis names(Dimension dimension) {
    return dimension == Dimension.IN ? in : out;
  }

  /** What is asked in a dimension that is a question. */
  Object question(int dimension) {
    for (Map.Entry<Object, Integer> each : questions.entrySet()) {
      if (each.getValue() == dimension) {
        return each.getKey();
      }
    }
    throw new IllegalArgumentException("no question " + dimension);
  }

  /** How many values a dimension or opaque question has. */
  int size(int dimension) {
    if (dimension >= Dimension.COUNT) {
      return 2;
    }
    return switch (Dimension.values()[dimension]) {
      case DESTINATION -> destination.size();
      case SOURCE -> source.size();
      case DESTINATION_PORT, SOURCE_PORT, ICMP -> PORTS;
      case PROTOCOL -> family == Family.IPV6 ? Dimension.NO_PROTOCOL + 1 : Dimension.NO_PROTOCOL;
      case IN -> in.size();
      case OUT -> out.size();
      case STATE -> CtStates.SIZE;
      case MARK -> mark.size();
      case TCP_FLAGS -> 1 << 6;
      case FRAGMENT -> 2;
    };
  }

  /** The packets whose value is in a set, or out of it. */
  Region where(Dimension dimension, IntSet set, boolean inverted) {
    int size = size(dimension.ordinal());
    IntSet wanted = inverted ? set.complement(size) : set;
    boolean isFull = wanted.equals(IntSet.range(0, size - 1));
    return isFull ? Region.ALL : Region.of(Box.of(dimension, wanted));
  }

  /** The packets of which the answer to a question is yes, or no. */
  Region asked(Object question, boolean inverted) {
    int number = questions.computeIfAbsent(question, q -> Dimension.COUNT + questions.size());
    return Region.of(Box.of(number, IntSet.of(inverted ? 0 : 1)));
  }

  ValueAxis axis(Dimension dimension) {
    return switch (dimension) {
      case SOURCE -> source;
      case DESTINATION -> destination;
      case MARK -> mark;
      default -> throw new IllegalArgumentException(dimension + " has no values");
    };
  }

  Region interfaces(Dimension dimension, InterfaceMatch match) {
    NameAxis axis = dimension == Dimension.IN ? in : out;
    return where(dimension, axis.matching(match), false);
  }
}
