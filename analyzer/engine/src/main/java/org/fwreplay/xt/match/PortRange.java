package org.fwreplay.xt.match;

import java.math.BigInteger;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.fwreplay.packet.Names;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.PortConstraint;
import org.fwreplay.xt.RuleWriter;

/**
 * The ports of a {@code --sport} or similar option.
 *
 * @param low first port
 * @param high last port
 * @param inverted whether every other port matches
 */
public record PortRange(int low, int high, boolean inverted) {
  /** Every port: the option was not given. */
  public static final PortRange ALL = new PortRange(0, 0xffff, false);

  private static final Pattern DECIMAL = Pattern.compile("[+]?[0-9]+");

  /**
   * {@code A[:B]}, with numbers or service names.
   *
   * @param argument the option; null where it was not given
   * @param protocol whose services are meant
   */
  static PortRange parse(Argument argument, String protocol) {
    return argument == null ? ALL : parse(argument, part -> port(argument, part, protocol));
  }

  /** {@code A[:B]} as {@link #resolved} reads ports; null where the option was not given. */
  static PortRange resolved(Arguments arguments, String option) {
    Argument argument = arguments.find(option);
    return argument == null ? null : resolved(arguments, argument);
  }

  /** {@code A[:B]} as {@link #resolved} reads ports. */
  static PortRange resolved(Arguments arguments, Argument argument) {
    return parse(argument, part -> resolved(arguments, argument, part));
  }

  private static PortRange parse(Argument argument, ToIntFunction<String> port) {
    String text = argument.text();
    int cut = text.indexOf(':');
    String from = cut < 0 ? text : text.substring(0, cut);
    String to = text.substring(cut + 1);
    int low = cut >= 0 && from.isEmpty() ? 0 : port.applyAsInt(from);
    int high = cut < 0 ? low : to.isEmpty() ? 0xffff : port.applyAsInt(to);
    if (low > high) {
      throw argument.fail("--" + argument.option() + ": port range " + text + " is negative");
    }
    return new PortRange(low, high, argument.inverted());
  }

  /** Like {@link #parse}; null where the option was not given. */
  static PortRange given(Argument argument, String protocol) {
    return argument == null ? null : parse(argument, protocol);
  }

  /**
   * One port as C's {@code getaddrinfo} reads it, which libxtables asks for most options: always
   * decimal, 0 for nothing at all, and what is above 65535 loses its upper bits.
   */
  public static int resolved(Arguments arguments, Argument argument, String text) {
    int plain = digits(text);
    if (plain >= 0 && plain <= 0xffff) {
      return plain;
    }
    BigInteger number = DECIMAL.matcher(text).matches() ? new BigInteger(text) : null;
    if (number != null && number.bitLength() <= Long.SIZE) {
      int port = number.intValue() & 0xffff;
      if (number.bitLength() > 16) {
        arguments.warn(
            argument, "--" + argument.option() + ": iptables takes " + text + " as port " + port);
      }
      return port;
    }
    return named(argument, text, null);
  }

  /** A number of up to five digits, as nearly all ports are; 0 for none, -1 for anything else. */
  private static int digits(String text) {
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (i == 5 || c < '0' || c > '9') {
        return -1;
      }
      value = 10 * value + c - '0';
    }
    return value;
  }

  /** One port, by number or service name. */
  static int port(Argument argument, String text, String protocol) {
    if (text.matches("[+]?[0-9].*")) {
      return (int) argument.number(text, 0, 0xffff);
    }
    return named(argument, text, protocol);
  }

  private static int named(Argument argument, String text, String protocol) {
    int port = Names.port(text, protocol);
    if (port < 0) {
      throw argument.fail(
          "--" + argument.option() + ": \"" + text + "\" is neither a port nor a known service");
    }
    return port;
  }

  /** Whether every port matches. */
  boolean isAny() {
    return low == 0 && high == 0xffff && !inverted;
  }

  /** The ports as PortConstraint has them. */
  int[] ranges() {
    if (!inverted) {
      return isAny() ? PortConstraint.ANY : new int[] {low, high};
    }
    boolean below = low > 0;
    boolean above = high < 0xffff;
    if (below && above) {
      return new int[] {0, low - 1, high + 1, 0xffff};
    }
    return below ? new int[] {0, low - 1} : above ? new int[] {high + 1, 0xffff} : new int[0];
  }

  /** Whether a port matches, inversion included. */
  boolean matches(int port) {
    return (port >= low && port <= high) != inverted;
  }

  /** Writes the option, unless every port matches anyway. */
  void save(RuleWriter out, String option) {
    if (!isAny()) {
      write(out, option);
    }
  }

  /** Writes the option. */
  void write(RuleWriter out, String option) {
    out.option(option, inverted, low == high ? String.valueOf(low) : low + ":" + high);
  }
}
