package org.fwreplay.report.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.diff.Change;
import org.fwreplay.diff.Conversation;
import org.fwreplay.report.select.Selector;

/** Known changes: lines {@code CLASS SELECTOR}, with comments behind {@code #}. */
public final class Accepted {
  /** Nothing is known. */
  public static final Accepted NOTHING = new Accepted(List.of());

  private record Line(Set<Change> changes, Selector selector) {}

  private final List<Line> lines;

  private Accepted(List<Line> lines) {
    this.lines = List.copyOf(lines);
  }

  /**
   * Reads a file of known changes.
   *
   * @throws IllegalArgumentException with file, line and what was expected
   */
  public static Accepted parse(String file, String text) {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\\R", -1)) {
      number++;
      String words = line.replaceFirst("(^|\\s)#.*", "").strip();
      if (words.isEmpty()) {
        continue;
      }
      String[] parts = words.split("\\s+", 2);
      try {
        Selector selector = parts.length == 1 ? null : Selector.parse(parts[1]);
        lines.add(new Line(changes(parts[0]), selector));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(file + ":" + number + ": " + e.getMessage(), e);
      }
    }
    return new Accepted(lines);
  }

  /**
   * Reads classes with commas between them; {@code all} and {@code none} are words for themselves.
   */
  public static Set<Change> changes(String text) {
    Set<Change> changes = EnumSet.noneOf(Change.class);
    for (String word : text.toLowerCase(Locale.ROOT).split(",")) {
      if (word.equals("all")) {
        changes.addAll(EnumSet.allOf(Change.class));
      } else if (!word.equals("none")) {
        changes.add(change(word));
      }
    }
    return changes;
  }

  private static Change change(String key) {
    for (Change change : Change.values()) {
      if (change.key().equals(key)) {
        return change;
      }
    }
    List<String> keys = Arrays.stream(Change.values()).map(Change::key).toList();
    throw new IllegalArgumentException(
        "no class of changes \"" + key + "\"; " + Suggestions.hint(key, keys));
  }

  /** Whether the change of a connection is known. */
  boolean holds(Conversation c) {
    Selector.Subject subject =
        new Selector.Subject(
            c.original(), c.in(), c.old().out(), c.firstFrame(), c.firstNs(), Set.of());
    return lines.stream()
        .anyMatch(
            line ->
                line.changes.contains(c.change())
                    && (line.selector == null || line.selector.matches(subject)));
  }
}
