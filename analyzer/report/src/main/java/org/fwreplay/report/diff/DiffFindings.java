package org.fwreplay.report.diff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.fwreplay.diff.Change;
import org.fwreplay.diff.Edit;
import org.fwreplay.report.ci.Finding;
import org.fwreplay.rule.Rule;

/** A comparison as findings: one for each rule and kind of change that it is to blame for. */
public final class DiffFindings {
  private static final int MOST_EXAMPLES = 5;

  private DiffFindings() {}

  /** What the codes of findings mean. */
  public static Map<String, String> codes() {
    Map<String, String> codes = new LinkedHashMap<>();
    for (Change change : Change.values()) {
      codes.put(change.key(), "A connection " + change.text() + ".");
    }
    return codes;
  }

  /**
   * The findings.
   *
   * @param failing changes that are errors; the others are warnings
   */
  public static List<Finding> of(DiffView view, Set<Change> failing) {
    List<Finding> findings = new ArrayList<>();
    for (DiffView.CauseView cause : view.causes()) {
      Map<Change, List<DiffView.Row>> rows = new TreeMap<>();
      for (DiffView.Row row : cause.rows()) {
        if (!row.accepted()) {
          rows.computeIfAbsent(row.change(), key -> new ArrayList<>()).add(row);
        }
      }
      rows.forEach((change, some) -> findings.add(finding(view, cause, change, some, failing)));
    }
    return findings;
  }

  private static Finding finding(
      DiffView view,
      DiffView.CauseView cause,
      Change change,
      List<DiffView.Row> rows,
      Set<Change> failing) {
    List<Finding.Place> places = new ArrayList<>();
    for (Edit edit : cause.edits()) {
      add(places, edit.after());
      add(places, edit.before());
    }
    StringBuilder text = new StringBuilder(DiffText.count(rows.size(), "connection"));
    rows.stream()
        .limit(MOST_EXAMPLES)
        .forEach(
            row ->
                text.append("\n")
                    .append(row.ends())
                    .append(": ")
                    .append(row.old())
                    .append(" -> ")
                    .append(row.now()));
    boolean placed = !places.isEmpty();
    return new Finding(
        change.key(),
        failing.contains(change),
        change.key() + ", " + cause.heading(),
        text.toString(),
        placed ? places.get(0).file() : view.newName(),
        placed ? places.get(0).line() : 1,
        1,
        placed ? places.subList(1, places.size()) : List.of());
  }

  private static void add(List<Finding.Place> places, Rule rule) {
    if (rule != null) {
      places.add(new Finding.Place(rule.position().file(), rule.position().line(), rule.text()));
    }
  }
}
