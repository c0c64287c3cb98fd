package org.fwreplay.rule;

/** A place in a shell script that moves on, and knows its line and column. */
final class ShellCursor {
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

  /** A place to come back to. */
  record Mark(int at, int line, int lineStart) {
    int column() {
      return at - lineStart + 1;
    }
  }

  final String text;

  /** Whether what needs a real shell is passed over instead of told. */
  boolean lenient;

  private int at;
  private int line = 1;
  private int lineStart;

  ShellCursor(String text) {
    this.text = text;
  }

  int at() {
    return at;
  }

  boolean atEnd() {
    return at >= text.length();
  }

  Mark mark() {
    return new Mark(at, line, lineStart);
  }

  void back(Mark to) {
    at = to.at;
    line = to.line;
    lineStart = to.lineStart;
  }

  /** Moves to an index further on, in the same line. */
  void moveTo(int index) {
    at = index;
  }

  char peek() {
    return peek(0);
  }

  /** The character so many further on; NUL behind the end. */
  char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
  }

  char take() {
    char c = text.charAt(at++);
    if (c == '\n') {
      line++;
      lineStart = at;
    }
    return c;
  }

  Unsupported unsupported(String word) {
    return new Unsupported(line, at - lineStart + 1, word);
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

  static boolean isName(char c, boolean inside) {
    return c == '_' || Character.isLetter(c) || inside && Character.isDigit(c);
  }

  /** The index behind the name that begins at one; the same where none does. */
  int nameEnd(int from) {
    int end = from;
    while (end < text.length() && isName(text.charAt(end), end > from)) {
      end++;
    }
    return end;
  }
}
