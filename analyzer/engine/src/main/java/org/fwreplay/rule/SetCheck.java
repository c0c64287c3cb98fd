package org.fwreplay.rule;

import java.util.List;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.diagnostic.Diagnostics;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.packet.Family;

/** Whether the IP sets that rules name are there, and for their family, as iptables demands. */
public final class SetCheck {
  private final Ruleset ruleset;
  private final SetFile sets;
  private final Diagnostics diagnostics = new Diagnostics();

  private SetCheck(Ruleset ruleset, SetFile sets) {
    this.ruleset = ruleset;
    this.sets = sets;
  }

  /** All that is wrong with the sets that a ruleset names, in the order of its text. */
  public static List<Diagnostic> run(Ruleset ruleset, SetFile sets) {
    SetCheck check = new SetCheck(ruleset, sets);
    for (Table table : ruleset.tables()) {
      table.chains().forEach(chain -> chain.rules().forEach(check::rule));
    }
    return check.diagnostics.list();
  }

  private void rule(Rule rule) {
    for (MatchUse use : rule.matches()) {
      use.match().sets().forEach(name -> set(rule, name));
    }
    if (rule.target() instanceof RuleTarget.Extension extension) {
      extension.target().sets().forEach(name -> set(rule, name));
    }
  }

  private void set(Rule rule, String name) {
    Family family = sets.family(name);
    if (!sets.names().contains(name)) {
      String hint = Suggestions.hint(name, sets.names());
      diagnostics.error(position(rule, name), name, "no set " + name, hint);
    } else if (family != null && family != ruleset.family()) {
      String six = family == Family.IPV6 ? "IPv6" : "IPv4";
      diagnostics.error(
          position(rule, name),
          name,
          "set " + name + " is for " + six,
          "a set of the rule's family");
    }
  }

  private static SourcePosition position(Rule rule, String name) {
    SourcePosition start = rule.position();
    List<Word> words = Word.split(rule.text(), 0);
    if (words != null) {
      for (Word word : words) {
        if (word.text().equals(name)) {
          return start.at(start.column() + word.column() - 1);
        }
      }
    }
    return start;
  }
}
