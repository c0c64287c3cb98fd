package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.fwreplay.packet.Family;
import org.fwreplay.xt.PacketTarget;

/**
 * A ruleset bound to a run: state of matches and targets, counters, and the tables to walk.
 *
 * <p>Every rule has a <em>place</em>, a number from 0 to {@link #ruleCount} less one over all
 * tables in the order of the ruleset; behind them the ends of all chains have theirs, where
 * policies are counted. Not for several threads.
 */
public final class BoundRuleset implements RulesetWriter.Counters {
  /** A rule with where it stands. */
  public record RuleRef(Table table, Chain chain, Rule rule) {}

  /** A chain with where it stands. */
  public record ChainRef(Table table, Chain chain) {}

  private final Ruleset ruleset;
  private final List<RuleRef> rules = new ArrayList<>();
  private final List<ChainRef> chains = new ArrayList<>();
  private final Map<Chain, Integer> chainIndex = new IdentityHashMap<>();
  private final Map<Chain, Integer> firstRule = new IdentityHashMap<>();
  private final Map<String, BoundTable> tables = new HashMap<>();
  private final PlaceCounters counters;
  private final int ruleCount;
  private boolean needsConntrack;
  private boolean needsDefragmentation;
  private boolean needsAccounting;

  private BoundRuleset(Ruleset ruleset, BindingContext context) {
    this.ruleset = ruleset;
    for (Table table : ruleset.tables()) {
      for (Chain chain : table.chains()) {
        chainIndex.put(chain, chains.size());
        firstRule.put(chain, rules.size());
        chains.add(new ChainRef(table, chain));
        for (Rule rule : chain.rules()) {
          rules.add(new RuleRef(table, chain, rule));
          needsConntrack |= rule.needsConntrack();
          needsDefragmentation |= rule.needsDefragmentation();
          needsAccounting |= rule.needsAccounting();
        }
      }
    }
    ruleCount = rules.size();
    counters = new PlaceCounters(ruleCount + chains.size());
    for (Table table : ruleset.tables()) {
      TableBinder binder = new TableBinder(this, table, context);
      tables.put(table.name(), binder.bind(counters));
    }
  }

  /** Binds a ruleset to a run. */
  public static BoundRuleset bind(Ruleset ruleset, BindingContext context) {
    return new BoundRuleset(ruleset, context);
  }

  /** What was bound. */
  public Ruleset ruleset() {
    return ruleset;
  }

  /** The family. */
  public Family family() {
    return ruleset.family();
  }

  /** The table of that name, or null where the ruleset has none. */
  public BoundTable table(String name) {
    return tables.get(name);
  }

  /** Has every hit told to {@code hits}; null turns it off. */
  public void record(RuleHits hits) {
    counters.record(hits);
  }

  /** Has every step of every walk told to {@code observer} from now on; null turns it off. */
  public void observe(WalkObserver observer) {
    tables.values().forEach(table -> table.observe(observer));
  }

  /** Whether the kernel hooks up connection tracking because of a rule. */
  public boolean needsConntrack() {
    return needsConntrack;
  }

  /** Whether the kernel puts fragments together because of a rule. */
  public boolean needsDefragmentation() {
    return needsDefragmentation;
  }

  /**
   * What a replay takes for granted because of a rule, a sentence each with the rule's place.
   *
   * @param known whether a target takes nothing for granted, as the run says what it needs to know
   */
  public List<String> assumptions(Predicate<PacketTarget> known) {
    List<String> all = new ArrayList<>();
    for (RuleRef ref : rules) {
      assumptions(ref, known, all);
    }
    return all;
  }

  private static void assumptions(RuleRef ref, Predicate<PacketTarget> known, List<String> all) {
    for (MatchUse use : ref.rule().matches()) {
      assume(ref, use.match().assumption(), all);
    }
    if (ref.rule().target() instanceof RuleTarget.Extension extension
        && !known.test(extension.target())) {
      assume(ref, extension.target().assumption(), all);
    }
  }

  private static void assume(RuleRef ref, String assumption, List<String> all) {
    if (!assumption.isEmpty()) {
      String table = ref.table().name() + " " + ref.chain().name() + " ";
      Rule rule = ref.rule();
      all.add(rule.position() + ": " + table + rule.number() + ": " + assumption);
    }
  }

  /** Whether the kernel counts packets and bytes of connections because of a rule. */
  public boolean needsAccounting() {
    return needsAccounting;
  }

  /** The number of rules. */
  public int ruleCount() {
    return rules.size();
  }

  /** The number of all places: rules and ends of chains. */
  public int placeCount() {
    return counters.packets.length;
  }

  /** Whether a place is a rule's; otherwise it is the end of a chain. */
  public boolean isRule(int place) {
    return place < ruleCount;
  }

  /** The rule at a place. */
  public RuleRef rule(int place) {
    return rules.get(place);
  }

  /** The chain that has its end at a place, or that the place's rule stands in. */
  public ChainRef chain(int place) {
    if (isRule(place)) {
      RuleRef ref = rules.get(place);
      return new ChainRef(ref.table(), ref.chain());
    }
    return chains.get(place - rules.size());
  }

  /** The place of a rule. */
  public int place(Chain chain, Rule rule) {
    return firstPlace(chain) + rule.number() - 1;
  }

  /** The place of a chain's first rule; its others follow. */
  public int firstPlace(Chain chain) {
    return firstRule.get(chain);
  }

  /** The place of a chain's end. */
  public int end(Chain chain) {
    return rules.size() + chainIndex.get(chain);
  }

  /** Whether the rule at a place could not be decided for some packet; see Evaluation. */
  public boolean isUndecided(int place) {
    return isRule(place) && tables.get(rule(place).table().name()).isUndecided(place);
  }

  /** Has what packets meet kept while that is open. */
  public void keep(Trail trail) {
    tables.values().forEach(table -> table.keep(trail));
  }

  /** A packet of that length hits what others of its flow hit before. */
  public void hit(int[] places, int length) {
    counters.hit(places, length);
  }

  /** Packets counted at a place. */
  public long packets(int place) {
    return counters.packets[place];
  }

  /** Bytes, from the IP header on, counted at a place. */
  public long bytes(int place) {
    return counters.bytes[place];
  }

  /** Adds to the counters of a place. */
  public void count(int place, long morePackets, long moreBytes) {
    counters.packets[place] += morePackets;
    counters.bytes[place] += moreBytes;
  }

  @Override
  public long policyPackets(Table table, Chain chain) {
    return counters.packets[end(chain)];
  }

  @Override
  public long policyBytes(Table table, Chain chain) {
    return counters.bytes[end(chain)];
  }

  @Override
  public long packets(Table table, Chain chain, Rule rule) {
    return counters.packets[place(chain, rule)];
  }

  @Override
  public long bytes(Table table, Chain chain, Rule rule) {
    return counters.bytes[place(chain, rule)];
  }

  /** The ruleset with its counters, as {@code iptables-save -c} writes it. */
  public String save() {
    return RulesetWriter.write(ruleset, this);
  }
}
