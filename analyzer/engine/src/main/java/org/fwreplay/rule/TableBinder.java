package org.fwreplay.rule;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.host.NetInterface;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.LogRequest;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.Validity;
import org.fwreplay.xt.Verdict;

/** Lays the chains of a table out for the walk. */
final class TableBinder {
  private static final int TRACE_LEVEL = 4;

  private final BoundRuleset ruleset;
  private final Table table;
  private final BindingContext context;
  private final List<NetInterface> interfaces;
  private final Map<String, Integer> starts = new HashMap<>();
  private final Entry[] entries;

  /** {@link #key} by entry; made when the first rule asks for its chance. */
  private long[] keys;

  TableBinder(BoundRuleset ruleset, Table table, BindingContext context) {
    this.ruleset = ruleset;
    this.table = table;
    this.context = context;
    interfaces = context.host().interfaces();
    int size = 0;
    for (Chain chain : table.chains()) {
      starts.put(chain.name(), size);
      size += chain.rules().size() + 1;
    }
    entries = new Entry[size];
  }

  BoundTable bind(PlaceCounters counters) {
    int[] first = new int[Hook.values().length];
    int[] policy = new int[first.length];
    Arrays.fill(first, -1);
    Arrays.fill(policy, -1);
    for (Chain chain : table.chains()) {
      int start = starts.get(chain.name());
      int end = fill(chain, start);
      if (chain.isBuiltin()) {
        int hook = Hook.valueOf(chain.name()).ordinal();
        first[hook] = start;
        policy[hook] = end;
      }
    }
    ChainIndex[] indexes = new ChainIndex[entries.length];
    int[] startOf = new int[entries.length];
    for (Chain chain : table.chains()) {
      int start = starts.get(chain.name());
      int behind = start + chain.rules().size() + 1;
      Arrays.fill(startOf, start, behind, start);
      Arrays.fill(
          indexes, start, behind, ChainIndexBuilder.build(ruleset.family(), context, chain));
    }
    // Chains never lead in circles, so that no more jumps are open than there are chains.
    int depth = table.chains().size();
    boolean ipv6 = ruleset.family() == Family.IPV6;
    return new BoundTable(
        table.name(), ipv6, entries, first, policy, depth, indexes, startOf, counters, this::trace);
  }

  /**
   * What the kernel logs of a packet traced when a rule matched or a chain ended. It takes every
   * unconditional verdict for a chain's end ({@code get_chainname_rulenum}).
   */
  private LogRequest trace(int place) {
    Chain chain = ruleset.chain(place).chain();
    int number = chain.rules().size() + 1;
    boolean end = true;
    if (ruleset.isRule(place)) {
      Rule rule = ruleset.rule(place).rule();
      number = rule.number();
      end = rule.isUnconditional() && rule.target() instanceof RuleTarget.Standard;
    }
    String what = !end ? "rule" : chain.isBuiltin() ? "policy" : "return";
    String prefix = "TRACE: " + table.name() + ":" + chain.name() + ":" + what + ":" + number + " ";
    return new LogRequest(prefix, TRACE_LEVEL, LogRequest.ALL, -1);
  }

  private int fill(Chain chain, int start) {
    int at = start;
    int place = ruleset.firstPlace(chain);
    for (Rule rule : chain.rules()) {
      entries[at] = entry(rule, place++, at);
      at++;
    }
    int end = ruleset.end(chain);
    entries[at] =
        chain.isBuiltin()
            ? new Entry(end, Entry.VERDICT, verdict(chain.policy()))
            : new Entry(end, Entry.RETURN, 0);
    return at;
  }

  private static int verdict(String policy) {
    return policy.equals("DROP") ? Verdict.DROP : Verdict.ACCEPT;
  }

  /** Names a rule by its text, so that its chance is the same when others come before it. */
  private long key(int entry) {
    if (keys == null) {
      keys = new long[entries.length];
      Map<String, Integer> same = new HashMap<>();
      for (Chain chain : table.chains()) {
        int at = starts.get(chain.name());
        for (Rule rule : chain.rules()) {
          String text = table.name() + " " + chain.name() + " " + rule.text();
          keys[at++] = text.hashCode() * 31L + same.merge(text, 1, Integer::sum);
        }
      }
    }
    return keys[entry];
  }

  private Entry entry(Rule rule, int place, int at) {
    Binding binding = context.forRule(ruleset.family(), table.name(), () -> key(at));
    Matcher[] matches = new Matcher[rule.matches().size()];
    Validity[] validities = new Validity[matches.length];
    for (int i = 0; i < matches.length; i++) {
      PacketMatch match = rule.matches().get(i).match();
      matches[i] = match.bind(binding);
      validities[i] = match.validity();
    }
    RuleTarget target = rule.target();
    int kind = Entry.NEXT;
    int value = 0;
    Action action = null;
    if (target instanceof RuleTarget.Standard standard) {
      kind = standard.verdict() == Verdict.RETURN ? Entry.RETURN : Entry.VERDICT;
      value = standard.verdict();
    } else if (target instanceof RuleTarget.Jump) {
      kind = Entry.JUMP;
      value = starts.get(target.name());
    } else if (target instanceof RuleTarget.Goto) {
      kind = Entry.GOTO;
      value = starts.get(target.name());
    } else if (target instanceof RuleTarget.Extension extension) {
      kind = Entry.ACTION;
      action = extension.target().bind(binding);
    }
    return new Entry(place, rule.ip(), matches, validities, kind, value, action, interfaces);
  }
}
