package org.fwreplay.xt.match;

import org.fwreplay.packet.Names;
import org.fwreplay.xt.Argument;
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

  /**
   * {@code A[:B]}, with numbers or service names.
   *
   * @param argument the option; null where it was not given
   * @param protocol whose services are meant; null for those of any protocol
   */
  static PortRange parse(Argument argument, String protocol) {
    if (argument == null) {
      return ALL;
    }
    String text = argument.text();
    int cut = text.indexOf(':');
    String from = cut < 0 ? text : text.substring(0, cut);
    String to = cut < 0 ? text : text.substring(cut + 1);
    int low = from.isEmpty() ? 0 : port(argument, from, protocol);
    int high = to.isEmpty() ? 0xffff : port(argument, to, protocol);
    if (low > high) {
      throw argument.fail("--" + argument.option() + ": port range " + text + " is negative");
    }
    return new PortRange(low, high, argument.inverted());
  }

  /** Like {@link #parse}; null where the option was not given. */
  static PortRange given(Argument argument, String protocol) {
    return argument == null ? null : parse(argument, protocol);
  }

  /** One port, by number or service name. */
  static int port(Argument argument, String text, String protocol) {
    if (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
      return (int) argument.number(text, 0, 0xffff);
    }
    int port = Names.port(text, protocol);
    if (port < 0) {
      throw argument.fail(
          "--" + argument.option() + ": \"" + text + "\" is neither a port nor a known service");
    }
    return port;
  }

  /** Whether every port matches. */
  boolean isAny() {
    return equals(ALL);
  }

  /** The ports as PortConstraint has them. */
  int[] ranges() {
    if (!inverted) {
      return equals(ALL) ? PortConstraint.ANY : new int[] {low, high};
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
    if (low != 0 || high != 0xffff || inverted) {
      write(out, option);
    }
  }

  /** Writes the option. */
  void write(RuleWriter out, String option) {
    out.option(option, inverted, low == high ? String.valueOf(low) : low + ":" + high);
  }
}
