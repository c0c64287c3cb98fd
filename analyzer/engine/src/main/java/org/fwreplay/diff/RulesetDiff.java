package org.fwreplay.diff;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.rule.Table;
import org.fwreplay.rule.TableType;

/**
 * Two rulesets of one family side by side: which rules belong together, which edits lead from the
 * old one to the new one, and what is between them when only some of the edits are made.
 *
 * <p>A chain that only one of them has is no edit of its own: it matters by the rules that jump
 * there, and is there as soon as one does.
 */
final class RulesetDiff {
  private final Family family;
  private final Ruleset old;
  private final Ruleset now;
  private final Map<String, ChainDiff> chains = new LinkedHashMap<>();
  private final Map<String, Edit> tableEdits = new LinkedHashMap<>();
  private final Set<String> tables = new LinkedHashSet<>();

  /**
   * Aligns two rulesets.
   *
   * @param old null for none, likewise {@code now}
   * @param edits takes the edits found, numbered on from those it has
   */
  RulesetDiff(Family family, Ruleset old, Ruleset now, List<Edit> edits) {
    this.family = family;
    this.old = old;
    this.now = now;
    tablesOf(now).forEach(table -> tables.add(table.name()));
    tablesOf(old).forEach(table -> tables.add(table.name()));
    int slot = 0;
    for (String table : tables) {
      slot = align(table, edits, slot);
    }
  }

  private static List<Table> tablesOf(Ruleset ruleset) {
    return ruleset == null ? List.of() : ruleset.tables();
  }

  private static Table table(Ruleset ruleset, String name) {
    return ruleset == null ? null : ruleset.table(name);
  }

  private static List<Chain> chainsOf(Table table) {
    return table == null ? List.of() : table.chains();
  }

  private int align(String table, List<Edit> edits, int firstSlot) {
    Table before = table(old, table);
    Table after = table(now, table);
    Set<String> names = new LinkedHashSet<>();
    chainsOf(after).forEach(chain -> names.add(chain.name()));
    chainsOf(before).forEach(chain -> names.add(chain.name()));
    int slot = firstSlot;
    List<ChainDiff> both = new ArrayList<>();
    for (String name : names) {
      Chain a = before == null ? null : before.chain(name);
      Chain b = after == null ? null : after.chain(name);
      ChainDiff diff = new ChainDiff(family, table, a, b, slot);
      slot += diff.slots().size();
      chains.put(table + " " + name, diff);
      if (!diff.isOneSided()) {
        both.add(diff);
      }
    }
    both.forEach(ChainDiff::findMoves);
    int known = edits.size();
    String familyName = family == Family.IPV6 ? "ipv6" : "ipv4";
    both.forEach(diff -> diff.number(familyName, edits));
    if ((before == null || after == null) && edits.size() == known) {
      String words = after == null ? "table removed" : "table added";
      Edit edit = new Edit(known, Edit.Kind.TABLE, familyName, table, "", null, null, words);
      edits.add(edit);
      tableEdits.put(table, edit);
    }
    return slot;
  }

  /** The old ruleset, or the new one. */
  Version version(boolean after) {
    Map<String, int[]> slots = new HashMap<>();
    chains.forEach(
        (key, chain) -> {
          if (chain.isIn(after)) {
            slots.put(key, slots(chain.rules(after)));
          }
        });
    return new Version(after ? now : old, slots);
  }

  private static int[] slots(List<ChainDiff.Placed> rules) {
    return rules.stream().mapToInt(ChainDiff.Placed::slot).toArray();
  }

  /**
   * The ruleset with some of the edits made.
   *
   * @param made by {@link Edit#id}
   * @return null where the rules would jump in circles
   */
  Version apply(BitSet made) {
    List<Table> all = new ArrayList<>();
    Map<String, int[]> slots = new HashMap<>();
    for (String name : tables) {
      if (hasTable(name, made)) {
        Table table = table(name, made, slots);
        if (hasLoop(table)) {
          return null;
        }
        all.add(table);
      }
    }
    if (all.isEmpty()) {
      return new Version(null, slots);
    }
    return new Version(new Ruleset(family, all, (now == null ? old : now).file()), slots);
  }

  private boolean hasTable(String name, BitSet made) {
    boolean before = table(old, name) != null;
    boolean after = table(now, name) != null;
    if (before && after) {
      return true;
    }
    Edit edit = tableEdits.get(name);
    if (edit != null) {
      return before != made.get(edit.id());
    }
    List<Edit> own = new ArrayList<>();
    chains.values().stream()
        .filter(chain -> chain.table().equals(name))
        .forEach(chain -> own.addAll(chain.edits()));
    // A table that goes is there until all of it is gone; one that comes as soon as some is there.
    return before
        ? !own.stream().allMatch(each -> made.get(each.id()))
        : own.stream().anyMatch(each -> made.get(each.id()));
  }

  private Table table(String name, BitSet made, Map<String, int[]> slots) {
    Map<String, Chain> built = new LinkedHashMap<>();
    List<ChainDiff> oneSided = new ArrayList<>();
    for (ChainDiff diff : chains.values()) {
      if (diff.table().equals(name) && diff.isOneSided()) {
        oneSided.add(diff);
      } else if (diff.table().equals(name)) {
        built.put(diff.name(), chain(diff, made, slots));
      }
    }
    boolean found = true;
    while (found) {
      Set<String> wanted = new HashSet<>();
      built.values().forEach(c -> c.rules().forEach(rule -> wanted.add(rule.target().name())));
      found = false;
      for (ChainDiff diff : oneSided) {
        if (wanted.contains(diff.name()) && !built.containsKey(diff.name())) {
          built.put(diff.name(), chain(diff, made, slots));
          found = true;
        }
      }
    }
    return new Table(name, ordered(name, built));
  }

  private static Chain chain(ChainDiff diff, BitSet made, Map<String, int[]> slots) {
    List<ChainDiff.Placed> placed = diff.rules(made);
    slots.put(diff.table() + " " + diff.name(), slots(placed));
    List<Rule> rules = new ArrayList<>();
    placed.forEach(each -> rules.add(each.rule().numbered(rules.size() + 1)));
    return new Chain(diff.name(), diff.policy(made), 0, 0, rules, null);
  }

  /** Built-in chains in the order of their hooks, the others by name. */
  private static List<Chain> ordered(String table, Map<String, Chain> built) {
    List<Chain> all = new ArrayList<>();
    TableType.of(table)
        .hooks()
        .forEach(
            hook -> {
              Chain chain = built.remove(hook.name());
              if (chain != null) {
                all.add(chain);
              }
            });
    new TreeSet<>(built.keySet()).forEach(chain -> all.add(built.get(chain)));
    return all;
  }

  private static boolean hasLoop(Table table) {
    Set<String> done = new LinkedHashSet<>();
    for (Chain chain : table.chains()) {
      if (leadsBack(table, chain, new LinkedHashSet<>(), done)) {
        return true;
      }
    }
    return false;
  }

  private static boolean leadsBack(Table table, Chain chain, Set<String> open, Set<String> done) {
    if (done.contains(chain.name())) {
      return false;
    }
    if (!open.add(chain.name())) {
      return true;
    }
    for (var rule : chain.rules()) {
      Chain next = table.chain(rule.target().name());
      if (next != null && leadsBack(table, next, open, done)) {
        return true;
      }
    }
    open.remove(chain.name());
    done.add(chain.name());
    return false;
  }
}
