package org.fwreplay.diagnostic;

import java.util.ArrayList;
import java.util.List;

/** Collects what there is to say about one text. */
public final class Diagnostics {
  private final List<Diagnostic> all = new ArrayList<>();
  private int errors;

  /** Something that refuses the text. */
  public void error(SourcePosition at, String word, String message, String hint) {
    errors++;
    all.add(new Diagnostic(Severity.ERROR, at, word, message, hint));
  }

  /** Something that does not refuse it. */
  public void warning(SourcePosition at, String word, String message, String hint) {
    all.add(new Diagnostic(Severity.WARNING, at, word, message, hint));
  }

  /** Whether the text is refused. */
  public boolean hasErrors() {
    return errors > 0;
  }

  /** How many errors there are. */
  public int errors() {
    return errors;
  }

  /** In the order of the text. */
  public List<Diagnostic> list() {
    List<Diagnostic> sorted = new ArrayList<>(all);
    sorted.sort(Diagnostics::byPlace);
    return List.copyOf(sorted);
  }

  private static int byPlace(Diagnostic a, Diagnostic b) {
    int byLine = Integer.compare(a.line(), b.line());
    return byLine != 0 ? byLine : Integer.compare(a.column(), b.column());
  }
}
