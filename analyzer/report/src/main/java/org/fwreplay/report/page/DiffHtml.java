package org.fwreplay.report.page;

import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fwreplay.diff.Change;
import org.fwreplay.diff.DiffResult;
import org.fwreplay.diff.Edit;
import org.fwreplay.report.diff.DiffView;
import org.fwreplay.rule.Rule;

/** A comparison as one HTML page that needs nothing else: {@link HtmlReport}. */
public final class DiffHtml {
  private static final int MAX_EDITS = 200;

  /** A connection with the number of its cause. */
  private record Line(Page.Reference cause, DiffView.Row row) {}

  private final DiffView view;

  private DiffHtml(DiffView view) {
    this.view = view;
  }

  /** Writes the page; the writer stays open. */
  public static void write(DiffView view, Writer out) {
    HtmlReport.render("diff.jte", new DiffHtml(view)::page, out);
  }

  private DiffPage page(long most) {
    DiffResult result = view.result();
    List<DiffPage.CauseView> causes = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    for (DiffView.CauseView cause : view.causes()) {
      String number = Integer.toString(causes.size() + 1);
      causes.add(cause(number, cause));
      Page.Reference place =
          new Page.Reference("cause-" + number, "cause " + number, cause.heading());
      cause.rows().forEach(row -> lines.add(new Line(place, row)));
    }
    Grid.Embedded data = new Grid<>(lines, columns()).embed(most);
    int left = lines.size() - data.rows();
    return new DiffPage(
        summary(result),
        view.oldName() + " \u2192 " + view.newName() + " \u00b7 " + view.version(),
        Format.count(result.changed().size()),
        result.old().assumptions(),
        facts(result),
        causes,
        view.idle().stream().limit(MAX_EDITS).map(edit -> edit(edit, true)).toList(),
        view.symbolic().stream().map(AllPacketsView::of).toList(),
        left == 0 ? null : Format.count(left) + " more are not in this page; --json has all.",
        data.json());
  }

  private static List<Column<Line>> columns() {
    return List.of(
        Column.verdict(
            "change",
            "Change",
            line -> words(line.row().change()),
            line -> style(line.row().change())),
        Column.<Line>words("accepted", "Accepted", line -> line.row().accepted() ? "accepted" : "")
            .under("change", ""),
        Column.words("connection", "Connection", line -> line.row().ends()),
        Column.<Line>words("unsent", "Never sent", DiffHtml::unsent).under("connection", ""),
        Column.<Line>words("in", "In", DiffHtml::in).toChoose(),
        Column.numbers("frame", "Frame", line -> line.row().conversation().frame()),
        Column.words("old", "Old", line -> line.row().old()),
        Column.<Line>places("oldRule", "Old rule", line -> rule(line.row().oldRule()))
            .under("old", ""),
        Column.words("new", "New", line -> line.row().now()),
        Column.<Line>places("newRule", "New rule", line -> rule(line.row().nowRule()))
            .under("new", ""),
        Column.<Line>numbers("parted", "Parted at frame", l -> l.row().conversation().partedAt())
            .inDetail(),
        Column.<Line>numbers("frames", "Frames", line -> line.row().conversation().frames())
            .inDetail(),
        Column.<Line>numbers(
                "differing", "Of them differing", l -> l.row().conversation().framesDiffering())
            .inDetail(),
        Column.<Line>bytes("bytes", "Bytes", line -> line.row().conversation().bytes()).inDetail(),
        Column.places("cause", "Cause", Line::cause));
  }

  private static String in(Line line) {
    String in = line.row().conversation().in();
    return in.isEmpty() ? "(host)" : in;
  }

  private static String unsent(Line line) {
    long frames = line.row().unsent();
    String side = frames > 0 ? "new" : "old";
    return frames == 0
        ? ""
        : count(Math.abs(frames), "frame") + " never sent under the " + side + " ruleset";
  }

