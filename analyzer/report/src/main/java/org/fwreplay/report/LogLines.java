package org.fwreplay.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What LOG and NFLOG rules wrote: the first lines, and how many there were. */
public final class LogLines {
  /**
   * One line.
   *
   * @param frame that caused it, from 0
   * @param rule id of the rule, or null
   * @param text as the kernel words it
   */
  public record Line(long timeNs, long frame, String rule, String text) {}

  private final int limit;
  private final List<Line> lines = new ArrayList<>();
  private long count;

  /**
   * No lines yet.
   *
   * @param limit most lines that are kept
   */
  public LogLines(int limit) {
    this.limit = limit;
  }

  /** Counts a line; whether it is to be kept. */
  boolean count() {
    return ++count <= limit;
  }

  void keep(Line line) {
    lines.add(line);
  }

  /** How many lines there were. */
  public long size() {
    return count;
  }

  /** The first of them. */
  public List<Line> lines() {
    return Collections.unmodifiableList(lines);
  }
}
