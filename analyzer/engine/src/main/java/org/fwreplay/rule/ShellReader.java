package org.fwreplay.rule;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fwreplay.rule.ShellCursor.Unsupported;
import org.fwreplay.rule.ShellWords.Field;

/**
 * Takes a shell script apart into simple commands: words, assignments, redirections and the
 * operators between them. What only a shell can do is told as {@link Unsupported}, or passed over
 * where the reader is lenient.
 */
final class ShellReader {
  private static final Pattern HERE_DOCUMENT = Pattern.compile("<<-?\\s*['\"]?(\\w+)");

  final ShellWords words;
  private final ShellCursor in;

  ShellReader(String text) {
    in = new ShellCursor(text);
    words = new ShellWords(in);
  }

  boolean atEnd() {
    return in.atEnd();
  }

  /** Passes what needs a real shell over from now on, or tells it. */
  void lenient(boolean on) {
    in.lenient = on;
  }

  /** The operator here, taken; empty where there is a word. The text ends with a newline. */
  String operator() throws Unsupported {
    in.skipBlanks();
    if (in.atEnd()) {
      return "\n";
    }
    char c = in.peek();
    if (c == '\n' || c == ';') {
      return String.valueOf(in.take());
    }
    if ((c == '&' || c == '|') && in.peek(1) == c) {
      in.take();
      in.take();
      return c == '&' ? "&&" : "||";
    }
    boolean redirection = c == '&' && in.peek(1) == '>';
    if (c == '|' || c == '&' && !redirection || c == '(' || c == ')') {
      if (!in.lenient) {
        throw in.unsupported(String.valueOf(c));
      }
      in.take();
      return ";";
    }
    return "";
  }

  /** Passes the {@code ()} of a function's definition, if it is here. */
  boolean parentheses() {
    in.skipBlanks();
    int close = in.at() + 1;
    while (close < in.text.length() && " \t".indexOf(in.text.charAt(close)) >= 0) {
      close++;
    }
    if (in.peek() != '(' || close >= in.text.length() || in.text.charAt(close) != ')') {
      return false;
    }
    in.moveTo(close + 1);
    return true;
  }

  /** Passes a redirection, if there is one here; where input comes from, only a shell knows. */
  boolean redirection() throws Unsupported {
    int ahead = 0;
    while (Character.isDigit(in.peek(ahead)) || ahead == 0 && in.peek() == '&') {
      ahead++;
    }
    char sign = in.peek(ahead);
    if (sign != '<' && sign != '>') {
      return false;
    }
    Unsupported input = sign == '<' && !in.lenient ? in.unsupported("<") : null;
    if (sign == '<' && document(ahead)) {
      tell(input);
      return true;
    }
    for (int i = 0; i <= ahead; i++) {
      in.take();
    }
    while ("><&|".indexOf(in.peek()) >= 0) {
      in.take();
    }
    in.skipBlanks();
    words.read(false);
    tell(input);
    return true;
  }

  private static void tell(Unsupported what) throws Unsupported {
    if (what != null) {
      throw what;
    }
  }

  /** Passes the lines of a here-document, if one begins here. */
  private boolean document(int ahead) {
    int newline = in.text.indexOf('\n', in.at());
    int end = newline < 0 ? in.text.length() : newline;
    Matcher document = HERE_DOCUMENT.matcher(in.text.substring(in.at() + ahead, end));
    if (!document.lookingAt()) {
      return false;
    }
    in.skipLine();
    String delimiter = document.group(1);
    boolean open = true;
    while (open && !in.atEnd()) {
      in.take();
      int start = in.at();
      in.skipLine();
      open = !in.text.substring(start, in.at()).strip().equals(delimiter);
    }
    return true;
  }

  /** The name that is assigned to here, up to {@code =}, taken; or null. */
  String assignment() {
    int end = in.nameEnd(in.at());
    if (end == in.at() || end >= in.text.length() || in.text.charAt(end) != '=') {
      return null;
    }
    String name = in.text.substring(in.at(), end);
    in.moveTo(end + 1);
    return name;
  }

  /** The value of an assignment: one word, or empty. */
  String value() throws Unsupported {
    List<Field> all = words.read(false);
    return all.isEmpty() ? "" : all.get(0).text();
  }

  /** The word here; several where an unquoted variable holds blanks, none where it is empty. */
  List<Field> word() throws Unsupported {
    return words.read(true);
  }
}
