package org.fwreplay.diff;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RulesetWriter;

/** A chain in the old and in the new ruleset, its rules in one list. */
final class ChainDiff {
  /** A rule of either or both, where it stands in one of them or both. */
  static final class Slot {
    final int id;

    /** The rule at this place in the old chain, or null. */
    final Rule before;

    /** The rule at this place in the new chain, or null. */
    final Rule after;

    /** Null where nothing changed. */
    Edit edit;

    /** The other place of a rule that moved, or null. */
    Slot moved;

    Slot(int id, Rule before, Rule after) {
      this.id = id;
      this.before = before;
      this.after = after;
    }
  }

  /** A rule in a version, with the number of its slot. */
  record Placed(Rule rule, int slot) {}

  private final Family family;
  private final String table;
  private final String name;
  private final Chain old;
  private final Chain now;
  private final List<Slot> slots = new ArrayList<>();
  private final List<Edit> edits = new ArrayList<>();
  private Edit policy;

  /**
   * Aligns two chains.
   *
   * @param old null where there is none, likewise {@code now}
   * @param firstSlot the number that the first slot gets
   */
  ChainDiff(Family family, String table, Chain old, Chain now, int firstSlot) {
    this.family = family;
    this.table = table;
    this.old = old;
    this.now = now;
    name = (old == null ? now : old).name();
    align(old == null ? List.of() : old.rules(), now == null ? List.of() : now.rules(), firstSlot);
  }

  private void align(List<Rule> before, List<Rule> after, int firstSlot) {
    List<String> lines = before.stream().map(this::line).toList();
    List<String> others = after.stream().map(this::line).toList();
    int[] partner = Sequences.common(lines, others);
    Sequences.similar(lines, others, partner);
    int id = firstSlot;
    int j = 0;
    for (int i = 0; i < before.size(); i++) {
      while (partner[i] >= 0 && j < partner[i]) {
        slots.add(new Slot(id++, null, after.get(j++)));
      }
      slots.add(new Slot(id++, before.get(i), partner[i] < 0 ? null : after.get(j++)));
    }
    while (j < after.size()) {
      slots.add(new Slot(id++, null, after.get(j++)));
    }
  }

  /** The rule's words behind its chain. */
  String line(Rule rule) {
    Chain chain = new Chain("", null, 0, 0, List.of(), null);
    return RulesetWriter.rule(family, chain, rule);
  }

  String table() {
    return table;
  }

  String name() {
    return name;
  }

  List<Slot> slots() {
    return slots;
  }

  List<Edit> edits() {
    return edits;
  }

  /** Whether only one of the rulesets has the chain, a user's. */
  boolean isOneSided() {
    return (old == null || now == null) && !isBuiltin();
  }

  private boolean isBuiltin() {
    return (old == null ? now : old).isBuiltin();
  }

  /** Finds rules that stand elsewhere now. */
  void findMoves() {
    Map<String, Deque<Slot>> gone = new HashMap<>();
    for (Slot slot : slots) {
      if (slot.after == null) {
        gone.computeIfAbsent(line(slot.before), key -> new ArrayDeque<>()).add(slot);
      }
    }
    for (Slot slot : slots) {
      Deque<Slot> same = slot.before == null ? gone.get(line(slot.after)) : null;
      if (same != null && !same.isEmpty()) {
        slot.moved = same.poll();
        slot.moved.moved = slot;
      }
    }
  }

  /** Makes edits of what changed. */
  void number(String familyName, List<Edit> all) {
    if (isBuiltin()) {
      String from = old == null ? "ACCEPT" : old.policy();
      String to = now == null ? "ACCEPT" : now.policy();
      if (!from.equals(to)) {
        String words = "policy " + from + " becomes " + to;
        policy = add(all, familyName, Edit.Kind.POLICY, null, null, words);
      }
    }
    for (Slot slot : slots) {
      if (slot.moved != null) {
        // The edit is made where the rule now stands, and is the same at its old place.
        if (slot.before == null) {
          slot.edit = add(all, familyName, Edit.Kind.MOVED, slot.moved.before, slot.after, "");
          slot.moved.edit = slot.edit;
        }
      } else if (slot.before == null) {
        slot.edit = add(all, familyName, Edit.Kind.ADDED, null, slot.after, "");
      } else if (slot.after == null) {
        slot.edit = add(all, familyName, Edit.Kind.REMOVED, slot.before, null, "");
      } else if (!line(slot.before).equals(line(slot.after))) {
        slot.edit = add(all, familyName, Edit.Kind.EDITED, slot.before, slot.after, "");
      }
    }
  }

  private Edit add(
      List<Edit> all, String familyName, Edit.Kind kind, Rule before, Rule after, String words) {
    Edit edit = new Edit(all.size(), kind, familyName, table, name, before, after, words);
    all.add(edit);
    edits.add(edit);
    return edit;
  }

  /** The rules with some of the edits made. */
  List<Placed> rules(BitSet made) {
    List<Placed> rules = new ArrayList<>();
    for (Slot slot : slots) {
      boolean on = slot.edit == null ? isOneSided() && old == null : made.get(slot.edit.id());
      Rule rule = on ? slot.after : slot.before;
      if (rule != null) {
        rules.add(new Placed(rule, slot.moved != null && on ? slot.moved.id : slot.id));
      }
    }
    return rules;
  }

  /** All rules of the old or the new chain. */
  List<Placed> rules(boolean after) {
    List<Placed> rules = new ArrayList<>();
    for (Slot slot : slots) {
      Rule rule = after ? slot.after : slot.before;
      if (rule != null) {
        rules.add(new Placed(rule, slot.moved != null && after ? slot.moved.id : slot.id));
      }
    }
    return rules;
  }

  /** Whether one of the rulesets has the chain. */
  boolean isIn(boolean after) {
    return (after ? now : old) != null;
  }

  /** The policy with some of the edits made; null for a user's chain. */
  String policy(BitSet made) {
    if (!isBuiltin()) {
      return null;
    }
    boolean on = policy != null && made.get(policy.id());
    Chain side = on ? now : old;
    return side == null ? "ACCEPT" : side.policy();
  }
}
