package org.fwreplay.report.diff;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.fwreplay.diff.Cause;
import org.fwreplay.diff.Change;
import org.fwreplay.diff.Conversation;
import org.fwreplay.diff.DiffResult;
import org.fwreplay.diff.Edit;
import org.fwreplay.diff.FrameOutcome;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.explain.PacketText;
import org.fwreplay.report.flow.RunNames;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.RuleTarget;

/** A comparison as reports show it: causes with their connections, the gravest first. */
public final class DiffView {
  /**
   * A rule or a policy that decided.
   *
   * @param line 0 for a policy
   */
  public record Decider(String id, String file, int line, String text) {}

  /**
   * A connection whose fate differs.
   *
   * @param old what became of it, in words; likewise {@code now}
   * @param oldRule null where no rule decided; likewise {@code nowRule}
   * @param unsent frames that would never have been sent under the new ruleset; less than 0: under
   *     the old one
   */
  public record Row(
      Conversation conversation,
      Change change,
      String ends,
      String old,
      Decider oldRule,
      String now,
      Decider nowRule,
      long unsent,
      boolean accepted) {}

  /** Sums over the connections with one kind of change. */
  public record Tally(long connections, long frames, long bytes) {}

  /** Edits with what they change. */
  public record CauseView(
      List<Edit> edits, boolean isolated, Map<Change, Tally> tallies, List<Row> rows) {
    /** What the edits have to do with it. */
    public String heading() {
      if (!isolated) {
        return "all edits together: which of them was not found";
      }
      return edits.size() == 1 ? title(edits.get(0)) : edits.size() + " edits, only together";
    }
  }

  private final DiffResult result;
  private final String version;
  private final String oldName;
  private final String newName;
  private final List<CauseView> causes = new ArrayList<>();
  private final RunNames oldNames;
  private final RunNames newNames;
  private final Accepted accepted;
  private List<SymbolicView> symbolic = List.of();

  /**
   * A view.
   *
   * @param version of this tool
   * @param oldName the old ruleset as it was named, likewise {@code newName}
   */
  public DiffView(
      DiffResult result, String version, String oldName, String newName, Accepted accepted) {
    this.result = result;
    this.version = version;
    this.oldName = oldName;
    this.newName = newName;
    this.accepted = accepted;
    oldNames = new RunNames(result.old());
    newNames = new RunNames(result.now());
    result.causes().forEach(cause -> causes.add(view(cause)));
    causes.sort(
        Comparator.comparing((CauseView cause) -> cause.tallies().keySet().iterator().next())
            .thenComparing(cause -> -cause.rows().size()));
  }

  /** Takes in what differs over all packets. */
  public DiffView withSymbolic(List<SymbolicView> views) {
    symbolic = List.copyOf(views);
    return this;
  }

  /** What differs over all packets, a family each; empty where nobody asked. */
  public List<SymbolicView> symbolic() {
    return symbolic;
  }

  private CauseView view(Cause cause) {
    List<Row> rows = new ArrayList<>();
    cause.conversations().forEach(c -> rows.add(row(c)));
    rows.sort(
        Comparator.comparing(Row::change).thenComparing(row -> row.conversation().firstFrame()));
    Map<Change, Tally> tallies = new EnumMap<>(Change.class);
    for (Row row : rows) {
      Conversation c = row.conversation();
      tallies.merge(
          row.change(),
          new Tally(1, c.frames(), c.bytes()),
          (a, b) ->
              new Tally(a.connections + b.connections, a.frames + b.frames, a.bytes + b.bytes));
    }
    return new CauseView(cause.edits(), cause.isolated(), tallies, rows);
  }

  private Row row(Conversation c) {
    FrameOutcome old = c.old();
    FrameOutcome now = c.now();
    long unsent = c.unsent(true) > 0 ? c.unsent(true) : -c.unsent(false);
    return new Row(
        c,
        c.change(),
        PacketText.of(c.original()),
        words(old, now),
        decider(result.old(), oldNames, c, old),
        words(now, old),
        decider(result.now(), newNames, c, now),
        unsent,
        accepted.holds(c));
  }

