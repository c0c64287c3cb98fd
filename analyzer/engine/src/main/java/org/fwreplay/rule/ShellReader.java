package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes a shell script apart into simple commands: words with quotes removed and variables put in,
 * as sh does it, and the operators between them. What only a shell can do is told as {@link
 * Unsupported}.
 */
final class ShellReader {
  /** What needs a real shell, and where. */
  static final class Unsupported extends Exception {
    private static final long serialVersionUID = 1L;
    final int line;
    final int column;
    final transient String word;

    Unsupported(int line, int column, String word) {
      super(null, null, false, false);
      this.line = line;
      this.column = column;
      this.word = word;
    }
  }

  /**
   * A word of a command.
   *
   * @param plain whether nothing in it was quoted or put in, so that it can be a keyword
   */
  record Field(String text, int line, int column, boolean plain) {}

  private static final java.util.regex.Pattern HERE_DOCUMENT =
      java.util.regex.Pattern.compile("<<-?\\s*['\"]?(\\w+)");

  private static final String META = " \t\n;|&<>()";

  private final String text;
  private final Map<String, String> variables = new HashMap<>();
  private int at;
  private int line = 1;
  private int lineStart;

  /** The word under way: its parts that were split off, and whether it has begun. */
  private List<Field> fields;

  private StringBuilder part;
  private boolean begun;
  private boolean plain;
  private int startLine;
  private int startColumn;

  ShellReader(String text) {
    this.text = text;
  }

  void assign(String name, String value) {
    variables.put(name, value);
  }

  boolean atEnd() {
    return at >= text.length();
  }

  int line() {
    return line;
  }

  int column() {
    return at - lineStart + 1;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
  }

  private char take() {
    char c = text.charAt(at++);
    if (c == '\n') {
      line++;
      lineStart = at;
    }
    return c;
  }

  /** Passes blanks, continued lines and comments, but no line end. */
  void skipBlanks() {
    while (!atEnd()) {
      char c = peek();
      if (c == ' ' || c == '\t' || c == '\r') {
        take();
      } else if (c == '\\' && peek(1) == '\n') {
        take();
        take();
      } else if (c == '#') {
        while (!atEnd() && peek() != '\n') {
          take();
        }
      } else {
        return;
      }
    }
  }

  /** Passes the rest of the line, with what is continued on the next. */
  void skipLine() {
    while (!atEnd() && peek() != '\n') {
      if (take() == '\\' && peek() == '\n') {
        take();
      }
    }
  }

  /** The operator here, taken; empty where there is a word, and a newline's name is {@code ;}. */
  String operator() throws Unsupported {
    skipBlanks();
    if (atEnd()) {
      return ";";
    }
    char c = peek();
    if (c == '\n' || c == ';') {
      take();
      return ";";
    }
    if ((c == '&' || c == '|') && peek(1) == c) {
      take();
      take();
      return c == '&' ? "&&" : "||";
    }
    boolean redirection = c == '&' && peek(1) == '>';
    if (c == '|' || c == '&' && !redirection || c == '(' || c == ')') {
      throw unsupported(String.valueOf(c));
    }
    return "";
  }

  /** Passes a redirection of output, if there is one here. */
  boolean redirection() throws Unsupported {
    int ahead = 0;
    while (Character.isDigit(peek(ahead)) || ahead == 0 && peek() == '&') {
      ahead++;
    }
    if (peek(ahead) == '<') {
      throw input(unsupported("<"), ahead);
    }
    if (peek(ahead) != '>') {
      return false;
    }
    for (int i = 0; i <= ahead; i++) {
      take();
    }
    while (peek() == '>' || peek() == '&' || peek() == '|') {
      take();
    }
    skipBlanks();
    word(false);
    return true;
  }

  /** Input from elsewhere; the lines of a here-document are passed. */
  private Unsupported input(Unsupported here, int ahead) {
    int end = text.indexOf('\n', at) < 0 ? text.length() : text.indexOf('\n', at);
    String rest = text.substring(at + ahead, end);
    java.util.regex.Matcher document = HERE_DOCUMENT.matcher(rest);
    if (document.lookingAt()) {
      skipLine();
      String delimiter = document.group(1);
      while (!atEnd()) {
        take();
        int start = at;
        skipLine();
        if (text.substring(start, at).strip().equals(delimiter)) {
          break;
        }
      }
    }
    return here;
  }

  private Unsupported unsupported(String word) {
    return new Unsupported(line, column(), word);
  }

