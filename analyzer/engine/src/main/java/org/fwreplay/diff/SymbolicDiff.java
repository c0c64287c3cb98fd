package org.fwreplay.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.region.Box;
import org.fwreplay.region.Region;
import org.fwreplay.region.Space;
import org.fwreplay.region.TargetEffect;
import org.fwreplay.region.Witness;
import org.fwreplay.rule.AddressMatch;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.InterfaceMatch;
import org.fwreplay.rule.IpMatch;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RuleTarget;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.rule.Table;

/**
 * How the filtering of two rulesets differs over all packets there can be: addresses, ports,
 * protocol, interfaces, connection state, mark, ICMP type, TCP flags, fragments.
 *
 * <p>Where two rulesets decide differently, the packet fits a rule that was added, removed, edited
 * or moved, or comes to a policy that changed. So only what fits those is followed through both.
 */
public final class SymbolicDiff {
  private static final int MOST_STEPS = 200_000_000;
  private static final int MOST_PIECES = 20_000;
  private static final List<Hook> HOOKS = List.of(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT);
  private static final InterfaceMatch NONE = new InterfaceMatch("", false);
  private static final InterfaceMatch SOME = new InterfaceMatch("", true);

  /**
   * How a table ends for some packets.
   *
   * @param verdict ACCEPT, DROP, REJECT, or the name of another target
   * @param rule null for the policy
   */
  public record Decision(String verdict, Rule rule) {}

  /**
   * Packets that are decided differently.
   *
   * @param words the box in words
   * @param witnesses packets of the box, the most ordinary first; at least one
   */
  public record Difference(
      Family family,
      Hook hook,
      Box box,
      String words,
      List<Witness> witnesses,
      Decision old,
      Decision now) {}

  /**
   * All of it.
   *
   * @param unmodelled rules whose answer is not known (limit, recent...): taken not to match
   * @param otherTables tables that are not compared: packets are taken as they come to filter
   * @param complete false where it would take too long: there may be more differences
   */
  public record Result(
      List<Difference> differences,
      List<Rule> unmodelled,
      List<OtherTable> otherTables,
      boolean complete) {}

  /**
   * A table that is not compared.
   *
   * @param edits how many differences there are between its rules
   */
  public record OtherTable(String name, long edits) {}

  /** A box with what becomes of it. */
  private record Piece(Box box, Decision decision) {}

  /** A rule with the packets that fit it. */
  private record Near(Rule rule, Region region) {
    boolean meets(Box box) {
      for (Box each : region.boxes()) {
        if (each.intersects(box)) {
          return true;
        }
      }
      return false;
    }
  }

  private final Family family;
  private final Space space;
  private final Set<Rule> unmodelled = new LinkedHashSet<>();

  /** Of each chain the rules that packets of {@link #edited} fit. */
  private final Map<Chain, List<Near>> wide = new IdentityHashMap<>();

  /** Of them those that packets of {@link #followed}, a part of it, fit. */
  private final Map<Chain, List<Near>> near = new IdentityHashMap<>();

  private final List<Difference> differences = new ArrayList<>();
  private Box edited;
  private Box followed;
  private long steps;
  private boolean complete = true;

  private SymbolicDiff(Family family, Collection<Ruleset> rulesets) {
    this.family = family;
    space = Space.of(family, rulesets, HOOKS.stream().map(SymbolicDiff::header).toList());
  }

  private static IpMatch header(Hook hook) {
    InterfaceMatch in = hook == Hook.OUTPUT ? NONE : SOME;
    InterfaceMatch out = hook == Hook.INPUT ? NONE : SOME;
    return new IpMatch(AddressMatch.ANY, AddressMatch.ANY, in, out, false, 0, false, false, false);
  }

  /** Compares the tables filter of two rulesets of one family; null stands for none. */
  public static Result compare(Family family, Ruleset old, Ruleset now) {
    List<Ruleset> both = Stream.of(old, now).filter(Objects::nonNull).toList();
    return new SymbolicDiff(family, both).compare(old, now);
  }

  /** A comparison in a space that knows further rulesets, too. */
  static SymbolicDiff of(Family family, Collection<Ruleset> rulesets) {
    return new SymbolicDiff(family, rulesets);
  }

  Space space() {
    return space;
  }

  Result compare(Ruleset old, Ruleset now) {
    List<Edit> edits = new ArrayList<>();
    new RulesetDiff(family, old, now, edits);
    Table before = old == null ? null : old.table("filter");
    Table after = now == null ? null : now.table("filter");
    for (Hook hook : HOOKS) {
      compare(hook, before, after, edits);
    }
    return new Result(
        List.copyOf(differences), List.copyOf(unmodelled), others(old, now, edits), complete);
  }

  /** Tables with rules that may change or drop packets, too. */
  private static List<OtherTable> others(Ruleset old, Ruleset now, List<Edit> edits) {
    Set<String> names = new LinkedHashSet<>();
    for (Ruleset ruleset : Arrays.asList(old, now)) {
      for (Table table : ruleset == null ? List.<Table>of() : ruleset.tables()) {
        boolean empty =
            table.chains().stream()
                .allMatch(c -> c.rules().isEmpty() && !"DROP".equals(c.policy()));
        if (!table.name().equals("filter") && !empty) {
          names.add(table.name());
        }
      }
    }
    return names.stream()
        .map(
            name ->
                new OtherTable(
                    name, edits.stream().filter(edit -> edit.table().equals(name)).count()))
        .toList();
  }

  private void compare(Hook hook, Table old, Table now, List<Edit> edits) {
    List<Box> seen = new ArrayList<>();
    Box all = space.region(header(hook)).boxes().get(0);
    for (Edit edit : edits) {
      if (edit.table().equals("filter")) {
        for (Box candidate : candidates(edit, hook)) {
          edited = candidate.and(all);
          wide.clear();
          List<Box> fresh = edited == null ? List.of() : without(List.of(edited), seen);
          fresh.forEach(box -> compare(hook, old, now, box));
          seen.addAll(fresh);
        }
      }
    }
  }

