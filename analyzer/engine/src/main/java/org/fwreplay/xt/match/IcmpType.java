package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.xt.Argument;

/**
 * What {@code --icmp-type} or {@code --icmpv6-type} asks for.
 *
 * @param name its name in rules; empty where it was given as a number
 * @param type ICMP type
 * @param low first code
 * @param high last code
 */
record IcmpType(String name, int type, int low, int high) {
  private static final int ANY_CODE = 255;

  /** A type with every code. */
  static IcmpType of(String name, int type) {
    return new IcmpType(name, type, 0, ANY_CODE);
  }

  /** A type with one code. */
  static IcmpType of(String name, int type, int code) {
    return new IcmpType(name, type, code, code);
  }

  /** A name (or how exactly one of them begins), {@code TYPE} or {@code TYPE/CODE[:CODE]}. */
  static IcmpType parse(Argument argument, List<IcmpType> known) {
    String text = argument.text();
    IcmpType found = null;
    for (IcmpType candidate : known) {
      if (candidate.name.regionMatches(true, 0, text, 0, text.length())) {
        if (found != null) {
          throw argument.fail(
              "--"
                  + argument.option()
                  + ": \""
                  + text
                  + "\" is ambiguous: "
                  + found.name
                  + " or "
                  + candidate.name);
        }
        found = candidate;
      }
    }
    return found != null ? found : number(argument);
  }

  private static IcmpType number(Argument argument) {
    String text = argument.text();
    if (!Character.isDigit(text.charAt(0))) {
      throw argument.fail(
          "--" + argument.option() + ": \"" + text + "\" is neither a known type nor TYPE[/CODE]");
    }
    int cut = text.indexOf('/');
    if (cut < 0) {
      return of("", (int) argument.number(text, 0, 255));
    }
    int type = (int) argument.number(text.substring(0, cut), 0, 255);
    String codes = text.substring(cut + 1);
    int colon = codes.indexOf(':');
    int low = (int) argument.number(colon < 0 ? codes : codes.substring(0, colon), 0, 255);
    int high = colon < 0 ? low : (int) argument.number(codes.substring(colon + 1), 0, 255);
    return new IcmpType("", type, low, high);
  }

  /** Whether every code is meant. */
  boolean anyCode() {
    return low == 0 && high == ANY_CODE;
  }

  /** {@code TYPE[/CODE]}, as iptables-save writes it. */
  String text() {
    return anyCode() ? String.valueOf(type) : type + "/" + low;
  }
}
