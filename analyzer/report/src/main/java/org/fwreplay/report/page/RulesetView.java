package org.fwreplay.report.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.report.ReplayResult;
import org.fwreplay.report.RulesetResult;
import org.fwreplay.report.RulesetResult.ChainResult;
import org.fwreplay.report.RulesetResult.RuleResult;
import org.fwreplay.report.RulesetResult.TableResult;

/**
 * A ruleset as text with its counters.
 *
 * @param summary how many rules there are and how many were never hit
 * @param unreachable how many of them no packet can hit, in words
 */
public record RulesetView(
    String family, String file, String summary, String unreachable, List<TableView> tables) {
  /** Runs of rules that were never hit are summed up from this length on. */
  private static final int LONG_RUN = 40;

  /** Of such a run these many are shown at each end. */
  private static final int SHOWN_OF_RUN = 3;

  /** The text of so many of them is there to be unfolded. */
  private static final int MAX_FOLDED = 5_000;

  /** The smallest share that can be seen. */
  private static final double VISIBLE = 0.015;

  /** A table. */
  public record TableView(String name, List<ChainView> chains) {}

  /**
   * A chain.
   *
   * @param policy in words, or empty for a user's chain
   * @param style of the policy's colour
   * @param end how many packets came to its end
   * @param decided whether its policy decided about some
   * @param linked whether it is known which connections hit its rules
   */
  public record ChainView(
      String anchor,
      String name,
      String policy,
      String style,
      String end,
      boolean decided,
      boolean linked,
      List<RuleView> rules) {}

  /**
   * A rule, or in place of several that were never hit how many.
   *
   * @param left how many rules are folded up here, in words; null for a rule
   * @param folded their text
   * @param bar how long it is, in per cent
   * @param share of all packets, in words
   * @param first when it was hit first, likewise {@code last}; empty for never
   * @param unreachable why no packet can hit it, or null
   * @param append {@code -A} and the chain
   * @param before the rest of its text up to {@code -j} or {@code -g}
   * @param jump that and a blank, or empty
   * @param target where it sends packets, may be empty
   * @param targetAnchor of the chain that it jumps to, or null
   * @param style of the target's colour
   * @param after the rest
   */
  public record RuleView(
      String left,
      List<String> folded,
      String anchor,
      String line,
      String packets,
      String bytes,
      String bar,
      String share,
      String decided,
      String first,
      String last,
      boolean idle,
      String unreachable,
      boolean undecided,
      String append,
      String before,
      String jump,
      String target,
      String targetAnchor,
      String style,
      String after) {}

  /** The rulesets of a run. */
  static List<RulesetView> all(ReplayResult result, References references, long allPackets) {
    return result.rulesets().stream()
        .map(ruleset -> of(ruleset, references, allPackets, result.firstNs()))
        .toList();
  }

  private static RulesetView of(
      RulesetResult ruleset, References references, long allPackets, long startNs) {
    List<RuleResult> rules = ruleset.rules();
    Unreachable unreachable = new Unreachable(ruleset);
    long idle = rules.stream().filter(rule -> rule.packets() == 0).count();
    long dead = rules.stream().filter(rule -> unreachable.why(rule) != null).count();
    String summary =
        Format.count(rules.size(), "rule", "rules") + ", " + Format.count(idle) + " never hit";
    boolean linked = ruleset.source() != null;
    List<TableView> tables = new ArrayList<>();
    for (TableResult table : ruleset.tables()) {
      tables.add(new Reading(table, references, unreachable, allPackets, startNs, linked).table());
    }
    return new RulesetView(
        ruleset.family(),
        ruleset.file(),
        summary,
        dead == 0 ? "" : Format.count(dead) + " of them unreachable",
        List.copyOf(tables));
  }

  private static final class Reading {
    private final TableResult table;
    private final References references;
    private final Unreachable unreachable;
    private final long allPackets;
    private final long startNs;
    private final boolean linked;
    private final Map<String, String> chainAnchors = new HashMap<>();

    Reading(
        TableResult table,
        References references,
        Unreachable unreachable,
        long allPackets,
        long startNs,
        boolean linked) {
      this.linked = linked;
      this.table = table;
      this.references = references;
      this.unreachable = unreachable;
      this.allPackets = allPackets;
      this.startNs = startNs;
      table.chains().forEach(c -> chainAnchors.put(c.name(), references.get(c.id()).anchor()));
    }

    TableView table() {
      return new TableView(table.name(), table.chains().stream().map(this::chain).toList());
    }

    private ChainView chain(ChainResult chain) {
      boolean builtin = chain.policy() != null;
      String end =
          builtin
              ? Format.count(chain.packets(), "packet", "packets") + " by policy"
              : Format.count(chain.packets(), "packet", "packets") + " returned at its end";
      return new ChainView(
          references.get(chain.id()).anchor(),
          chain.name(),
          builtin ? chain.policy() : "",
          builtin ? Styles.ofTarget(chain.policy()) : "other",
          end,
          chain.decided() > 0,
          linked,
          rules(chain.rules()));
    }

    private List<RuleView> rules(List<RuleResult> rules) {
      List<RuleView> views = new ArrayList<>();
      int at = 0;
      while (at < rules.size()) {
        int end = at;
        while (end < rules.size() && rules.get(end).packets() == 0) {
          end++;
        }
        if (end - at < LONG_RUN) {
          end = Math.max(end, at + 1);
          rules.subList(at, end).forEach(rule -> views.add(rule(rule)));
        } else {
          rules.subList(at, at + SHOWN_OF_RUN).forEach(rule -> views.add(rule(rule)));
          views.add(left(rules.subList(at + SHOWN_OF_RUN, end - SHOWN_OF_RUN)));
          rules.subList(end - SHOWN_OF_RUN, end).forEach(rule -> views.add(rule(rule)));
        }
        at = end;
      }
      return List.copyOf(views);
    }

    private RuleView left(List<RuleResult> rules) {
      int first = rules.get(0).position().line();
      int last = rules.get(rules.size() - 1).position().line();
      long dead = rules.stream().filter(rule -> unreachable.why(rule) != null).count();
      String words =
          Format.count(rules.size())
              + " rules never hit, lines "
              + first
              + " to "
              + last
              + (dead == 0 ? "" : ", " + Format.count(dead) + " of them unreachable");
      List<String> texts =
          rules.stream()
              .limit(MAX_FOLDED)
              .map(rule -> rule.position().line() + "  " + rule.text())
              .toList();
      return new RuleView(
          words, texts, "", "", "", "", "", "", "", "", "", true, null, false, "", "", "", "", null,
          "other", "");
    }

    private RuleView rule(RuleResult rule) {
      String text = rule.text();
      int matches = text.indexOf(' ', "-A ".length());
      matches = matches < 0 ? text.length() : matches;
      int jump = jump(text);
      jump = jump < 0 ? text.length() : jump + 1;
      int from = Math.min(text.length(), jump + "-j ".length());
      int to = text.indexOf(' ', from);
      to = to < 0 ? text.length() : to;
      String target = text.substring(from, to);
      return new RuleView(
          null,
          List.of(),
          references.get(rule.id()).anchor(),
          Integer.toString(rule.position().line()),
          Format.count(rule.packets()),
          Format.bytes(rule.bytes()),
          Format.percent(Math.max(rule.packets(), allPackets * VISIBLE), allPackets),
          Format.share(rule.packets(), allPackets),
          rule.decided() == 0 ? "" : Format.count(rule.decided()),
          time(rule.firstNs()),
          time(rule.lastNs()),
          rule.packets() == 0,
          unreachable.why(rule),
          rule.undecided(),
          text.substring(0, matches),
          text.substring(matches, jump),
          text.substring(jump, from),
          target,
          chainAnchors.get(target),
          Styles.ofTarget(target),
          text.substring(to));
    }

    private String time(long ns) {
      return ns < 0 ? "" : Format.time(ns - startNs);
    }

    /** Where {@code -j} or {@code -g} stands outside of quotes, with the blank before it; or -1. */
    private static int jump(String text) {
      boolean quoted = false;
      for (int i = 0; i + 4 <= text.length(); i++) {
        char c = text.charAt(i);
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = !quoted;
        } else if (!quoted && (text.startsWith(" -j ", i) || text.startsWith(" -g ", i))) {
          return i;
        }
      }
      return -1;
    }
  }
}
