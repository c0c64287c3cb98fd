package org.fwreplay.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.region.Box;
import org.fwreplay.region.Region;
import org.fwreplay.region.Space;
import org.fwreplay.region.TargetEffect;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RuleTarget;

/** For each chain which packets surely do not come back from it, and what it changes in others. */
final class ChainSummaries {
  /** Packets, as they are when they enter the chain, that end at a rule of it or below. */
  record Taken(Box box, Rule rule) {}

  private static final int MAX_TAKEN = 4096;
  private static final int MAX_RETURNED = 16;
  private static final int MAX_PIECES = 16;

  private final Space space;
  private final ChainGraph graph;
  private final Map<String, List<Taken>> taken = new HashMap<>();
  private final Map<String, Integer> changes = new HashMap<>();

  ChainSummaries(Space space, ChainGraph graph) {
    this.space = space;
    this.graph = graph;
    for (Chain chain : graph.bottomUp()) {
      new Summary().of(chain);
    }
  }

  List<Taken> taken(Chain chain) {
    return taken.get(chain.name());
  }

  /** The dimensions that change in some packets that come back. */
  int changes(Chain chain) {
    return changes.get(chain.name());
  }

  /** The dimensions that a rule's matches and target, or the chain it leads to, change. */
  int changes(Rule rule) {
    Chain target = graph.target(rule);
    int behind = target == null ? TargetEffect.of(rule.target()).changes() : changes(target);
    return behind | space.changes(rule);
  }

  private final class Summary {
    private final List<Taken> all = new ArrayList<>();
    private final List<Box> returned = new ArrayList<>();
    private int dirty;
    private boolean isClosed;

    void of(Chain chain) {
      for (Rule rule : chain.rules()) {
        if (!isClosed) {
          take(rule);
          giveBack(rule);
        }
        dirty |= changes(rule);
      }
      taken.put(chain.name(), all);
      changes.put(chain.name(), dirty);
    }

    private void take(Rule rule) {
      Region region = space.region(rule);
      if (!region.isExact()) {
        return;
      }
      Chain target = graph.target(rule);
      for (Box box : region.boxes()) {
        if (TargetEffect.of(rule.target()).ends()) {
          add(box, rule);
        } else if (target != null) {
          for (Taken below : taken(target)) {
            Box both = box.and(below.box());
            if (both != null) {
              add(both, below.rule());
            }
          }
        }
      }
    }

    private void add(Box box, Rule rule) {
      if ((box.mask() & dirty) != 0 || isClosed) {
        return;
      }
      List<Box> pieces = List.of(box);
      for (Box back : returned) {
        pieces = pieces.stream().flatMap(p -> p.minus(back, space).stream()).toList();
        if (pieces.size() > MAX_PIECES) {
          return;
        }
      }
      if (pieces.contains(Box.ALL)) {
        all.clear();
        isClosed = true;
      }
      pieces.forEach(piece -> all.add(new Taken(piece, rule)));
      isClosed |= all.size() > MAX_TAKEN;
    }

    /** Packets that may leave the chain here; also through a chain that does not come back here. */
    private void giveBack(Rule rule) {
      TargetEffect effect = TargetEffect.of(rule.target());
      if (effect.returns() || !effect.isKnown() || rule.target() instanceof RuleTarget.Goto) {
        space.region(rule).boxes().forEach(box -> returned.add(box.widened(dirty)));
        isClosed |= returned.size() > MAX_RETURNED || returned.contains(Box.ALL);
      }
    }
  }
}
