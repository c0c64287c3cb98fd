package org.fwreplay.hook;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.diagnostic.Diagnostics;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.rule.BindingContext;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.ParseResult;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RuleTarget;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.rule.RulesetWriter;
import org.fwreplay.rule.Table;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.Verdict;

/**
 * What user space may do with the tables of a family while packets go through them: the four
 * operations of ip_tables (socket options 64 and 65, read and written): get info, get entries,
 * replace, add counters.
 *
 * <p>Positions count entries from the beginning of the table, as the first versions did; the
 * kernel's own count bytes, which depend on the sizes of structures on its machine.
 */
public final class TableOperations {
  private final Netfilter netfilter;
  private final Family family;
  private final BindingContext context;
  private final Extensions extensions;
  private final Map<String, BoundRuleset> current = new HashMap<>();

  /**
   * {@code struct ipt_getinfo}.
   *
   * @param hookEntry by hook the position at which its walk begins
   * @param underflow by hook the position of its policy
   * @param entries how many entries there are
   */
  public record Info(
      String name, Map<Hook, Integer> hookEntry, Map<Hook, Integer> underflow, int entries) {}

  /** What an entry is. */
  public enum Kind {
    RULE,
    /** The end of a chain: a policy, or RETURN. */
    END,
    /** {@code ERROR}: the beginning of a user's chain, or the end of the table. */
    ERROR
  }

  /**
   * {@code struct ipt_entry} with its matches and target.
   *
   * @param text what the rule, policy or chain is called
   * @param verdict of a standard target: the position that it goes on at, or less than 0 a verdict
   *     (DROP -1, ACCEPT -2, QUEUE -4, RETURN -5); the next position where there is no target; 0
   *     for the targets of extensions
   */
  public record Entry(
      int position, Kind kind, String text, int verdict, long packets, long bytes) {}

  /** Packets and bytes of an entry. */
  public record Counters(long packets, long bytes) {}

  /**
   * What became of a replacement.
   *
   * @param errors why the old table is still there; empty where it is not
   * @param old the old entries' counters, as they were at the moment of the replacement
   */
  public record Replaced(List<Diagnostic> errors, List<Counters> old) {
    public Replaced {
      errors = List.copyOf(errors);
      old = List.copyOf(old);
    }
  }

  /**
   * Operations on the tables of a run.
   *
   * @param rules those bound when the run was made
   * @param context what rules are bound with
   */
  public TableOperations(
      Netfilter netfilter, BoundRuleset rules, BindingContext context, Extensions extensions) {
    this.netfilter = netfilter;
    this.family = rules.family();
    this.context = context;
    this.extensions = extensions;
    rules.ruleset().tables().forEach(table -> current.put(table.name(), rules));
  }

  /** Hook entry points and size of a table. */
  public Info info(String name) {
    Table table = table(name);
    Map<Hook, Integer> entry = new EnumMap<>(Hook.class);
    Map<Hook, Integer> underflow = new EnumMap<>(Hook.class);
    Map<String, Integer> starts = starts(table);
    for (Chain chain : table.chains()) {
      if (chain.isBuiltin()) {
        Hook hook = Hook.valueOf(chain.name());
        entry.put(hook, starts.get(chain.name()));
        underflow.put(hook, starts.get(chain.name()) + chain.rules().size());
      }
    }
    return new Info(name, entry, underflow, entries(name).size());
  }

  /** All entries of a table with their counters, in the order in which they lie. */
  public List<Entry> entries(String name) {
    Table table = table(name);
    BoundRuleset bound = current.get(name);
    Map<String, Integer> starts = starts(table);
    List<Entry> entries = new ArrayList<>();
    for (Chain chain : table.chains()) {
      if (!chain.isBuiltin()) {
        entries.add(new Entry(entries.size(), Kind.ERROR, chain.name(), 0, 0, 0));
      }
      for (Rule rule : chain.rules()) {
        int place = bound.place(chain, rule);
        entries.add(
            new Entry(
                entries.size(),
                Kind.RULE,
                RulesetWriter.rule(family, chain, rule),
                verdict(rule.target(), entries.size(), starts),
                bound.packets(place),
                bound.bytes(place)));
      }
      String end = chain.isBuiltin() ? chain.policy() : "RETURN";
      int place = bound.end(chain);
      entries.add(
          new Entry(
              entries.size(),
              Kind.END,
              end,
              verdict(RuleTarget.standard(end), entries.size(), starts),
              bound.packets(place),
              bound.bytes(place)));
    }
    entries.add(new Entry(entries.size(), Kind.ERROR, "ERROR", 0, 0, 0));
    return entries;
  }

