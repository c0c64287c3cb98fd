package org.fwreplay.lint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.diagnostic.Diagnostics;
import org.fwreplay.diagnostic.Severity;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.ipset.SetReader;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.MatchUse;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RuleTarget;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.rule.SetCheck;
import org.fwreplay.rule.Table;

/** What is wrong with a text of IP sets, with rules that name sets, and which sets nobody uses. */
public final class SetLint {
  private final List<Finding> findings = new ArrayList<>();

  private SetLint() {}

  /**
   * All findings.
   *
   * @param file the name of the text that {@code ipset save} wrote
   * @param rulesets those that use the sets
   */
  public static List<Finding> lint(String file, String text, List<Ruleset> rulesets) {
    SetLint lint = new SetLint();
    Diagnostics diagnostics = new Diagnostics();
    SetReader reader = new SetReader();
    reader.text(diagnostics, file, text);
    lint.add(diagnostics.list());
    SetFile sets = reader.finish();
    if (!diagnostics.hasErrors()) {
      rulesets.forEach(ruleset -> lint.add(SetCheck.run(ruleset, sets)));
      lint.unused(file, text, sets, rulesets);
    }
    return lint.findings;
  }

  private void add(List<Diagnostic> diagnostics) {
    for (Diagnostic each : diagnostics) {
      findings.add(Linter.finding(each));
    }
  }

  private void unused(String file, String text, SetFile sets, List<Ruleset> rulesets) {
    Set<String> used = used(rulesets);
    Map<String, Integer> lines = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String[] words = line.strip().split("\\s+");
      if (words.length > 2 && words[0].equals("create")) {
        lines.put(words[1], number);
      } else if (words.length > 2 && words[0].equals("add")) {
        // Of the elements of lists, which are names of sets. Others are none, or do no harm here.
        used.add(words[2]);
      }
    }
    for (String name : sets.names()) {
      if (!used.contains(name)) {
        SourcePosition position = new SourcePosition(file, lines.getOrDefault(name, 1), 1);
        String message = "set " + name + " is not used: no rule and no list names it";
        findings.add(new Finding(Severity.WARNING, "unused-set", position, message, List.of()));
      }
    }
  }

  private static Set<String> used(List<Ruleset> rulesets) {
    Set<String> used = new HashSet<>();
    for (Ruleset ruleset : rulesets) {
      for (Table table : ruleset.tables()) {
        for (Chain chain : table.chains()) {
          chain.rules().forEach(rule -> used.addAll(named(rule)));
        }
      }
    }
    return used;
  }

  private static List<String> named(Rule rule) {
    List<String> names = new ArrayList<>();
    for (MatchUse use : rule.matches()) {
      names.addAll(use.match().sets());
    }
    if (rule.target() instanceof RuleTarget.Extension extension) {
      names.addAll(extension.target().sets());
    }
    return names;
  }
}
