package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.diagnostic.Diagnostics;
import org.fwreplay.diagnostic.Severity;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.ipset.SetReader;
import org.fwreplay.ipset.SetWord;
import org.fwreplay.packet.Family;

/**
 * Runs a shell script of {@code iptables} and {@code ipset} commands, as far as no real shell is
 * needed: quotes, variables, {@code ;}, {@code &&} and {@code ||}. The tables are empty at first.
 */
final class ScriptParser {
  /** Added to a word's index: tells a column that stands for a word from one in the text. */
  private static final int BY_WORD = 1_000_000;

  private static final Pattern LOOKS_LIKE_SCRIPT =
      Pattern.compile("(?m)^[^#\\n]*(ip6?tables(-legacy|-nft)?|ipset|IPT\\w*)\\b");

  private static final Pattern TOOL =
      Pattern.compile("(?:.*/)?(ip6?tables)(?:-legacy|-nft)?|(?:.*/)?(ipset)");

  private static final Pattern FUNCTION = Pattern.compile("\\s*\\w+\\s*\\(\\s*\\)\\s*\\{\\s*");

  private static final Set<String> PREFIXES = Set.of("sudo", "command", "exec");

  private static final Set<String> OPENING =
      Set.of("if", "for", "while", "until", "case", "select", "function", "{");

  private static final Set<String> INNER = Set.of("then", "else", "elif", "do");

  private static final Set<String> CLOSING = Set.of("fi", "done", "esac", "}");

  private static final Set<String> NEED_A_SHELL =
      Set.of(
          "!",
          "[",
          "[[",
          "test",
          "eval",
          "source",
          ".",
          "sh",
          "bash",
          "xargs",
          "read",
          "time",
          "iptables-restore",
          "ip6tables-restore",
          "shift",
          "let");