  /** Positions of the first rules; a user's chain has an ERROR entry before them. */
  private static Map<String, Integer> starts(Table table) {
    Map<String, Integer> starts = new HashMap<>();
    int at = 0;
    for (Chain chain : table.chains()) {
      at += chain.isBuiltin() ? 0 : 1;
      starts.put(chain.name(), at);
      at += chain.rules().size() + 1;
    }
    return starts;
  }

  private static int verdict(RuleTarget target, int position, Map<String, Integer> starts) {
    if (target instanceof RuleTarget.Standard standard) {
      boolean back = standard.verdict() == Verdict.RETURN;
      return back ? Verdict.RETURN : -standard.verdict() - 1;
    }
    if (target instanceof RuleTarget.Extension) {
      return 0;
    }
    return target instanceof RuleTarget.None ? position + 1 : starts.get(target.name());
  }

  /**
   * Puts another table in the place of one, at once and whole: where anything is wrong with it, the
   * old one stays. Every match and target is checked and begins anew; what they share by a name,
   * such as lists of {@code recent}, stays.
   *
   * @param text the table as iptables-restore reads it
   */
  public Replaced replace(String name, String text) {
    table(name);
    ParseResult result = RulesetParser.parse(family, "replace", text, extensions);
    if (!result.isValid()) {
      return new Replaced(result.errors(), List.of());
    }
    List<Table> tables = result.ruleset().tables();
    if (tables.size() != 1 || !tables.get(0).name().equals(name)) {
      Diagnostics diagnostics = new Diagnostics();
      diagnostics.error(
          new SourcePosition("replace", 1, 1), "*", "expected table " + name + " and no other", "");
      return new Replaced(diagnostics.list(), List.of());
    }
    List<Counters> old =
        entries(name).stream().map(e -> new Counters(e.packets(), e.bytes())).toList();
    BoundRuleset bound = BoundRuleset.bind(result.ruleset(), context);
    netfilter.replace(bound, name);
    current.put(name, bound);
    return new Replaced(List.of(), old);
  }

  /**
   * Adds to the counters of all entries of a table, which user space does after a replacement so
   * that nothing is lost.
   *
   * @param counters as many as there are entries
   * @throws IllegalArgumentException where there are more or fewer
   */
  public void addCounters(String name, List<Counters> counters) {
    List<Entry> entries = entries(name);
    if (counters.size() != entries.size()) {
      throw new IllegalArgumentException(
          "table "
              + name
              + " has "
              + entries.size()
              + " entries, not "
              + counters.size()
              + " (EINVAL)");
    }
    BoundRuleset bound = current.get(name);
    int at = 0;
    for (Chain chain : table(name).chains()) {
      at += chain.isBuiltin() ? 0 : 1;
      for (Rule rule : chain.rules()) {
        add(bound, bound.place(chain, rule), counters.get(at++));
      }
      add(bound, bound.end(chain), counters.get(at++));
    }
  }

  private static void add(BoundRuleset bound, int place, Counters more) {
    bound.count(place, more.packets(), more.bytes());
  }

  private Table table(String name) {
    BoundRuleset bound = current.get(name);
    if (bound == null) {
      throw new IllegalArgumentException(
          "no table "
              + name
              + "; there are "
              + String.join(", ", new TreeSet<>(current.keySet()))
              + " (ENOENT)");
    }
    return bound.ruleset().table(name);
  }
}
