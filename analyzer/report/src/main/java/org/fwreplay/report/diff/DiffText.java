package org.fwreplay.report.diff;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.fwreplay.diff.Change;
import org.fwreplay.diff.DiffResult;
import org.fwreplay.diff.Edit;
import org.fwreplay.report.Printable;

/** A comparison for the terminal. */
public final class DiffText {
  private static final int MOST_ROWS = 5;
  private static final int MOST_EDITS = 20;

  private final DiffView view;
  private final PrintWriter out;

  private DiffText(DiffView view, PrintWriter out) {
    this.view = view;
    this.out = out;
  }

  /** Prints it. */
  public static void print(DiffView view, PrintWriter out) {
    DiffText text = new DiffText(view, out);
    text.head();
    int number = 0;
    for (DiffView.CauseView cause : view.causes()) {
      text.cause(++number, cause);
    }
    text.idle();
    out.flush();
  }

  private void line(int indent, String format, Object... values) {
    out.print("  ".repeat(indent) + Printable.format(format, values));
    out.print('\n');
  }

  private void head() {
    DiffResult result = view.result();
    line(
        0,
        "old %s, new %s: %s",
        view.oldName(),
        view.newName(),
        count(result.edits().size(), "edit"));
    line(
        0,
        "%s, %s: %s",
        count(result.old().frames(), "frame"),
        count(result.conversations(), "connection"),
        summary(result));
    remarks("assumed", result.old().assumptions());
  }

  /** {@code 3 newly-blocked, 1 nat-changed}, or that nothing differs. */
  static String summary(DiffResult result) {
    StringBuilder text = new StringBuilder();
    for (Change change : Change.values()) {
      long count = result.count(change);
      if (count > 0) {
        text.append(text.isEmpty() ? "" : ", ").append(count).append(' ').append(change.key());
      }
    }
    return text.isEmpty() ? "the same fate for all" : text.toString();
  }

  static String count(long number, String what) {
    return Printable.format("%,d %s%s", number, what, number == 1 ? "" : "s");
  }

  private void remarks(String title, List<String> remarks) {
    if (!remarks.isEmpty()) {
      line(0, "%s", title);
      remarks.forEach(remark -> line(1, "%s", remark));
    }
  }

  private void cause(int number, DiffView.CauseView cause) {
    line(0, "");
    line(0, "%d. %s", number, cause.heading());
    cause.edits().stream().limit(MOST_EDITS).forEach(this::edit);
    if (cause.edits().size() > MOST_EDITS) {
      line(2, "and %,d more", cause.edits().size() - MOST_EDITS);
    }
    for (Map.Entry<Change, DiffView.Tally> each : cause.tallies().entrySet()) {
      Change change = each.getKey();
      DiffView.Tally tally = each.getValue();
      line(
          1,
          "%s: %s, %s, %s",
          change.key(),
          count(tally.connections(), "connection"),
          count(tally.frames(), "frame"),
          count(tally.bytes(), "byte"));
      List<DiffView.Row> rows =
          cause.rows().stream().filter(row -> row.change() == change).toList();
      rows.stream().limit(MOST_ROWS).forEach(this::row);
      if (rows.size() > MOST_ROWS) {
        line(2, "and %,d more", rows.size() - MOST_ROWS);
      }
    }
  }

  private void edit(Edit edit) {
    DiffView.lines(edit).forEach(each -> line(1, "%s", each));
  }

  private void row(DiffView.Row row) {
    String in =
        row.conversation().in().isEmpty() ? "from the host" : "in " + row.conversation().in();
    String known = row.accepted() ? " (accepted)" : "";
    line(2, "%s, %s, frame %d%s", row.ends(), in, row.conversation().frame(), known);
    line(3, "old: %s%s", row.old(), by(row.oldRule()));
    line(3, "new: %s%s", row.now(), by(row.nowRule()));
    if (row.unsent() != 0) {
      line(
          3,
          "%s would never have been sent under the %s ruleset",
          count(Math.abs(row.unsent()), "frame"),
          row.unsent() > 0 ? "new" : "old");
    }
  }

  private static String by(DiffView.Decider decider) {
    if (decider == null) {
      return "";
    }
    String place = decider.line() == 0 ? "" : " " + decider.file() + ":" + decider.line();
    return ", by" + place + " " + decider.text();
  }

  private void idle() {
    List<Edit> idle = view.idle();
    if (idle.isEmpty()) {
      return;
    }
    line(0, "");
    line(0, "%s not to blame for anything in these captures", count(idle.size(), "edit"));
    idle.stream().limit(MOST_EDITS).forEach(this::edit);
    if (idle.size() > MOST_EDITS) {
      line(1, "and %,d more", idle.size() - MOST_EDITS);
    }
  }
}