  private String summary(DiffResult result) {
    if (result.old().frames() == 0 && !view.symbolic().isEmpty()) {
      long regions = view.symbolic().stream().mapToLong(each -> each.regions().size()).sum();
      return Format.count(regions, "region is", "regions are") + " decided otherwise";
    }
    int changed = result.changed().size();
    return changed == 0
        ? "No connection fares otherwise"
        : Format.count(changed)
            + (changed == 1 ? " connection fares" : " connections fare")
            + " otherwise";
  }

  private static List<Page.Fact> facts(DiffResult result) {
    List<Page.Fact> facts = new ArrayList<>();
    facts.add(Page.Fact.of(result.edits().size(), "edit", "edits"));
    facts.add(Page.Fact.of(result.old().frames(), "frame", "frames"));
    facts.add(Page.Fact.of(result.conversations(), "connection", "connections"));
    for (Change change : Change.values()) {
      if (result.count(change) > 0) {
        facts.add(new Page.Fact(Format.count(result.count(change)), words(change)));
      }
    }
    return facts;
  }

  private static String words(Change change) {
    return change.key().replace('-', ' ');
  }

  /** The colour of a change: that of the verdict it is most like; plain without its sign. */
  private static String style(Change change) {
    return switch (change) {
      case NEWLY_BLOCKED -> "dropped";
      case NEWLY_ALLOWED -> "passed";
      case REJECTED_DIFFERENTLY -> "rejected";
      case ROUTED_DIFFERENTLY -> "sent plain";
      case NAT_CHANGED -> "delivered plain";
      case MARKED_DIFFERENTLY -> "lost plain";
      case OTHER_RULE -> "mixed plain";
    };
  }

  private static DiffPage.CauseView cause(String number, DiffView.CauseView cause) {
    List<DiffPage.TallyView> tallies = new ArrayList<>();
    for (Map.Entry<Change, DiffView.Tally> each : cause.tallies().entrySet()) {
      DiffView.Tally t = each.getValue();
      String words = count(t.frames(), "frame") + ", " + Format.bytes(t.bytes());
      String connections = count(t.connections(), "connection");
      tallies.add(
          new DiffPage.TallyView(style(each.getKey()), words(each.getKey()), connections, words));
    }
    return new DiffPage.CauseView(
        number,
        cause.heading(),
        Format.count(cause.rows().size()),
        cause.edits().stream()
            .limit(MAX_EDITS)
            .map(edit -> edit(edit, cause.edits().size() > 1 || !edit.words().isEmpty()))
            .toList(),
        tallies);
  }

  private static String count(long number, String what) {
    return Format.count(number) + " " + what + (number == 1 ? "" : "s");
  }

  private static DiffPage.EditView edit(Edit edit, boolean titled) {
    String before = edit.before() == null ? "" : edit.before().text();
    String after = edit.after() == null ? "" : edit.after().text();
    String title = DiffView.title(edit) + (edit.words().isEmpty() ? "" : ": " + edit.words());
    boolean both = !before.isEmpty() && !after.isEmpty();
    return new DiffPage.EditView(
        titled ? title : "",
        place(edit.before()),
        parts(before, both ? after : before),
        place(edit.after()),
        parts(after, both ? before : after));
  }

  private static String place(Rule rule) {
    return rule == null ? null : rule.position().file() + ":" + rule.position().line();
  }

  /** The words of a rule, those marked that the other does not have. */
  private static List<DiffPage.Part> parts(String text, String other) {
    Set<String> known = new HashSet<>(List.of(other.split(" ")));
    return Arrays.stream(text.split(" "))
        .map(word -> new DiffPage.Part(word, !known.contains(word)))
        .toList();
  }

  private static Page.Reference rule(DiffView.Decider decider) {
    if (decider == null) {
      return null;
    }
    String place = decider.line() == 0 ? decider.text() : decider.file() + ":" + decider.line();
    return new Page.Reference("", place, decider.text());
  }
}