  private static final Set<String> ASSIGNING = Set.of("export", "readonly", "local", "declare");

  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          ":",
          "true",
          "echo",
          "printf",
          "set",
          "unset",
          "logger",
          "modprobe",
          "sysctl",
          "umask",
          "cd",
          "sleep",
          "ulimit",
          "shopt",
          "iptables-save",
          "ip6tables-save");

  private static final String ADVICE =
      "run the script on the firewall and give what iptables-save prints";

  private final ParseContext context;
  private final String file;
  private final ShellReader reader;
  private final String[] lines;
  private final SetReader sets;
  private final Map<String, TableBuilder> tables = new LinkedHashMap<>();

  /** How many loops, conditions and functions are open: what is in them cannot be judged. */
  private int depth;

  private boolean succeeded = true;
  private boolean ended;

  ScriptParser(ParseContext context, String file, String text, SetReader sets) {
    this.context = context;
    this.file = file;
    this.sets = sets;
    reader = new ShellReader(text);
    lines = text.split("\n", -1);
  }

  /** Whether a text is a script; otherwise it is what iptables-save prints. */
  static boolean isScript(String text) {
    for (String line : text.split("\n")) {
      String first = line.strip();
      if (first.startsWith("#!")) {
        return true;
      }
      if (!first.isEmpty() && !first.startsWith("#")) {
        boolean dump =
            first.startsWith("*")
                || first.startsWith("-")
                || first.startsWith("[")
                || first.matches(":[^ ]+ .*");
        return !dump && LOOKS_LIKE_SCRIPT.matcher(text).find();
      }
    }
    return false;
  }

  /** The tables that commands touched, in the order in which they did. */
  List<TableBuilder> run() {
    String operator = ";";
    while (!reader.atEnd() && !ended) {
      boolean wanted = operator.equals(";") || operator.equals("&&") == succeeded;
      try {
        operator = command(wanted);
      } catch (ShellReader.Unsupported e) {
        unsupported(e);
        depth += FUNCTION.matcher(lines[e.line - 1]).matches() ? 1 : 0;
        reader.skipLine();
        operator = ";";
      }
    }
    return List.copyOf(tables.values());
  }

  private void unsupported(ShellReader.Unsupported e) {
    SourcePosition place = new SourcePosition(file, e.line, e.column);
    if (depth > 0) {
      return;
    }
    boolean variable = e.word.matches("\\$[A-Za-z_]\\w*");
    String message =
        switch (e.word) {
          case "'", "\"" -> "a quote is not closed";
          default ->
              variable
                  ? "variable " + e.word + " has no value in this script"
                  : "\"" + e.word + "\" needs a real shell";
        };
    context.diagnostics().error(place, e.word, message, ADVICE);
  }

  /** One simple command and the operator behind it. */
  private String command(boolean wanted) throws ShellReader.Unsupported {
    List<ShellReader.Field> fields = new ArrayList<>();
    List<String[]> assigned = new ArrayList<>();
    while (true) {
      String operator = reader.operator();
      if (!operator.isEmpty()) {
        if (wanted && depth == 0) {
          run(fields, assigned, operator.equals("||"));
        }
        return operator;
      }
      if (reader.redirection()) {
        continue;
      }
      String name = fields.isEmpty() || isAssigning(fields) ? reader.assignment() : null;
      if (name != null) {
        assigned.add(new String[] {name, reader.value()});
      } else {
        fields.addAll(reader.word());
        keyword(fields);
      }
    }
  }

  private static boolean isAssigning(List<ShellReader.Field> fields) {
    return ASSIGNING.contains(fields.get(0).text());
  }

  private void keyword(List<ShellReader.Field> fields) throws ShellReader.Unsupported {
    if (fields.size() != 1 || !fields.get(0).plain()) {
      return;
    }
    ShellReader.Field first = fields.get(0);
    ShellReader.Unsupported complaint =
        new ShellReader.Unsupported(first.line(), first.column(), first.text());
    if (OPENING.contains(first.text())) {
      unsupported(complaint);
      depth += first.text().equals("function") ? 0 : 1;
      fields.clear();
    } else if (depth > 0 && (INNER.contains(first.text()) || CLOSING.contains(first.text()))) {
      depth -= CLOSING.contains(first.text()) ? 1 : 0;
      fields.clear();
    } else if (NEED_A_SHELL.contains(first.text()) && depth == 0) {
      throw complaint;
    }
  }

  private void run(List<ShellReader.Field> given, List<String[]> assigned, boolean mayFail) {
    List<ShellReader.Field> fields = given;
    while (!fields.isEmpty() && PREFIXES.contains(fields.get(0).text())) {
      fields = withoutPrefix(fields);
    }
    if (fields.isEmpty() || isAssigning(fields)) {
      assigned.forEach(each -> reader.assign(each[0], each[1]));
      return;
    }
    ShellReader.Field tool = fields.get(0);
    java.util.regex.Matcher known = TOOL.matcher(tool.text());
    succeeded = true;
    if (tool.text().equals("exit") || tool.text().equals("return")) {
      ended = true;
    } else if (known.matches() && known.group(2) != null) {
      ipset(fields, mayFail);
    } else if (known.matches()) {
      boolean six = known.group(1).equals("ip6tables");
      if (six == (context.family() == Family.IPV6)) {
        iptables(fields, mayFail);
      }
    } else if (!WITHOUT_EFFECT.contains(tool.text())) {
      String message = "command " + tool.text() + " is passed over";
      context
          .diagnostics()
          .warning(place(tool), tool.text(), message, "only iptables and ipset are followed");
    }
  }

  private static List<ShellReader.Field> withoutPrefix(List<ShellReader.Field> fields) {
    int next = 1;
    while (next < fields.size() && fields.get(next).text().startsWith("-")) {
      next += fields.get(next).text().matches("-[ugCp]") ? 2 : 1;
    }
    return fields.subList(Math.min(next, fields.size()), fields.size());
  }

  private SourcePosition place(ShellReader.Field field) {
    return new SourcePosition(file, field.line(), field.column());
  }

  // -- iptables ---------------------------------------------------------------------------------

  private void iptables(List<ShellReader.Field> fields, boolean mayFail) {
    ToolArguments arguments = ToolArguments.of(fields);
    ShellReader.Field table = arguments.table();
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
    List<ShellReader.Field> rest = arguments.rest();
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
      TableBuilder builder, Command command, List<ShellReader.Field> rest, boolean mayFail) {
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
      ShellReader.Field at = rest.get(0);
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

  private void tell(Diagnostics found, List<ShellReader.Field> words) {
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
  private String source(List<ShellReader.Field> fields) {
    ShellReader.Field first = fields.get(0);
    boolean oneLine = fields.get(fields.size() - 1).line() == first.line();
    String line = lines[first.line() - 1];
    if (oneLine && !line.endsWith("\\") && line.indexOf(';') < 0) {
      return line.substring(first.column() - 1).strip();
    }
    StringBuilder out = new StringBuilder();
    fields.forEach(field -> out.append(out.length() == 0 ? "" : " ").append(field.text()));
    return out.toString();
  }

  // -- ipset ------------------------------------------------------------------------------------

  private static final Set<String> UNDOING =
      Set.of("destroy", "x", "-X", "flush", "-F", "del", "-D", "test", "-T");

  private void ipset(List<ShellReader.Field> fields, boolean mayFail) {
    List<ShellReader.Field> rest = fields.subList(1, fields.size());
    List<SetWord> words = new ArrayList<>();
    for (int i = 0; i < rest.size(); i++) {
      words.add(new SetWord(rest.get(i).text(), BY_WORD + i));
    }
    Diagnostics found = new Diagnostics();
    succeeded = sets.command(found, place(fields.get(0)), words);
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
  }
}
