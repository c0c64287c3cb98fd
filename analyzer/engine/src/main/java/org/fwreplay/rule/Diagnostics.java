package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what there is to say about one ruleset. */
final class Diagnostics {
  private final List<Diagnostic> all = new ArrayList<>();
  private int errors;

  void error(SourcePosition at, String word, String message, String hint) {
    errors++;
    all.add(new Diagnostic(Severity.ERROR, at, word, message, hint));
  }

  void warning(SourcePosition at, String word, String message, String hint) {
    all.add(new Diagnostic(Severity.WARNING, at, word, message, hint));
  }

  boolean hasErrors() {
    return errors > 0;
  }

  int errors() {
    return errors;
  }

  /** In the order of the text. */
  List<Diagnostic> list() {
    List<Diagnostic> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparingInt(Diagnostic::line).thenComparingInt(Diagnostic::column));
    return List.copyOf(sorted);
  }
}
