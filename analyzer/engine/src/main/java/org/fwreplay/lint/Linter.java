package org.fwreplay.lint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.diagnostic.Severity;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.region.Space;
import org.fwreplay.rule.ParseResult;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.rule.Table;

/** Finds what is wrong, dead or doubtful in a ruleset. */
public final class Linter {
  private final List<Finding> findings = new ArrayList<>();

  private Linter() {}

  /** All findings of a text, in its order; of one that is refused, why it is. */
  public static List<Finding> lint(ParseResult result) {
    Linter linter = new Linter();
    for (Diagnostic each : result.diagnostics()) {
      linter.findings.add(finding(each));
    }
    if (result.ruleset() != null) {
      linter.ruleset(result.ruleset());
    }
    linter.findings.sort(
        Comparator.comparing((Finding f) -> f.position().file())
            .thenComparing(f -> f.position().line())
            .thenComparing(f -> f.position().column()));
    return List.copyOf(linter.findings);
  }

  /** What the reader of a text said. */
  static Finding finding(Diagnostic each) {
    String code = each.severity() == Severity.ERROR ? Finding.REJECTED : "doubtful";
    String hint = each.hint().isEmpty() ? "" : "; " + each.hint();
    return new Finding(each.severity(), code, each.position(), each.message() + hint, List.of());
  }

  private void ruleset(Ruleset ruleset) {
    Headers headers = new Headers(ruleset.family());
    Space space = Space.of(ruleset.family(), List.of(ruleset), headers.all());
    SourcePosition top = new SourcePosition(ruleset.file(), 1, 1);
    for (Table table : ruleset.tables()) {
      TableLint lint = new TableLint(space, headers, table);
      new RuleFindings(this, lint).report();
      new ChainFindings(this, lint, top).report();
      new StateFindings(this, lint, top).report();
    }
  }

  void add(Severity severity, String code, SourcePosition position, String message) {
    add(severity, code, position, message, List.of());
  }

  void add(
      Severity severity,
      String code,
      SourcePosition position,
      String message,
      List<Finding.Related> related) {
    findings.add(new Finding(severity, code, position, message, related));
  }
}