  private List<Box> candidates(Edit edit, Hook hook) {
    if (edit.kind() == Edit.Kind.POLICY || edit.kind() == Edit.Kind.TABLE) {
      boolean here = edit.chain().isEmpty() || edit.chain().equals(hook.name());
      return here ? List.of(Box.ALL) : List.of();
    }
    List<Box> boxes = new ArrayList<>();
    for (Rule rule : Arrays.asList(edit.before(), edit.after())) {
      if (rule != null) {
        boxes.addAll(space.region(rule).boxes());
      }
    }
    return boxes;
  }

  private void compare(Hook hook, Table old, Table now, Box box) {
    followed = box;
    near.clear();
    for (Piece before : decide(hook, old, box)) {
      for (Piece after : decide(hook, now, before.box)) {
        if (!before.decision.verdict.equals(after.decision.verdict)) {
          differences.add(
              new Difference(
                  family,
                  hook,
                  after.box,
                  space.words(after.box),
                  space.witnesses(after.box),
                  before.decision,
                  after.decision));
        }
      }
    }
  }

  // -- one table ---------------------------------------------------------------------------------

  private List<Piece> decide(Hook hook, Table table, Box box) {
    List<Piece> pieces = new ArrayList<>();
    Chain chain = table == null ? null : table.chain(hook.name());
    List<Box> rest = chain == null ? List.of(box) : walk(table, chain, List.of(box), pieces);
    String policy = chain == null ? "ACCEPT" : chain.policy();
    rest.forEach(each -> pieces.add(new Piece(each, new Decision(policy, null))));
    return pieces;
  }

  /** Takes boxes through a chain; those that come back. */
  private List<Box> walk(Table table, Chain chain, List<Box> incoming, List<Piece> decided) {
    List<Box> arriving = incoming;
    List<Box> back = new ArrayList<>();
    for (Near each : near.computeIfAbsent(chain, this::near)) {
      if (arriving.isEmpty()) {
        return back;
      }
      List<Box> others = each.region.boxes();
      steps += (long) arriving.size() * Math.max(1, others.size());
      if (steps > MOST_STEPS || arriving.size() > MOST_PIECES) {
        complete = false;
        return back;
      }
      List<Box> missed = new ArrayList<>(arriving.size());
      List<Box> met = new ArrayList<>();
      for (Box box : arriving) {
        (each.meets(box) ? met : missed).add(box);
      }
      if (met.isEmpty()) {
        continue;
      }
      if (!each.region.isExact()) {
        if (matters(each.rule)) {
          unmodelled.add(each.rule);
        }
        continue;
      }
      missed.addAll(without(met, others));
      arriving = act(table, each.rule, inside(met, others), missed, back, decided);
    }
    back.addAll(arriving);
    return back;
  }

  private List<Near> near(Chain chain) {
    List<Near> rules = wide.get(chain);
    if (rules == null) {
      rules = chain.rules().stream().map(rule -> new Near(rule, space.region(rule))).toList();
      rules = fitting(rules, edited);
      wide.put(chain, rules);
    }
    return fitting(rules, followed);
  }

  private List<Near> fitting(List<Near> rules, Box box) {
    steps += rules.size();
    return rules.stream().filter(each -> each.meets(box)).toList();
  }

  /** Whether it matters for verdicts that a rule takes a packet. */
  private static boolean matters(Rule rule) {
    TargetEffect effect = TargetEffect.of(rule.target());
    boolean leads =
        rule.target() instanceof RuleTarget.Jump || rule.target() instanceof RuleTarget.Goto;
    return leads || effect.ends() || effect.returns() || !effect.isKnown() || effect.changes() != 0;
  }

  /** What a rule does with the boxes that hit it; what arrives at the next one. */
  private List<Box> act(
      Table table,
      Rule rule,
      List<Box> hit,
      List<Box> missed,
      List<Box> back,
      List<Piece> decided) {
    RuleTarget target = rule.target();
    TargetEffect effect = TargetEffect.of(target);
    if (target instanceof RuleTarget.Jump) {
      List<Box> again = new ArrayList<>(missed);
      again.addAll(walk(table, table.chain(target.name()), hit, decided));
      return again;
    }
    if (target instanceof RuleTarget.Goto) {
      back.addAll(walk(table, table.chain(target.name()), hit, decided));
      return missed;
    }
    if (effect.returns()) {
      back.addAll(hit);
      return missed;
    }
    if (effect.ends()) {
      hit.forEach(box -> decided.add(new Piece(box, new Decision(target.name(), rule))));
      return missed;
    }
    if (!effect.isKnown() || effect.changes() != 0) {
      unmodelled.add(rule);
    }
    List<Box> on = new ArrayList<>(missed);
    on.addAll(hit);
    return on;
  }

  /** The parts of boxes that are in others, none of them twice. */
  private List<Box> inside(List<Box> boxes, List<Box> others) {
    List<Box> parts = new ArrayList<>();
    for (int i = 0; i < others.size(); i++) {
      List<Box> common = Region.and(boxes, List.of(others.get(i)));
      parts.addAll(without(common, others.subList(0, i)));
    }
    return parts;
  }

  /** What of boxes is in none of the others. */
  private List<Box> without(List<Box> boxes, List<Box> others) {
    List<Box> rest = boxes;
    for (Box other : others) {
      List<Box> smaller = new ArrayList<>();
      rest.forEach(box -> smaller.addAll(box.minus(other, space)));
      rest = smaller;
    }
    return rest;
  }
}
