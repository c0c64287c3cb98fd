package org.fwreplay.lint;

import java.util.List;
import org.fwreplay.diagnostic.Severity;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Protocols;
import org.fwreplay.region.Box;
import org.fwreplay.region.CtStates;
import org.fwreplay.region.Dimension;
import org.fwreplay.region.IntSet;
import org.fwreplay.region.Region;
import org.fwreplay.region.Space;
import org.fwreplay.region.TargetEffect;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RuleTarget;

/** What is to be said of how table filter deals with connections. */
final class StateFindings {
  /** From this rule on, established connections have a long way. */
  private static final int LATE = 10;

  private static final int MAX_STEPS = 100_000;
  private static final int MAX_DEPTH = 200;

  private final Linter out;
  private final TableLint lint;
  private final SourcePosition top;
  private int steps;

  StateFindings(Linter out, TableLint lint, SourcePosition top) {
    this.out = out;
    this.lint = lint;
    this.top = top;
  }

  /** Whether a rule accepts TCP that opens a connection, and says so. */
  static boolean acceptsNewTcp(Space space, Rule rule) {
    return isAccept(rule)
        && rule.ip().protocol() == Protocols.TCP
        && !rule.ip().protocolInverted()
        && space.region(rule).boxes().stream()
            .map(box -> box.get(Dimension.STATE))
            .anyMatch(set -> set != null && set.containsAll(CtStates.OPENING));
  }

  private static boolean isAccept(Rule rule) {
    return rule.target() instanceof RuleTarget.Standard && rule.target().name().equals("ACCEPT");
  }

  void report() {
    if (!lint.isFilter()) {
      return;
    }
    for (Chain chain : lint.table.chains()) {
      chain.rules().forEach(this::newWithoutSyn);
      if (chain.isBuiltin() && !chain.rules().isEmpty()) {
        Hook hook = Hook.valueOf(chain.name());
        answers(chain, hook);
        loopback(chain, hook);
        lateEstablished(chain);
      }
    }
  }

  private void newWithoutSyn(Rule rule) {
    if (lint.reachability.fate(rule).isProbed && lint.space.region(rule).isExact()) {
      out.add(
          Severity.INFO,
          "new-without-syn",
          rule.position(),
          "accepts NEW TCP segments that are no SYN: connections are picked up in the middle; add"
              + " --syn, or drop \"-p tcp ! --syn -m conntrack --ctstate NEW\" before it");
    }
  }

  private SourcePosition position(Chain chain) {
    return chain.position() == null ? top : chain.position();
  }

  private void answers(Chain chain, Hook hook) {
    if (accepts(chain, lint.headers.opening(lint.space, hook))
        && !accepts(chain, lint.headers.answers(lint.space, hook))) {
      out.add(
          Severity.WARNING,
          "no-established",
          position(chain),
          "chain "
              + chain.name()
              + " accepts new TCP connections, but no rule accepts the answers to clients (state"
              + " ESTABLISHED, ports from 32768 on)");
    }
  }

  private void loopback(Chain chain, Hook hook) {
    if (hook != Hook.FORWARD
        && accepts(chain, lint.headers.opening(lint.space, hook))
        && !accepts(chain, lint.headers.loopback(lint.space, hook))) {
      out.add(
          Severity.WARNING,
          "no-loopback",
          position(chain),
          "chain "
              + chain.name()
              + " drops what the host sends to itself: no rule accepts connections over lo");
    }
  }

  private void lateEstablished(Chain chain) {
    for (Rule rule : chain.rules()) {
      Region region = lint.space.region(rule);
      boolean isFirst =
          isAccept(rule)
              && region.isExact()
              && region.boxes().stream().anyMatch(StateFindings::isAllEstablished);
      if (isFirst) {
        if (rule.number() > LATE && lint.reachability.fate(rule).isReached) {
          out.add(
              Severity.INFO,
              "established-late",
              rule.position(),
              "every packet of an established connection passes "
                  + (rule.number() - 1)
                  + " rules of chain "
                  + chain.name()
                  + " before this one accepts it");
        }
        return;
      }
    }
  }

  private static boolean isAllEstablished(Box box) {
    IntSet states = box.get(Dimension.STATE);
    return box.mask() == Dimension.STATE.bit() && states.containsAll(CtStates.ANSWERED);
  }

  /** Whether a chain, or its policy, may accept some packet of a box; true where in doubt. */
  private boolean accepts(Chain chain, Box box) {
    steps = 0;
    return accepts(chain, box, 0);
  }

  private boolean accepts(Chain chain, Box box, int depth) {
    Box left = box;
    for (Rule rule : chain.rules()) {
      if (++steps > MAX_STEPS || depth > MAX_DEPTH) {
        return true;
      }
      Region region = lint.space.region(rule);
      TargetEffect effect = TargetEffect.of(rule.target());
      List<Box> fitting = Region.and(region.boxes(), List.of(left));
      Chain target = lint.graph.target(rule);
      for (Box each : fitting) {
        if (effect.accepts() || target != null && accepts(target, each, depth + 1)) {
          return true;
        }
      }
      boolean all = region.isExact() && fitting.contains(left);
      if (all && (effect.ends() || target != null && endsAll(target))) {
        return false;
      }
      if (all && effect.returns()) {
        return isOpen(chain);
      }
      left = left.widened(lint.summaries.changes(rule));
    }
    return isOpen(chain);
  }

  private boolean endsAll(Chain chain) {
    return lint.summaries.taken(chain).stream().anyMatch(taken -> taken.box().isAll());
  }

  private static boolean isOpen(Chain chain) {
    return chain.isBuiltin() && chain.policy().equals("ACCEPT");
  }
}
