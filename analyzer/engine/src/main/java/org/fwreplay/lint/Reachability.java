package org.fwreplay.lint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fwreplay.packet.Hook;
import org.fwreplay.region.Box;
import org.fwreplay.region.Cover;
import org.fwreplay.region.Region;
import org.fwreplay.region.Space;
import org.fwreplay.region.TargetEffect;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RuleTarget;

/**
 * Which rules of a table no packet can reach. Walks the chains as a packet would, with all packets
 * at once: what earlier rules surely took is a {@link Cover}; a rule is dead if on every way to it
 * what is left for it is covered. Where that cannot be told in good time, the rule is not dead.
 */
final class Reachability {
  /** What is known of a rule. */
  static final class Fate {
    /** Whether packets come to its chain at all. */
    boolean isVisited;

    boolean isReached;

    /** Whether on some way no packet that comes into its chain fits. */
    boolean isExcluded;

    /** Those that took what could have matched. */
    final Set<Rule> takers = new LinkedHashSet<>();

    /** Whether packets of its probe reach it. */
    boolean isProbed;
  }

  private static final int MAX_DEPTH = 200;
  private static final int MAX_INCOMING = 16;
  private static final int MAX_STEPS = 400_000;

  private final Space space;
  private final ChainGraph graph;
  private final ChainSummaries summaries;
  private final Map<Rule, Box> probes;
  private final Cover<Rule> cover;
  private final Map<Rule, Fate> fates = new IdentityHashMap<>();
  private final Map<String, List<Rule>> policyTakers = new HashMap<>();
  private final Set<String> done = new HashSet<>();
  private int steps;

  /**
   * Walks through all chains.
   *
   * @param entries the packets that there are by hook
   * @param probes packets of which it is to be known whether they reach a rule, by rule
   */
  Reachability(
      Space space,
      ChainGraph graph,
      ChainSummaries summaries,
      Map<Hook, Box> entries,
      Map<Rule, Box> probes) {
    this.space = space;
    this.graph = graph;
    this.summaries = summaries;
    this.probes = probes;
    cover = new Cover<>(space);
    for (Chain chain : graph.table().chains()) {
      chain.rules().forEach(rule -> fates.put(rule, new Fate()));
    }
    for (Chain chain : graph.table().chains()) {
      if (chain.isBuiltin()) {
        visit(chain, List.of(entries.get(Hook.valueOf(chain.name()))), 0);
      }
    }
    if (steps > MAX_STEPS) {
      fates.values().forEach(fate -> fate.isReached = true);
    }
  }

  Fate fate(Rule rule) {
    return fates.get(rule);
  }

  /** The rules that leave nothing to the policy of a built-in chain; empty if it may apply. */
  Collection<Rule> policyTakers(Chain chain) {
    return policyTakers.getOrDefault(chain.name(), List.of());
  }

  private void visit(Chain chain, List<Box> incoming, int depth) {
    int[] before = cover.state();
    List<Box> arriving = incoming;
    for (Rule rule : chain.rules()) {
      if (++steps > MAX_STEPS) {
        return;
      }
      arriving = step(rule, arriving, depth);
    }
    if (chain.isBuiltin()) {
      List<Rule> takers = new ArrayList<>();
      if (cover.covers(arriving.get(0), takers) == Cover.Answer.YES) {
        policyTakers.put(chain.name(), takers);
      }
    }
    cover.truncate(before);
    boolean all =
        chain.rules().stream().allMatch(rule -> fate(rule).isReached && isDone(graph.target(rule)));
    if (all) {
      done.add(chain.name());
    }
  }

  private boolean isDone(Chain chain) {
    return chain == null || done.contains(chain.name());
  }

  /** One rule; what arrives at the next one. */
  private List<Box> step(Rule rule, List<Box> arriving, int depth) {
    Fate fate = fate(rule);
    fate.isVisited = true;
    Chain target = graph.target(rule);
    List<Box> open = Region.and(space.region(rule).boxes(), arriving);
    if (!fate.isReached || !isDone(target)) {
      fate.isExcluded |= open.isEmpty();
      open = uncovered(open, fate.takers);
      fate.isReached |= !open.isEmpty();
    }
    probe(rule, open, fate);
    if (!open.isEmpty()) {
      if (!isDone(target)) {
        descend(target, open.size() > MAX_INCOMING ? arriving : open, depth + 1);
      }
      take(rule, target);
    }
    int changes = summaries.changes(rule);
    if (changes == 0) {
      return arriving;
    }
    cover.forget(changes);
    return arriving.stream().map(box -> box.widened(changes)).toList();
  }

  private List<Box> uncovered(List<Box> boxes, Collection<Rule> takers) {
    List<Box> open = new ArrayList<>(boxes.size());
    for (Box box : boxes) {
      List<Rule> by = new ArrayList<>();
      if (cover.covers(box, by) == Cover.Answer.YES) {
        takers.addAll(by);
      } else {
        open.add(box);
      }
    }
    return open;
  }

  private void probe(Rule rule, List<Box> open, Fate fate) {
    Box probe = probes.get(rule);
    if (probe != null && !fate.isProbed) {
      for (Box box : Region.and(open, List.of(probe))) {
        fate.isProbed |= cover.covers(box, new ArrayList<>()) == Cover.Answer.NO;
      }
    }
  }

  private void descend(Chain chain, List<Box> incoming, int depth) {
    if (depth <= MAX_DEPTH) {
      visit(chain, incoming, depth);
      return;
    }
    List<Chain> below = new ArrayList<>(List.of(chain));
    for (int i = 0; i < below.size(); i++) {
      if (done.add(below.get(i).name())) {
        for (Rule rule : below.get(i).rules()) {
          fate(rule).isReached = true;
          if (graph.target(rule) != null) {
            below.add(graph.target(rule));
          }
        }
      }
    }
  }

  /** What a rule leaves to nobody behind it. */
  private void take(Rule rule, Chain target) {
    Region region = space.region(rule);
    if (!region.isExact()) {
      return;
    }
    TargetEffect effect = TargetEffect.of(rule.target());
    for (Box box : region.boxes()) {
      if (effect.ends() || effect.returns() || rule.target() instanceof RuleTarget.Goto) {
        cover.add(box, rule);
      } else if (target != null) {
        for (ChainSummaries.Taken below : summaries.taken(target)) {
          Box both = box.and(below.box());
          if (both != null) {
            cover.add(both, below.rule());
          }
        }
      }
    }
  }
}