  /** An outcome, with what differs from the other. */
  private static String words(FrameOutcome own, FrameOutcome other) {
    StringJoiner words = new StringJoiner(", ").add(own.words());
    if (own.passed() && other.passed()) {
      add(words, "as ", own.ends(), other.ends());
      add(words, "mark ", hex(own.mark()), hex(other.mark()));
      add(words, "connection mark ", hex(own.connectionMark()), hex(other.connectionMark()));
      add(words, "TOS ", hex(own.tos()), hex(other.tos()));
      add(words, "TTL ", own.ttl(), other.ttl());
      add(words, "length ", own.length(), other.length());
    }
    if (!own.logs().equals(other.logs())) {
      words.add(own.logs().isEmpty() ? "not logged" : "logged: " + String.join("; ", own.logs()));
    }
    return words.toString();
  }

  private static void add(StringJoiner words, String name, Object own, Object other) {
    if (!own.equals(other)) {
      words.add(name + own);
    }
  }

  private static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }

  /** The rule that made the outcome what it is; for NAT and marks that is not the verdict's. */
  private static Decider decider(ReplayRun run, RunNames names, Conversation c, FrameOutcome o) {
    boolean ipv6 = c.original().ipv6;
    BoundRuleset rules = ipv6 ? run.rules6() : run.rules4();
    int place =
        switch (c.change()) {
          case NAT_CHANGED -> acting(rules, o, "nat");
          case MARKED_DIFFERENTLY -> acting(rules, o, "mangle", "raw", "filter");
          default -> -1;
        };
    place = place < 0 ? o.rule() : place;
    if (place < 0) {
      return null;
    }
    String id = names.place(ipv6, place);
    if (!rules.isRule(place)) {
      BoundRuleset.ChainRef ref = rules.chain(place);
      String text = ref.table().name() + ": policy " + ref.chain().policy() + " of ";
      return new Decider(id, rules.ruleset().file(), 0, text + ref.chain().name());
    }
    Rule rule = rules.rule(place).rule();
    return new Decider(id, rule.position().file(), rule.position().line(), rule.text());
  }

  /** The last rule that the frame hit and that does something to packets. */
  private static int acting(BoundRuleset rules, FrameOutcome o, String... tables) {
    int found = -1;
    for (int place : o.hits()) {
      boolean acts =
          rules.isRule(place)
              && rules.rule(place).rule().target() instanceof RuleTarget.Extension
              && List.of(tables).contains(rules.rule(place).table().name());
      found = acts ? place : found;
    }
    return found;
  }

  /** What was compared. */
  public DiffResult result() {
    return result;
  }

  /** The version of this tool. */
  public String version() {
    return version;
  }

  /** The old ruleset as it was named. */
  public String oldName() {
    return oldName;
  }

  /** The new ruleset as it was named. */
  public String newName() {
    return newName;
  }

  /** The causes, the gravest first. */
  public List<CauseView> causes() {
    return causes;
  }

  /** The edits that change nothing for any connection of the captures. */
  public List<Edit> idle() {
    return result.edits().stream()
        .filter(edit -> causes.stream().noneMatch(cause -> cause.edits().contains(edit)))
        .toList();
  }

  /** Whether a connection differs in a way that is asked for and not known. */
  public boolean has(java.util.Set<Change> changes) {
    return causes.stream()
        .flatMap(cause -> cause.rows().stream())
        .anyMatch(row -> changes.contains(row.change()) && !row.accepted());
  }

  /** What an edit does, in a line for each rule: {@code - old}, {@code + new}. */
  public static List<String> lines(Edit edit) {
    List<String> lines = new ArrayList<>();
    if (!edit.words().isEmpty()) {
      String where = edit.table().isEmpty() ? "" : edit.table() + " " + edit.chain() + ": ";
      lines.add("! " + where + edit.words());
    }
    if (edit.before() != null) {
      lines.add("- " + place(edit.before()) + "  " + edit.before().text());
    }
    if (edit.after() != null) {
      lines.add("+ " + place(edit.after()) + "  " + edit.after().text());
    }
    return lines;
  }

  private static String place(Rule rule) {
    return rule.position().file() + ":" + rule.position().line();
  }

  /** What an edit does, as a title: {@code edited, table filter}. */
  public static String title(Edit edit) {
    String kind = edit.kind().text();
    if (edit.table().isEmpty()) {
      return kind;
    }
    return kind + " in " + edit.family() + " " + edit.table() + " " + edit.chain();
  }
}
