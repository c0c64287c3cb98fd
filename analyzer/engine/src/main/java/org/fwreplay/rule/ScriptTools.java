package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.diagnostic.Diagnostics;
import org.fwreplay.diagnostic.Severity;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.ipset.SetReader;
import org.fwreplay.ipset.SetWord;

/** Does what a script's calls of iptables and ipset say. */
final class ScriptTools {
  /** Added to a word's index: tells a column that stands for a word from one in the text. */
  private static final int BY_WORD = 1_000_000;

  private static final Set<String> UNDOING =
      Set.of("destroy", "x", "-X", "flush", "-F", "del", "-D", "test", "-T");

  private final ParseContext context;
  private final String file;
  private final String[] lines;
  private final SetReader sets;
  private final Map<String, TableBuilder> tables = new LinkedHashMap<>();
  private boolean succeeded;

  ScriptTools(ParseContext context, String file, String text, SetReader sets) {
    this.context = context;
    this.file = file;
    this.sets = sets;
    lines = text.split("\n", -1);
  }

  /** The tables that calls touched, in the order in which they did. */
  List<TableBuilder> tables() {
    return List.copyOf(tables.values());
  }

  SourcePosition place(ShellWords.Field field) {
    return new SourcePosition(file, field.line(), field.column());
  }

  /**
   * A call of iptables or ip6tables.
   *
   * @param mayFail whether the script goes another way where it fails
   * @return whether it succeeds
   */
  boolean iptables(List<ShellWords.Field> fields, boolean mayFail) {
    succeeded = true;
    change(fields, mayFail);
    return succeeded;
  }

  private void change(List<ShellWords.Field> fields, boolean mayFail) {
    ToolArguments arguments = ToolArguments.of(fields);
    ShellWords.Field table = arguments.table();
    TableType type = table == null ? TableType.FILTER : TableType.of(table.text());
    if (type == null) {
      String hint = Suggestions.hint(table.text(), TableType.names());
      error(place(table), table.text(), "no table \"" + table.text() + "\"", hint);
      return;
    }
    TableBuilder builder = tables.computeIfAbsent(type.text(), name -> new TableBuilder(type));
    if (arguments.onlyLists()) {
      return;
    }
    List<ShellWords.Field> rest = arguments.rest();
    if (rest.isEmpty()) {
      error(place(fields.get(0)), fields.get(0).text(), "no command", "-A CHAIN and so on");
      return;
    }
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < rest.size(); i++) {
      words.add(new Word(rest.get(i).text(), BY_WORD + i));
    }
    Diagnostics found = new Diagnostics();
    ParseContext inner =
        new ParseContext(context.family(), context.extensions(), found, context.allowUnsupported());
    Command command =
        CommandParser.parse(
            inner, builder.place(), place(fields.get(0)), source(fields), words, new long[2]);
    succeeded = !found.hasErrors();
    tell(found, rest);
    if (command != null) {
      execute(builder, command, rest, mayFail);
    }
  }

  private void execute(
      TableBuilder builder, Command command, List<ShellWords.Field> rest, boolean mayFail) {
    try {
      builder.at(place(rest.get(0)));
      builder.execute(command);
    } catch (TableBuilder.RefusedException e) {
      succeeded = false;
      boolean harmless =
          switch (command.option()) {
            case DELETE, DELETE_CHAIN, FLUSH, CHECK -> true;
            default -> false;
          };
      ShellWords.Field at = rest.get(0);
      if (command.chainWord() != null && command.chainWord().column() >= BY_WORD) {
        at = rest.get(command.chainWord().column() - BY_WORD);
      }
      if (!mayFail) {
        tell(harmless, place(at), at.text(), e.getMessage(), e.hint);
      }
    }
  }

  /** A command that fails where there is nothing to be undone is no reason to refuse the script. */
  private void tell(boolean harmless, SourcePosition at, String word, String message, String hint) {
    if (harmless) {
      context.diagnostics().warning(at, word, message + ": the command does nothing", hint);
    } else {
      error(at, word, message, hint);
    }
  }

  private void error(SourcePosition at, String word, String message, String hint) {
    succeeded = false;
    context.diagnostics().error(at, word, message, hint);
  }

  private void tell(Diagnostics found, List<ShellWords.Field> words) {
    for (Diagnostic each : found.list()) {
      SourcePosition at = each.position();
      if (at.column() >= BY_WORD) {
        at = place(words.get(at.column() - BY_WORD));
      }
      if (each.severity() == Severity.ERROR) {
        error(at, each.word(), each.message(), each.hint());
      } else {
        context.diagnostics().warning(at, each.word(), each.message(), each.hint());
      }
    }
  }

  /** The command as its author wrote it, where it stands in one line; else its words. */
  private String source(List<ShellWords.Field> fields) {
    ShellWords.Field first = fields.get(0);
    boolean oneLine = fields.get(fields.size() - 1).line() == first.line();
    String line = lines[first.line() - 1];
    if (oneLine && !line.endsWith("\\") && line.indexOf(';') < 0) {
      return line.substring(first.column() - 1).strip();
    }
    StringBuilder out = new StringBuilder();
    fields.forEach(field -> out.append(out.length() == 0 ? "" : " ").append(field.text()));
    return out.toString();
  }

  /** A call of ipset, likewise. */
  boolean ipset(List<ShellWords.Field> fields, boolean mayFail) {
    List<ShellWords.Field> rest = fields.subList(1, fields.size());
    List<SetWord> words = new ArrayList<>();
    for (int i = 0; i < rest.size(); i++) {
      words.add(new SetWord(rest.get(i).text(), BY_WORD + i));
    }
    Diagnostics found = new Diagnostics();
    boolean done = sets.command(found, place(fields.get(0)), words);
    boolean harmless = rest.stream().anyMatch(field -> UNDOING.contains(field.text()));
    for (Diagnostic each : found.list()) {
      SourcePosition at = each.position();
      if (at.column() >= BY_WORD) {
        at = place(rest.get(at.column() - BY_WORD));
      }
      if (!mayFail) {
        tell(harmless, at, each.word(), each.message(), each.hint());
      }
    }
    return done;
  }
}