  /** The name that is assigned to here, up to {@code =}, taken; or null. */
  String assignment() {
    int end = at;
    while (end < text.length() && isName(text.charAt(end), end > at)) {
      end++;
    }
    if (end == at || end >= text.length() || text.charAt(end) != '=') {
      return null;
    }
    String name = text.substring(at, end);
    at = end + 1;
    return name;
  }

  private static boolean isName(char c, boolean inside) {
    return c == '_' || Character.isLetter(c) || inside && Character.isDigit(c);
  }

  /** The value of an assignment: one word, or empty. */
  String value() throws Unsupported {
    List<Field> all = word(false);
    return all.isEmpty() ? "" : all.get(0).text();
  }

  /** The word here; several where an unquoted variable holds blanks, none where it is empty. */
  List<Field> word() throws Unsupported {
    return word(true);
  }

  private List<Field> word(boolean split) throws Unsupported {
    fields = new ArrayList<>();
    part = new StringBuilder();
    begun = false;
    plain = true;
    startLine = line;
    startColumn = column();
    while (!atEnd() && META.indexOf(peek()) < 0 && peek() != '\r') {
      char c = peek();
      switch (c) {
        case '\\' -> escape();
        case '\'' -> single();
        case '"' -> doubled();
        case '$' -> put(expansion(), split);
        case '`' -> throw unsupported("`");
        case '{' -> brace();
        default -> {
          part.append(take());
          begun = true;
        }
      }
    }
    end();
    return fields;
  }

  private void end() {
    if (begun || part.length() > 0) {
      fields.add(new Field(part.toString(), startLine, startColumn, plain));
    }
    part.setLength(0);
    begun = false;
  }

  /** {@code {a,b}} stands for two words in some shells. */
  private void brace() throws Unsupported {
    int close = text.indexOf('}', at);
    int newline = text.indexOf('\n', at);
    boolean closed = close > 0 && (newline < 0 || close < newline);
    if (closed && text.substring(at, close).matches("\\{[^ \\t]*(,|\\.\\.)[^ \\t]*")) {
      throw unsupported(text.substring(at, close + 1));
    }
    part.append(take());
    begun = true;
  }

  private void escape() {
    take();
    if (!atEnd()) {
      char c = take();
      if (c != '\n') {
        part.append(c);
        begun = true;
        plain = false;
      }
    }
  }

  private void single() throws Unsupported {
    Unsupported open = unsupported("'");
    take();
    while (!atEnd() && peek() != '\'') {
      part.append(take());
    }
    close(open);
  }

  private void close(Unsupported open) throws Unsupported {
    if (atEnd()) {
      throw open;
    }
    take();
    begun = true;
    plain = false;
  }

  private void doubled() throws Unsupported {
    Unsupported open = unsupported("\"");
    take();
    while (!atEnd() && peek() != '"') {
      char c = peek();
      if (c == '\\' && "$`\"\\\n".indexOf(peek(1)) >= 0 && peek(1) != '\0') {
        take();
        char escaped = take();
        part.append(escaped == '\n' ? "" : String.valueOf(escaped));
      } else if (c == '$') {
        put(expansion(), false);
      } else if (c == '`') {
        throw unsupported("`");
      } else {
        part.append(take());
      }
    }
    close(open);
  }

  private void put(String value, boolean split) {
    plain = false;
    if (!split) {
      part.append(value);
      return;
    }
    String[] words = value.split("[ \\t\\n]+", -1);
    for (int i = 0; i < words.length; i++) {
      if (i > 0) {
        end();
      }
      part.append(words[i]);
    }
  }

  /** {@code $NAME} and <code>${NAME}</code>; a dollar sign before anything else is one. */
  private String expansion() throws Unsupported {
    Unsupported here = unsupported("$");
    take();
    boolean braces = peek() == '{';
    int start = at + (braces ? 1 : 0);
    int end = start;
    while (end < text.length() && isName(text.charAt(end), end > start)) {
      end++;
    }
    String name = text.substring(start, end);
    if (name.isEmpty() && !braces && "(@*#?-$!0123456789".indexOf(peek()) < 0 || atEnd()) {
      begun = true;
      return "$";
    }
    boolean whole = !name.isEmpty() && (!braces || end < text.length() && text.charAt(end) == '}');
    if (!whole) {
      int shown = braces ? Math.min(text.length(), end + 1) : at + 1;
      throw new Unsupported(here.line, here.column, text.substring(at - 1, shown).split("\n")[0]);
    }
    at = end + (braces ? 1 : 0);
    String value = variables.get(name);
    if (value == null) {
      throw new Unsupported(here.line, here.column, "$" + name);
    }
    return value;
  }
}
