package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.diagnostic.Diagnostics;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.diagnostic.Suggestions;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.ipset.SetReader;
import org.fwreplay.packet.Family;
import org.fwreplay.xt.Extensions;

/**
 * Reads a dump of {@code iptables-save} or {@code ip6tables-save}, or a script of such commands.
 * Takes what iptables-legacy-restore and the kernel take, and refuses what they refuse, with all
 * errors at once.
 */
public final class RulesetParser {
  private final ParseContext context;
  private final String file;
  private final Map<String, TableBuilder> tables = new LinkedHashMap<>();
  private TableBuilder table;
  private boolean skipping;
  private boolean complainedOfReturns;

  /** The tool was asked for help in the midst of it, and reads no more. */
  private boolean ended;

  private RulesetParser(ParseContext context, String file) {
    this.context = context;
    this.file = file;
  }

  /** As {@link #parse(Family, String, String, Extensions, boolean)}, refusing the unsupported. */
  public static ParseResult parse(Family family, String file, String text, Extensions extensions) {
    return parse(family, file, text, extensions, false);
  }

  /**
   * Parses a whole text.
   *
   * @param file its name, for diagnostics
   * @param allowUnsupported whether rules with unknown extensions or options are left out, with a
   *     warning for each, instead of refusing the ruleset
   */
  public static ParseResult parse(
      Family family, String file, String text, Extensions extensions, boolean allowUnsupported) {
    return parse(family, file, text, extensions, allowUnsupported, SetFile.EMPTY);
  }

  /**
   * Parses a whole text: a dump, or a script of commands.
   *
   * @param sets the IP sets that there are before; a script's ipset commands may change them
   */
  public static ParseResult parse(
      Family family,
      String file,
      String text,
      Extensions extensions,
      boolean allowUnsupported,
      SetFile sets) {
    Diagnostics diagnostics = new Diagnostics();
    ParseContext context = new ParseContext(family, extensions, diagnostics, allowUnsupported);
    if (ScriptParser.isScript(text)) {
      SetReader reader = new SetReader(sets);
      List<TableBuilder> made = new ScriptParser(context, file, text, reader).run();
      return result(context, file, made, reader.finish());
    }
    RulesetParser parser = new RulesetParser(context, file);
    parser.lines(text);
    return result(context, file, parser.tables.values(), sets);
  }

  private static ParseResult result(
      ParseContext context, String file, Collection<TableBuilder> tables, SetFile sets) {
    List<Table> built = new ArrayList<>();
    for (TableBuilder builder : tables) {
      Table made = builder.build();
      TableCheck.run(context, made);
      built.add(made);
    }
    Diagnostics diagnostics = context.diagnostics();
    Ruleset ruleset = diagnostics.hasErrors() ? null : new Ruleset(context.family(), built, file);
    return new ParseResult(ruleset, diagnostics.list(), sets);
  }

  private void lines(String text) {
    int number = 0;
    int from = 0;
    while (from < text.length() && !ended) {
      int end = text.indexOf('\n', from);
      number++;
      line(number, text.substring(from, end < 0 ? text.length() : end));
      if (end < 0) {
        error(at(number, 1), "", "the last line has no line end", "end it with a newline");
        break;
      }
      from = end + 1;
    }
    if (!ended && (table != null || skipping)) {
      error(at(Math.max(1, number), 1), "", "the text ends inside a table", "COMMIT");
    }
  }

  private SourcePosition at(int line, int column) {
    return new SourcePosition(file, line, column);
  }

  private void line(int number, String raw) {
    String line = raw;
    if (line.endsWith("\r")) {
      line = line.substring(0, line.length() - 1);
      if (!complainedOfReturns) {
        error(at(number, raw.length()), "\\r", "the lines end as in DOS", "convert to Unix lines");
        complainedOfReturns = true;
      }
    }
    if (line.isEmpty() || line.charAt(0) == '#') {
      return;
    }
    boolean inTable = table != null || skipping;
    if (inTable && line.equals("COMMIT")) {
      table = null;
      skipping = false;
    } else if (!inTable && line.charAt(0) == '*') {
      begin(number, line);
    } else if (table != null) {
      content(number, line);
    } else if (!skipping) {
      error(
          at(number, 1),
          line,
          "\"" + line + "\" stands outside a table",
          "a table begins with *NAME and ends with COMMIT");
    }
  }

