package org.fwreplay.report.check;

import java.util.List;

/**
 * How an expectation fared.
 *
 * @param problems what is not as expected, a sentence each; empty where all is
 * @param rules ids of the rules that the problems are about
 */
public record Checked(
    String suite, Expectation expectation, List<String> problems, List<Place> rules) {
  /** A rule that a problem is about. */
  public record Place(String file, int line, String text) {}

  /** Whether it holds. */
  public boolean holds() {
    return problems.isEmpty();
  }

  /** What it is called. */
  public String name() {
    return expectation.name();
  }

  /** Where it stands in its suite. */
  public int line() {
    return expectation.line();
  }

  /** The column, from 1. */
  public int column() {
    return expectation.column();
  }
}
