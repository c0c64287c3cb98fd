package org.fwreplay.report.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.RulesetResult;
import org.fwreplay.report.flow.FlowRow;
import org.fwreplay.report.flow.FlowVerdict;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.RuleTarget;
import org.fwreplay.xt.target.LogTarget;
import org.fwreplay.xt.target.NflogTarget;

/** Holds expectations against what happened. */
final class Judge {
  private static final int MOST_EXAMPLES = 5;
  private static final Set<FlowVerdict> PASSES =
      Set.of(FlowVerdict.PASSED, FlowVerdict.DELIVERED, FlowVerdict.SENT, FlowVerdict.MIXED);

  private final Checker checker;
  private final Suite suite;
  private final List<Checker.Seen> flows;
  private final Map<Expectation.Frames, List<Checker.SeenFrame>> frames;
  private final Map<String, RulesetResult.RuleResult> rules = new LinkedHashMap<>();
  private final Map<String, RulesetResult.ChainResult> ends = new LinkedHashMap<>();
  private final Map<String, String> logPrefixes = new LinkedHashMap<>();

  Judge(
      Checker checker,
      Suite suite,
      ReplayRun run,
      List<Checker.Seen> flows,
      Map<Expectation.Frames, List<Checker.SeenFrame>> frames,
      List<RulesetResult> rulesets) {
    this.checker = checker;
    this.suite = suite;
    this.flows = flows;
    this.frames = frames;
    for (RulesetResult ruleset : rulesets) {
      ruleset.rules().forEach(rule -> rules.put(rule.id(), rule));
      ruleset.tables().stream()
          .flatMap(table -> table.chains().stream())
          .forEach(chain -> ends.put(chain.id(), chain));
      prefixes(ruleset.ipv6() ? run.rules6() : run.rules4(), ruleset);
    }
  }

  private void prefixes(BoundRuleset bound, RulesetResult ruleset) {
    List<RulesetResult.RuleResult> all = ruleset.rules();
    for (int place = 0; place < bound.ruleCount(); place++) {
      if (bound.rule(place).rule().target() instanceof RuleTarget.Extension extension) {
        if (extension.target() instanceof LogTarget log) {
          logPrefixes.put(all.get(place).id(), log.request().prefix());
        } else if (extension.target() instanceof NflogTarget log) {
          logPrefixes.put(all.get(place).id(), log.request().prefix());
        }
      }
    }
  }

  /** What is wrong, with the rules that it is about. */
  private static final class Problems {
    final List<String> sentences = new ArrayList<>();
    final Set<String> rules = new LinkedHashSet<>();
    private long more;

    void add(String sentence, String rule) {
      if (sentences.size() < MOST_EXAMPLES) {
        sentences.add(sentence);
        if (rule != null) {
          rules.add(rule);
        }
      } else {
        more++;
      }
    }

    List<String> all() {
      if (more > 0) {
        sentences.add("and " + more + " more");
      }
      return List.copyOf(sentences);
    }
  }

  Checked judge(Expectation expectation, String snapshot) {
    Problems problems = new Problems();
    if (expectation instanceof Expectation.Connections c) {
      connections(c, problems);
    } else if (expectation instanceof Expectation.Frames f) {
      frames(f, problems);
    } else if (expectation instanceof Expectation.Hits h) {
      hits(h, problems);
    } else if (expectation instanceof Expectation.Nothing n) {
      nothing(n, problems);
    } else if (snapshot == null) {
      problems.add("there is no snapshot: run with --update", null);
    } else if (!snapshot.equals(checker.snapshot())) {
      Snapshot.differences(snapshot, checker.snapshot()).forEach(each -> problems.add(each, null));
    }
    List<Checked.Place> places =
        problems.rules.stream()
            .map(rules::get)
            .filter(Objects::nonNull)
            .map(r -> new Checked.Place(r.position().file(), r.position().line(), r.text()))
            .toList();
    return new Checked(suite.file(), expectation, problems.all(), places);
  }

  private void connections(Expectation.Connections c, Problems problems) {
    List<Checker.Seen> selected =
        flows.stream().filter(each -> c.selector().matches(checker.subject(each))).toList();
    if (!c.count().holds(selected.size())) {
      problems.add("connections: " + selected.size() + ", expected " + c.count().text(), null);
    }
    for (Checker.Seen seen : selected) {
      List<String> wrong = wrong(c, seen);
      if (!wrong.isEmpty()) {
        String sentence = Snapshot.line(seen.row()) + ": " + String.join("; ", wrong);
        problems.add(sentence, seen.row().rule());
      }
    }
  }

