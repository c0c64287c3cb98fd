package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fwreplay.rule.ShellCursor.Mark;
import org.fwreplay.rule.ShellCursor.Unsupported;

/** Reads the words of a shell script: removes quotes and puts variables in, as sh does. */
final class ShellWords {
  /**
   * A word of a command.
   *
   * @param plain whether nothing in it was quoted or put in, so that it can be a keyword
   */
  record Field(String text, int line, int column, boolean plain) {}

  /** {@code which iptables} and its like, in {@code $(...)} or backquotes. */
  private static final Pattern WHERE_IS =
      Pattern.compile(
          "(?:\\$\\(|`)\\s*(?:which|command\\s+-v|type\\s+-[pP])\\s+([\\w./-]+)\\s*[)`]");

  private static final String META = " \t\n;|&<>()";

  private final ShellCursor in;
  private final Map<String, String> variables = new HashMap<>();

  /** Variables whose values need a real shell, and why. */
  private final Map<String, Unsupported> unknown = new HashMap<>();

  /** The word under way: its parts that were split off, and whether it has begun. */
  private List<Field> fields;

  private StringBuilder part;
  private boolean begun;
  private boolean plain;
  private Mark start;

  ShellWords(ShellCursor in) {
    this.in = in;
  }

  void assign(String name, String value) {
    variables.put(name, value);
    unknown.remove(name);
  }

  /** Notes that only a real shell knows a variable's value. */
  void forget(String name, Unsupported why) {
    variables.remove(name);
    unknown.put(name, why);
  }

  /** Why a variable has no value here, or null where nobody gave it one. */
  Unsupported unknown(String name) {
    return unknown.get(name);
  }

  /**
   * The word here; several where an unquoted variable holds blanks, none where it is empty. It is
   * passed also where it needs a real shell.
   *
   * @param split whether variables are split at blanks
   */
  List<Field> read(boolean split) throws Unsupported {
    Mark before = in.mark();
    try {
      return parts(split);
    } catch (Unsupported e) {
      if (!in.lenient) {
        in.back(before);
        in.lenient = true;
        read(false);
        in.lenient = false;
      }
      throw e;
    }
  }

  private List<Field> parts(boolean split) throws Unsupported {
    fields = new ArrayList<>();
    part = new StringBuilder();
    begun = false;
    plain = true;
    start = in.mark();
    while (!in.atEnd() && META.indexOf(in.peek()) < 0 && in.peek() != '\r') {
      char c = in.peek();
      switch (c) {
        case '\\' -> escape();
        case '\'' -> single();
        case '"' -> doubled();
        case '$' -> put(expansion(), split);
        case '`' -> put(backquoted(), split);
        case '{' -> brace();
        default -> {
          part.append(in.take());
          begun = true;
        }
      }
    }
    end();
    return fields;
  }

  private void end() {
    if (begun || part.length() > 0) {
      fields.add(new Field(part.toString(), start.line(), start.column(), plain));
    }
    part.setLength(0);
    begun = false;
  }

  /** {@code {a,b}} stands for two words in some shells. */
  private void brace() throws Unsupported {
    int close = in.text.indexOf('}', in.at());
    int newline = in.text.indexOf('\n', in.at());
    boolean closed = close > 0 && (newline < 0 || close < newline);
    if (closed && !in.lenient) {
      String inside = in.text.substring(in.at(), close);
      if (inside.matches("\\{[^ \\t]*(,|\\.\\.)[^ \\t]*")) {
        throw in.unsupported(inside + "}");
      }
    }
    part.append(in.take());
    begun = true;
  }

  private void escape() {
    in.take();
    if (!in.atEnd()) {
      char c = in.take();
      if (c != '\n') {
        part.append(c);
        begun = true;
        plain = false;
      }
    }
  }

  private void single() throws Unsupported {
    Unsupported open = in.unsupported("'");
    in.take();
    while (!in.atEnd() && in.peek() != '\'') {
      part.append(in.take());
    }
    close(open);
  }

  private void close(Unsupported open) throws Unsupported {
    if (in.atEnd()) {
      throw open;
    }
    in.take();
    begun = true;
    plain = false;
  }

  private void doubled() throws Unsupported {
    Unsupported open = in.unsupported("\"");
    in.take();
    while (!in.atEnd() && in.peek() != '"') {
      char c = in.peek();
      if (c == '\\' && in.peek(1) != '\0' && "$`\"\\\n".indexOf(in.peek(1)) >= 0) {
        in.take();
        char escaped = in.take();
        part.append(escaped == '\n' ? "" : String.valueOf(escaped));
      } else if (c == '$') {
        put(expansion(), false);
      } else if (c == '`') {
        put(backquoted(), false);
      } else {
        part.append(in.take());
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

  /** The program whose place is asked for here, passed; null where none is. */
  private String place() {
    Matcher where = WHERE_IS.matcher(in.text).region(in.at(), in.text.length());
    if (!where.lookingAt()) {
      return null;
    }
    in.moveTo(where.end());
    return where.group(1);
  }

  /** A command's output; only where a program is can be told. */
  private String backquoted() throws Unsupported {
    String place = place();
    if (place != null) {
      return place;
    }
    if (!in.lenient) {
      throw in.unsupported("`");
    }
    in.take();
    while (!in.atEnd() && in.peek() != '`') {
      in.take();
    }
    if (!in.atEnd()) {
      in.take();
    }
    return "";
  }

  /** Passes what began with a dollar sign, to the bracket that ends it. */
  private String passExpansion() {
    int open = 0;
    do {
      char c = in.take();
      open += c == '(' || c == '{' ? 1 : c == ')' || c == '}' ? -1 : 0;
    } while (!in.atEnd() && open > 0);
    return "";
  }

  /** {@code $NAME} and <code>${NAME}</code>; a dollar sign before anything else is one. */
  private String expansion() throws Unsupported {
    String place = place();
    if (place != null) {
      return place;
    }
    Unsupported here = in.unsupported("$");
    in.take();
    boolean braces = in.peek() == '{';
    int from = in.at() + (braces ? 1 : 0);
    int end = in.nameEnd(from);
    String name = in.text.substring(from, end);
    if (in.atEnd() || name.isEmpty() && !braces && "(@*#?-$!0123456789".indexOf(in.peek()) < 0) {
      begun = true;
      return "$";
    }
    boolean closed = !braces || end < in.text.length() && in.text.charAt(end) == '}';
    if (name.isEmpty() || !closed) {
      return other(here, braces ? end : in.at());
    }
    in.moveTo(end + (braces ? 1 : 0));
    String value = variables.get(name);
    if (value == null && !in.lenient) {
      throw new Unsupported(here.line, here.column, "$" + name);
    }
    return value == null ? "" : value;
  }

  /** An expansion that needs a real shell; shown up to an index. */
  private String other(Unsupported here, int last) throws Unsupported {
    if (in.lenient) {
      return passExpansion();
    }
    int shown = Math.min(in.text.length(), last + 1);
    String word = in.text.substring(in.at() - 1, shown).split("\n")[0];
    throw new Unsupported(here.line, here.column, word);
  }
}
