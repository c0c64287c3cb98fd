package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.ipset.SetReader;
import org.fwreplay.packet.Family;

/**
 * Runs a shell script of {@code iptables} and {@code ipset} commands, as far as no real shell is
 * needed: quotes, variables, {@code ;}, {@code &&} and {@code ||}. The tables are empty at first.
 */
final class ScriptParser {
  private static final Pattern NAMES_A_TOOL =
      Pattern.compile("(ip6?tables(-legacy|-nft)?|ipset|IPT\\w*)\\b");

  private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*");

  private static final Pattern TOOL =
      Pattern.compile("(?:.*/)?(ip6?tables)(?:-legacy|-nft)?|(?:.*/)?(ipset)");

  private static final String NEEDS = " needs a real shell";

  private static final String ADVICE =
      "run the script on the firewall and give what iptables-save prints";

  private final ParseContext context;
  private final String file;
  private final ShellReader reader;
  private final ScriptTools tools;

  /** Functions that the script defines. */
  private final Set<String> functions = new HashSet<>();

  /** How many loops, conditions and functions are open: what is in them cannot be judged. */
  private int depth;

  /** How many groups in braces are open whose commands are run. */
  private int groups;

  /** Whether the body of a function is to come. */
  private boolean defining;

  /** Whether what is open is a group in braces that is not to be run. */
  private boolean unwanted;

  /** Whether the rest of the line belongs to what cannot be judged. */
  private boolean muted;

  private boolean succeeded = true;
  private boolean ended;

  ScriptParser(ParseContext context, String file, String text, SetReader sets) {
    this.context = context;
    this.file = file;
    reader = new ShellReader(text);
    tools = new ScriptTools(context, file, text, sets);
  }

  /** Whether a text is a script; otherwise it is what iptables-save prints. */
  static boolean isScript(String text) {
    int end;
    for (int from = 0; from < text.length(); from = end + 1) {
      int feed = text.indexOf('\n', from);
      end = feed < 0 ? text.length() : feed;
      String first = text.substring(from, end).strip();
      if (first.startsWith("#!")) {
        return true;
      }
      if (!first.isEmpty() && !first.startsWith("#")) {
        boolean dump =
            first.startsWith("*")
                || first.startsWith("-")
                || first.startsWith("[")
                || first.matches(":[^ ]+ .*");
        return !dump && text.lines().anyMatch(ScriptParser::namesATool);
      }
    }
    return false;
  }

  private static boolean namesATool(String line) {
    return NAMES_A_TOOL.matcher(COMMENT.matcher(line).replaceFirst("")).find();
  }

  /** The tables that commands touched, in the order in which they did. */
  List<TableBuilder> run() {
    String operator = "\n";
    while (!reader.atEnd() && !ended) {
      muted &= !operator.equals("\n");
      boolean chained = operator.equals("&&") || operator.equals("||");
      boolean wanted = !chained || operator.equals("&&") == succeeded;
      reader.lenient(isPassing());
      try {
        operator = command(wanted && !isPassing());
      } catch (ShellCursor.Unsupported e) {
        unsupported(e);
        muted = true;
        operator = ";";
      }
    }
    return tools.tables();
  }

  /** Whether commands are read, but not run. */
  private boolean isPassing() {
    return depth > 0 || muted;
  }

  /**
   * Goes into what cannot be judged, or out of it again; there, the rest of the line belongs to it.
   */
  private void open(int change) {
    depth += change;
    muted |= depth == 0 && !unwanted;
    unwanted &= depth > 0;
    reader.lenient(isPassing());
  }

  private void unsupported(ShellCursor.Unsupported e) {
    if (isPassing()) {
      return;
    }
    SourcePosition place = new SourcePosition(file, e.line, e.column);
    boolean variable = e.word.matches("\\$[A-Za-z_]\\w*");
    ShellCursor.Unsupported why = variable ? reader.words.unknown(e.word.substring(1)) : null;
    String message =
        e.word.equals("'") || e.word.equals("\"")
            ? "a quote is not closed"
            : why != null
                ? e.word
                    + " comes from \""
                    + why.word
                    + "\" in line "
                    + why.line
                    + ", which"
                    + NEEDS
                : variable
                    ? "variable " + e.word + " has no value in this script"
                    : "\"" + e.word + "\"" + NEEDS;
    context.diagnostics().error(place, e.word, message, ADVICE);
  }

  /** One simple command and the operator behind it. */
  private String command(boolean wanted) throws ShellCursor.Unsupported {
    List<ShellWords.Field> fields = new ArrayList<>();
    List<String[]> assigned = new ArrayList<>();
    while (true) {
      if (fields.size() == 1 && fields.get(0).plain() && reader.parentheses()) {
        function(fields);
        continue;
      }
      String operator = reader.operator();
      if (!operator.isEmpty()) {
        if (wanted && !isPassing()) {
          run(fields, assigned, operator.equals("||"));
        }
        return operator;
      }
      if (reader.redirection()) {
        continue;
      }
      String name = fields.isEmpty() || isAssigning(fields) ? reader.assignment() : null;
      if (name != null) {
        assignment(name, assigned);
      } else {
        boolean first = fields.isEmpty();
        fields.addAll(reader.word());
        if (first && !fields.isEmpty()) {
          keyword(fields, wanted);
        }
      }
    }
  }

