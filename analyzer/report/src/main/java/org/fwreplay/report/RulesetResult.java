package org.fwreplay.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.legacy.Ipchains;
import org.fwreplay.packet.Family;
import org.fwreplay.report.flow.RunNames;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.rule.RulesetWriter;
import org.fwreplay.rule.Table;

/**
 * A ruleset with what was counted.
 *
 * @param file where it was read from
 * @param source what was read; null for rules of ipchains
 */
public record RulesetResult(boolean ipv6, String file, Ruleset source, List<TableResult> tables) {
  private static final String IPCHAINS = "ipchains";

  /** A table in the order of the text. */
  public record TableResult(String name, List<ChainResult> chains) {}

  /**
   * A chain.
   *
   * @param id of its end, as flows refer to it
   * @param policy null for a user's chain
   * @param packets that came to its end
   * @param decided packets whose fate the policy decided
   */
  public record ChainResult(
      String id,
      String name,
      String policy,
      long packets,
      long bytes,
      long decided,
      List<RuleResult> rules) {}

  /**
   * A rule.
   *
   * @param id as flows refer to it
   * @param text as iptables-save writes it
   * @param comment from {@code -m comment}, or null
   * @param decided packets whose fate it decided
   * @param undecided whether a capture cannot tell if it matched some packet
   * @param firstNs when the first packet hit it, ns since the epoch; less than 0 where that was not
   *     collected, or none did
   * @param lastNs when the last one did, likewise
   */
  public record RuleResult(
      String id,
      int number,
      String text,
      String comment,
      SourcePosition position,
      long packets,
      long bytes,
      long decided,
      boolean undecided,
      long firstNs,
      long lastNs) {}

  /** {@code IPv4}, {@code IPv6} or {@code ipchains}. */
  public String family() {
    return source == null ? IPCHAINS : ipv6 ? "IPv6" : "IPv4";
  }

  /** All rules in order. */
  public List<RuleResult> rules() {
    return tables.stream()
        .flatMap(t -> t.chains().stream())
        .flatMap(c -> c.rules().stream())
        .toList();
  }

  /**
   * What a run counted.
   *
   * @param decided packets by the place that decided their fate
   */
  static RulesetResult of(BoundRuleset rules, long[] decided, HitTimes times, RunNames names) {
    Reading reading = new Reading(rules, decided, times, names);
    List<TableResult> tables = rules.ruleset().tables().stream().map(reading::table).toList();
    return new RulesetResult(
        rules.family() == Family.IPV6,
        rules.ruleset().file(),
        rules.ruleset(),
        List.copyOf(tables));
  }

  /** What rules of ipchains counted, as one table. */
  static RulesetResult of(Ipchains rules) {
    List<ChainResult> chains = rules.counted().stream().map(RulesetResult::chain).toList();
    String file =
        chains.stream()
            .flatMap(chain -> chain.rules().stream())
            .map(rule -> rule.position().file())
            .findFirst()
            .orElse(IPCHAINS);
    return new RulesetResult(false, file, null, List.of(new TableResult(IPCHAINS, chains)));
  }

  private static ChainResult chain(Ipchains.CountedChain chain) {
    String id = "ipv4/" + IPCHAINS + "/" + chain.name() + "/";
    List<RuleResult> rules = new ArrayList<>();
    for (Ipchains.CountedRule each : chain.rules()) {
      Ipchains.Count count = each.count();
      rules.add(
          new RuleResult(
              id + (rules.size() + 1),
              rules.size() + 1,
              each.rule().text(),
              null,
              each.rule().position(),
              count.packets(),
              count.bytes(),
              count.decided(),
              false,
              count.firstNs(),
              count.lastNs()));
    }
    Ipchains.Count end = chain.count();
    return new ChainResult(
        id + (chain.policy() == null ? "end" : "policy"),
        chain.name(),
        chain.policy(),
        end.packets(),
        end.bytes(),
        end.decided(),
        List.copyOf(rules));
  }

  private record Reading(BoundRuleset rules, long[] decided, HitTimes times, RunNames names) {
    TableResult table(Table table) {
      return new TableResult(table.name(), table.chains().stream().map(this::chain).toList());
    }

    private ChainResult chain(Chain chain) {
      int end = rules.end(chain);
      int place = rules.firstPlace(chain);
      List<RuleResult> results = new ArrayList<>(chain.rules().size());
      for (Rule rule : chain.rules()) {
        results.add(rule(chain, rule, place++));
      }
      return new ChainResult(
          name(end),
          chain.name(),
          chain.policy(),
          rules.packets(end),
          rules.bytes(end),
          decided[end],
          Collections.unmodifiableList(results));
    }

    private RuleResult rule(Chain chain, Rule rule, int place) {
      return new RuleResult(
          name(place),
          rule.number(),
          RulesetWriter.rule(rules.family(), chain, rule),
          rule.comment(),
          rule.position(),
          rules.packets(place),
          rules.bytes(place),
          decided[place],
          rules.isUndecided(place),
          times.first(place),
          times.last(place));
    }

    private String name(int place) {
      return names.place(rules.family() == Family.IPV6, place);
    }
  }
}
