package org.fwreplay.xt.match;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.OptionException;

/**
 * Reads the tests of {@code --u32}:
 *
 * <pre>
 * tests    := test { "&amp;&amp;" test }
 * test     := number { operator number } "=" range { "," range }
 * operator := "&amp;" | "&lt;&lt;" | "&gt;&gt;" | "@"
 * range    := number [ ":" number ]
 * </pre>
 */
final class U32Parser {
  /** Most tests, most numbers in a location and most ranges. */
  private static final int MAX = 10;

  private static final Pattern NUMBER = Pattern.compile("0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*");

  private final Argument argument;
  private final String text;
  private int at;

  U32Parser(Argument argument) {
    this.argument = argument;
    text = argument.text();
  }

  List<U32Match.Test> parse() {
    List<U32Match.Test> tests = new ArrayList<>();
    do {
      tests.add(test());
      limit(tests, "tests");
    } while (take("&&"));
    skipSpace();
    if (at < text.length()) {
      throw fail("\",\" or \"&&\" expected");
    }
    return tests;
  }

  private U32Match.Test test() {
    List<U32Match.Step> steps = new ArrayList<>();
    U32Match.Operator operator = U32Match.Operator.START;
    do {
      int number = number();
      boolean shift =
          operator == U32Match.Operator.LEFT_SHIFT || operator == U32Match.Operator.RIGHT_SHIFT;
      if (shift && Integer.compareUnsigned(number, 31) > 0) {
        throw fail("a shift is by 31 bits at most");
      }
      steps.add(new U32Match.Step(operator, number));
      limit(steps, "operators");
      operator = operator();
    } while (operator != null);
    List<U32Match.Range> ranges = new ArrayList<>();
    do {
      int low = number();
      ranges.add(new U32Match.Range(low, take(":") ? number() : low));
      limit(ranges, "ranges");
    } while (take(","));
    return new U32Match.Test(steps, ranges);
  }

  /** The operator that comes next, or null for the equals sign. */
  private U32Match.Operator operator() {
    if (take("=")) {
      return null;
    }
    for (U32Match.Operator operator : U32Match.Operator.values()) {
      if (operator != U32Match.Operator.START && take(operator.text)) {
        return operator;
      }
    }
    throw fail("\"=\" or an operator (& << >> @) expected");
  }

  private int number() {
    skipSpace();
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) {
      throw fail("number expected");
    }
    int value = (int) argument.number(number.group(), 0, 0xffffffffL);
    at = number.end();
    return value;
  }

  private boolean take(String token) {
    skipSpace();
    if (!text.startsWith(token, at)) {
      return false;
    }
    at += token.length();
    return true;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private void limit(List<?> list, String what) {
    if (list.size() > MAX) {
      throw fail("more than " + MAX + " " + what);
    }
  }

  private OptionException fail(String message) {
    return argument.fail("--u32: at character " + (at + 1) + ": " + message);
  }
}