  /** What only a real shell can give matters where the variable is used, if it ever is. */
  private void assignment(String name, List<String[]> assigned) {
    try {
      assigned.add(new String[] {name, reader.value()});
    } catch (ShellCursor.Unsupported e) {
      reader.words.forget(name, e);
    }
  }

  private static boolean isAssigning(List<ShellWords.Field> fields) {
    return ScriptWords.ASSIGNING.contains(fields.get(0).text());
  }

  private static ShellCursor.Unsupported complaint(ShellWords.Field at, String word) {
    return new ShellCursor.Unsupported(at.line(), at.column(), word);
  }

  /** {@code NAME()}, the body to come. */
  private void function(List<ShellWords.Field> fields) {
    ShellWords.Field name = fields.get(0);
    unsupported(complaint(name, name.text() + "()"));
    functions.add(name.text());
    defining = true;
    fields.clear();
  }

  /** Looks at the first word of a command. */
  private void keyword(List<ShellWords.Field> fields, boolean wanted)
      throws ShellCursor.Unsupported {
    ShellWords.Field first = fields.get(0);
    String text = first.text();
    if (!first.plain()) {
      reader.lenient(isPassing() || isHarmless(text));
    } else if (text.equals("{") || text.equals("}")) {
      brace(text, wanted);
      fields.clear();
    } else if (defining) {
      functions.add(text);
      reader.parentheses();
      fields.clear();
    } else if (ScriptWords.OPENING.contains(text)) {
      unsupported(complaint(first, text));
      defining = text.equals("function");
      if (!defining) {
        open(1);
      }
      fields.clear();
    } else if (depth > 0 && ScriptWords.CLOSING.contains(text)) {
      open(-1);
      fields.clear();
    } else if (depth > 0 && ScriptWords.INNER.contains(text)) {
      fields.clear();
    } else if (ScriptWords.NEED_A_SHELL.contains(text) && wanted && !isPassing()) {
      throw complaint(first, text);
    } else {
      reader.lenient(isPassing() || isHarmless(text));
    }
  }

  private void brace(String brace, boolean wanted) {
    boolean opens = brace.equals("{");
    boolean passed = depth > 0 || defining || opens && !wanted;
    unwanted |= depth == 0 && opens && !wanted && !defining && !muted;
    defining = false;
    if (passed) {
      open(opens ? 1 : -1);
    } else {
      groups = Math.max(0, groups + (opens ? 1 : -1));
    }
  }

  /** Whether a command changes no rule, so that its arguments do not matter. */
  private static boolean isHarmless(String tool) {
    return !TOOL.matcher(tool).matches()
        && !ScriptWords.PREFIXES.contains(tool)
        && !ScriptWords.ASSIGNING.contains(tool);
  }

  private void run(List<ShellWords.Field> given, List<String[]> assigned, boolean mayFail) {
    List<ShellWords.Field> fields = given;
    while (!fields.isEmpty() && ScriptWords.PREFIXES.contains(fields.get(0).text())) {
      fields = withoutPrefix(fields);
    }
    if (fields.isEmpty() || isAssigning(fields)) {
      assigned.forEach(each -> reader.words.assign(each[0], each[1]));
      return;
    }
    ShellWords.Field tool = fields.get(0);
    java.util.regex.Matcher known = TOOL.matcher(tool.text());
    succeeded = !tool.text().equals("false");
    if (tool.text().equals("exit") || tool.text().equals("return")) {
      ended = true;
    } else if (known.matches() && known.group(2) != null) {
      succeeded = tools.ipset(fields, mayFail);
    } else if (known.matches()) {
      boolean six = known.group(1).equals("ip6tables");
      if (six == (context.family() == Family.IPV6)) {
        succeeded = tools.iptables(fields, mayFail);
      }
    } else if (!ScriptWords.WITHOUT_EFFECT.contains(tool.text())
        && !functions.contains(tool.text())) {
      String message = "command " + tool.text() + " is passed over";
      context
          .diagnostics()
          .warning(tools.place(tool), tool.text(), message, "only iptables and ipset are followed");
    }
  }

  private static List<ShellWords.Field> withoutPrefix(List<ShellWords.Field> fields) {
    int next = 1;
    while (next < fields.size() && fields.get(next).text().startsWith("-")) {
      next += fields.get(next).text().matches("-[ugCp]") ? 2 : 1;
    }
    return fields.subList(Math.min(next, fields.size()), fields.size());
  }
}
