package org.fwreplay.hook;

import org.fwreplay.packet.Hook;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.BoundTable;

/**
 * What one family has hooked up: its tables at Linux's priorities, and whether connection tracking
 * (with defragmentation) and NAT are there at all, which depends on the rules.
 */
final class FamilyHooks {
  /** A family without rules: nothing is hooked up. */
  static final FamilyHooks NONE = new FamilyHooks(null, false, false);

  final BoundRuleset rules;
  final BoundTable raw;
  final BoundTable mangle;
  final BoundTable nat;
  final BoundTable filter;
  final BoundTable security;
  final boolean conntrack;
  final boolean defragment;

  FamilyHooks(BoundRuleset rules, boolean conntrack, boolean defragment) {
    this.rules = rules;
    this.conntrack = conntrack;
    this.defragment = defragment;
    raw = table("raw");
    mangle = table("mangle");
    nat = table("nat");
    filter = table("filter");
    security = table("security");
  }

  /** The same with another table in the place of one. */
  FamilyHooks with(BoundRuleset other, String name) {
    return new FamilyHooks(this, other, name);
  }

  private FamilyHooks(FamilyHooks old, BoundRuleset other, String name) {
    rules = old.rules;
    conntrack = old.conntrack || other.needsConntrack();
    defragment = old.defragment || other.needsDefragmentation();
    BoundTable table = other.table(name);
    raw = name.equals("raw") ? table : old.raw;
    mangle = name.equals("mangle") ? table : old.mangle;
    nat = name.equals("nat") ? table : old.nat;
    filter = name.equals("filter") ? table : old.filter;
    security = name.equals("security") ? table : old.security;
  }

  private BoundTable table(String name) {
    return rules == null ? null : rules.table(name);
  }

  /** Whether the table has a chain at the hook. */
  static boolean serves(BoundTable table, Hook hook) {
    return table != null && table.has(hook);
  }
}
