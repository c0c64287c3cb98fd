package org.fwreplay.rule;

import java.util.List;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.diagnostic.Severity;
import org.fwreplay.ipset.SetFile;

/**
 * What became of a ruleset's text: the ruleset, or the reasons why not.
 *
 * @param ruleset null where there are errors
 * @param diagnostics errors and warnings in the order of the text
 * @param sets the IP sets there are after the text: those before it, and what a script made
 */
public record ParseResult(Ruleset ruleset, List<Diagnostic> diagnostics, SetFile sets) {
  public ParseResult {
    diagnostics = List.copyOf(diagnostics);
  }

  /** Whether there is a ruleset. */
  public boolean isValid() {
    return ruleset != null;
  }

  /** Only what refuses the ruleset. */
  public List<Diagnostic> errors() {
    return diagnostics.stream().filter(d -> d.severity() == Severity.ERROR).toList();
  }

  /** Only what does not refuse it. */
  public List<Diagnostic> warnings() {
    return diagnostics.stream().filter(d -> d.severity() == Severity.WARNING).toList();
  }
}
