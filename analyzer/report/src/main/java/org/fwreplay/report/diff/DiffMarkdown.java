package org.fwreplay.report.diff;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fwreplay.diff.Change;

/** A comparison as Markdown, for the pages of CI services. */
public final class DiffMarkdown {
  private static final int MOST_ROWS = 20;

  private DiffMarkdown() {}

  /** The text. */
  public static String of(DiffView view) {
    StringBuilder out = new StringBuilder("### Firewall: ");
    out.append(DiffText.summary(view.result())).append("\n\n");
    out.append(
        String.format(
            Locale.ROOT,
            "%s → %s: %s; %s, %s.%n",
            code(view.oldName()),
            code(view.newName()),
            DiffText.count(view.result().edits().size(), "edit"),
            DiffText.count(view.result().old().frames(), "frame"),
            DiffText.count(view.result().conversations(), "connection")));
    view.causes().forEach(cause -> cause(out, cause));
    return out.toString().replace("\r\n", "\n");
  }

  private static void cause(StringBuilder out, DiffView.CauseView cause) {
    out.append("\n#### ").append(cause.heading()).append("\n\n```diff\n");
    cause.edits().stream()
        .flatMap(edit -> DiffView.lines(edit).stream())
        .forEach(line -> out.append(line.replace("```", "'''")).append('\n'));
    out.append("```\n\n");
    for (Map.Entry<Change, DiffView.Tally> each : cause.tallies().entrySet()) {
      DiffView.Tally t = each.getValue();
      out.append("- **").append(each.getKey().key()).append("**: ");
      out.append(DiffText.count(t.connections(), "connection")).append(", ");
      out.append(DiffText.count(t.frames(), "frame")).append(", ");
      out.append(DiffText.count(t.bytes(), "byte")).append('\n');
    }
    out.append("\n| connection | old | new | frame |\n| --- | --- | --- | --- |\n");
    List<DiffView.Row> rows = cause.rows();
    rows.stream().limit(MOST_ROWS).forEach(row -> row(out, row));
    if (rows.size() > MOST_ROWS) {
      out.append("| and ").append(rows.size() - MOST_ROWS).append(" more | | | |\n");
    }
  }

  private static void row(StringBuilder out, DiffView.Row row) {
    out.append("| ").append(code(row.ends())).append(" | ");
    out.append(cell(row.old(), row.oldRule())).append(" | ");
    out.append(cell(row.now(), row.nowRule())).append(" | ");
    out.append(row.conversation().frame()).append(" |\n");
  }

  private static String cell(String words, DiffView.Decider decider) {
    String place =
        decider == null
            ? ""
            : decider.line() == 0 ? decider.text() : decider.file() + ":" + decider.line();
    return escape(words) + (place.isEmpty() ? "" : " by " + code(place));
  }

  private static String code(String text) {
    return "`" + text.replace('`', '\'').replace("|", "\\|").replaceAll("\\R", " ") + "`";
  }

  private static String escape(String text) {
    return text.replaceAll("([\\\\`*_{}\\[\\]<>|#])", "\\\\$1");
  }
}