  private void begin(int number, String line) {
    String name = line.substring(1).strip().split("[ \t]", 2)[0];
    TableType type = TableType.of(name);
    if (type == null) {
      error(
          at(number, 2),
          name,
          "no table \"" + name + "\"",
          Suggestions.hint(name, TableType.names()));
      skipping = true;
      return;
    }
    if (tables.containsKey(name)) {
      context
          .diagnostics()
          .warning(
              at(number, 2),
              name,
              "table " + name + " begins again",
              "what it held before is gone, as with iptables-restore");
    }
    table = new TableBuilder(type);
    tables.put(name, table);
  }

  private void content(int number, String line) {
    switch (line.charAt(0)) {
      case ':' -> declare(number, line);
      case '*' -> {
        error(at(number, 1), line, "table " + table.type().text() + " has not ended", "COMMIT");
        table = null;
        begin(number, line);
      }
      default -> rule(number, line);
    }
  }

  /** {@code :CHAIN POLICY [PACKETS:BYTES]}; without -c counters are not looked at. */
  private void declare(int number, String line) {
    List<Word> words = plainWords(line);
    if (words.size() < 2) {
      error(at(number, 1), line, "a chain needs a name and a policy", ":CHAIN ACCEPT|DROP|-");
      return;
    }
    String counters = words.size() > 2 ? words.get(2).text() : "";
    long[] both = counters(counters);
    table.at(at(number, 1));
    try {
      table.declare(words.get(0).text(), words.get(1).text(), both[0], both[1]);
    } catch (TableBuilder.RefusedException e) {
      error(at(number, words.get(0).column()), words.get(0).text(), e.getMessage(), e.hint);
    }
  }

  private static List<Word> plainWords(String line) {
    List<Word> words = new ArrayList<>();
    int i = 1;
    while (i < line.length()) {
      if (isBlank(line.charAt(i))) {
        i++;
        continue;
      }
      int start = i;
      while (i < line.length() && !isBlank(line.charAt(i))) {
        i++;
      }
      words.add(new Word(line.substring(start, i), start + 1));
    }
    return words;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** {@code [PACKETS:BYTES]}, zeros for anything else. */
  private static long[] counters(String text) {
    int colon = text.indexOf(':');
    if (!text.startsWith("[") || !text.endsWith("]") || colon < 0) {
      return new long[2];
    }
    try {
      return new long[] {
        Long.parseUnsignedLong(text.substring(1, colon)),
        Long.parseUnsignedLong(text.substring(colon + 1, text.length() - 1))
      };
    } catch (NumberFormatException e) {
      return new long[2];
    }
  }

  private void rule(int number, String line) {
    int from = 0;
    long[] counters = new long[2];
    if (line.charAt(0) == '[') {
      int close = line.indexOf(']');
      if (close < 0 || line.indexOf(':') < 0 || line.indexOf(':') > close) {
        error(at(number, 1), line, "counters are not closed", "[PACKETS:BYTES]");
        return;
      }
      counters = counters(line.substring(0, close + 1));
      from = close + 1;
    }
    List<Word> words = Word.split(line, from);
    if (words == null) {
      error(at(number, line.lastIndexOf('"') + 1), "\"", "a double quote is not closed", "");
    } else if (words.isEmpty()) {
      error(at(number, 1), "", "a line of blanks", "leave it empty");
    } else {
      SourcePosition start = at(number, words.get(0).column());
      run(start, line.substring(from).strip(), words, counters);
    }
  }

  private void run(SourcePosition start, String text, List<Word> words, long[] counters) {
    Command command = CommandParser.parse(context, table.place(), start, text, words, counters);
    if (command == null) {
      return;
    }
    if (command.option() == CommandOption.HELP) {
      tables.put(table.type().text(), new TableBuilder(table.type()));
      ended = true;
      return;
    }
    table.at(start);
    try {
      table.execute(command);
    } catch (TableBuilder.RefusedException e) {
      Word word = command.chainWord() == null ? words.get(0) : command.chainWord();
      error(start.at(word.column()), word.text(), e.getMessage(), e.hint);
    }
  }

  private void error(SourcePosition position, String word, String message, String hint) {
    context.diagnostics().error(position, word, message, hint);
  }
}
