package org.fwreplay.xt.match;

import org.fwreplay.xt.Argument;
import org.fwreplay.xt.RuleWriter;

/**
 * The numbers of an option such as {@code --ahspi}: an inclusive range of unsigned 32 bits.
 *
 * @param low first number
 * @param high last number
 * @param inverted whether every other number matches
 */
public record NumberRange(long low, long high, boolean inverted) {
  private static final long MAX = 0xffffffffL;

  /** Every number: the option was not given. */
  public static final NumberRange ALL = new NumberRange(0, MAX, false);

  /** {@code A[:B]}; {@link #ALL} where the option was not given (null). */
  static NumberRange parse(Argument argument) {
    if (argument == null) {
      return ALL;
    }
    Argument.Range range = argument.ascending(0, MAX);
    return new NumberRange(range.low(), range.high(), argument.inverted());
  }

  /** Whether a number matches, inversion included. */
  boolean matches(long number) {
    return (number >= low && number <= high) != inverted;
  }

  /** Writes the option, unless every number matches anyway. */
  void save(RuleWriter out, String option) {
    if (!equals(ALL)) {
      out.option(option, inverted, low == high ? String.valueOf(low) : low + ":" + high);
    }
  }
}