  private List<String> wrong(Expectation.Connections c, Checker.Seen seen) {
    FlowRow row = seen.row();
    List<String> wrong = new ArrayList<>();
    if (!c.verdicts().isEmpty() && !c.verdicts().contains(row.verdict())) {
      String expected =
          c.verdicts().stream().map(FlowVerdict::text).collect(Collectors.joining(" or "));
      wrong.add("expected " + expected);
    }
    demand(wrong, "by", c.by() == null ? null : c.by().text(), isRule(c.by(), row.rule()));
    boolean via = c.via() == null || row.hits().stream().anyMatch(id -> isRule(c.via(), id));
    demand(wrong, "via", c.via() == null ? null : c.via().text(), via);
    demand(wrong, "snat", c.snat(), isEnd(c.snat(), row.sourceBecame()));
    demand(wrong, "dnat", c.dnat(), isEnd(c.dnat(), row.destinationBecame()));
    demand(wrong, "log", c.log(), c.log() == null || row.hits().stream().anyMatch(logs(c.log())));
    demand(wrong, "helper", c.helper(), Objects.equals(c.helper(), seen.helper()));
    return wrong;
  }

  private static void demand(List<String> wrong, String what, String expected, boolean holds) {
    if (expected != null && !holds) {
      wrong.add("expected " + what + " " + expected);
    }
  }

  private boolean isRule(RuleMatch match, String id) {
    if (match == null || id == null) {
      return match == null;
    }
    RulesetResult.RuleResult rule = rules.get(id);
    return rule != null ? match.matches(rule) : match.matches(ends.get(id));
  }

  /** Whether NAT made this of an end: an address, or address and port; {@code none} for nothing. */
  private static boolean isEnd(String expected, String became) {
    return expected == null
        || (expected.equals("none")
            ? became.isEmpty()
            : expected.equals(became) || expected.equals(FlowRow.address(became)));
  }

  private Predicate<String> logs(String prefix) {
    return id -> {
      String found = logPrefixes.get(id);
      return found != null && found.strip().equals(prefix.strip());
    };
  }

  private void frames(Expectation.Frames f, Problems problems) {
    List<Checker.SeenFrame> selected = frames.get(f);
    if (!f.count().holds(selected.size())) {
      problems.add("frames: " + selected.size() + ", expected " + f.count().text(), null);
    }
    for (Checker.SeenFrame seen : selected) {
      boolean fate = f.fates().isEmpty() || f.fates().contains(seen.fate());
      if (!fate || !isRule(f.by(), seen.rule())) {
        String by = seen.rule() == null ? "" : " by " + seen.rule();
        String wanted = fate ? "by " + f.by().text() : String.join(" or ", f.fates());
        problems.add(
            "frame " + seen.frame() + ": " + seen.fate() + by + ": expected " + wanted,
            seen.rule());
      }
    }
  }

  private void hits(Expectation.Hits h, Problems problems) {
    List<RulesetResult.RuleResult> found =
        rules.values().stream().filter(rule -> h.rule().matches(rule)).toList();
    List<RulesetResult.ChainResult> policies =
        ends.values().stream().filter(chain -> h.rule().matches(chain)).toList();
    if (found.isEmpty() && policies.isEmpty()) {
      problems.add("no rule is like this: " + h.rule().text(), null);
    }
    for (RulesetResult.RuleResult rule : found) {
      if (!h.hits().holds(rule.packets())) {
        String place = rule.position().file() + ":" + rule.position().line();
        problems.add(
            place + ": " + rule.packets() + " packets, expected " + h.hits().text(), rule.id());
      }
    }
    for (RulesetResult.ChainResult end : policies) {
      if (!h.hits().holds(end.packets())) {
        problems.add(
            end.id() + ": " + end.packets() + " packets, expected " + h.hits().text(), null);
      }
    }
  }

  private void nothing(Expectation.Nothing n, Problems problems) {
    flows.stream()
        .filter(seen -> PASSES.contains(seen.row().verdict()))
        .filter(seen -> n.selector().matches(checker.subject(seen)))
        .filter(seen -> n.but().stream().noneMatch(b -> b.matches(checker.subject(seen))))
        .sorted(Comparator.comparingLong(seen -> seen.row().frame()))
        .forEach(seen -> problems.add(Snapshot.line(seen.row()), seen.row().rule()));
  }
}
