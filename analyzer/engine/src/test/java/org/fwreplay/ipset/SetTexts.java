package org.fwreplay.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.diagnostic.Diagnostics;

/** Sets from texts, for tests. */
final class SetTexts {
  private SetTexts() {}

  /** The sets of lines that must all be right. */
  static SetFile read(String... lines) {
    Diagnostics diagnostics = new Diagnostics();
    SetReader reader = new SetReader();
    reader.text(diagnostics, "sets", String.join("\n", lines) + "\n");
    assertThat(diagnostics.list()).isEmpty();
    return reader.finish();
  }

  /** What is said of lines, a line each. */
  static java.util.List<String> complaints(String... lines) {
    Diagnostics diagnostics = new Diagnostics();
    new SetReader().text(diagnostics, "sets", String.join("\n", lines) + "\n");
    return diagnostics.list().stream().map(Diagnostic::toString).toList();
  }

  /** The elements that lines make of a set {@code s}, without their {@code add s}, sorted. */
  static java.util.List<String> elements(String... lines) {
    return read(lines)
        .save()
        .lines()
        .filter(line -> line.startsWith("add s "))
        .map(line -> line.substring("add s ".length()))
        .sorted()
        .toList();
  }
}
