package org.fwreplay.xt;

import java.math.BigInteger;
import java.util.function.BiFunction;
import org.fwreplay.packet.Family;

/**
 * One option as given in a rule.
 *
 * @param option its declared name
 * @param inverted whether {@code !} stood before it
 * @param text its value; empty for a flag
 * @param word index of the value in the rule, for diagnostics
 */
public record Argument(String option, boolean inverted, String text, int word) {

  /** A value with an optional mask, both as unsigned 32 bits. */
  public record Masked(int value, int mask) {}

  /** An inclusive range of numbers. */
  public record Range(long low, long high) {}

  /** A complaint about this value, to be thrown. */
  public OptionException fail(String message) {
    return new OptionException(word, message);
  }

  /** The value as an unsigned number in decimal, {@code 0x} or {@code 0} octal notation. */
  public long unsigned(long low, long high) {
    return number(text, low, high);
  }

  /** {@code A[:B]}, where an end that is left out is that of all numbers; B defaults to A. */
  public Range range(char separator, long low, long high) {
    int cut = text.indexOf(separator);
    if (cut < 0) {
      long only = text.isEmpty() ? low : number(text, low, high);
      return new Range(only, only);
    }
    String a = text.substring(0, cut);
    String b = text.substring(cut + 1);
    return new Range(
        a.isEmpty() ? low : number(a, low, high), b.isEmpty() ? high : number(b, low, high));
  }

  /**
   * {@code A[:B]} as {@link #range}, with B not below A (compared unsigned): libxtables' {@code
   * UINT*RC}.
   */
  public Range ascending(long low, long high) {
    Range range = range(':', low, high);
    if (Long.compareUnsigned(range.low(), range.high()) > 0) {
      throw fail("--" + option + ": " + text + " is a range that ends before it starts");
    }
    return range;
  }

  /** The value, or a part of it, as an address of the family in numbers. */
  public AddressText.Address address(Family family, String part) {
    return address(family, part, AddressText::parse);
  }

  /** The value, or a part of it, as a host of the family: see {@link AddressText#parseHost}. */
  public AddressText.Address host(Family family, String part) {
    return address(family, part, AddressText::parseHost);
  }

  private AddressText.Address address(
      Family family, String part, BiFunction<Family, String, AddressText.Address> reader) {
    try {
      return reader.apply(family, part);
    } catch (IllegalArgumentException e) {
      throw fail("--" + option + ": " + e.getMessage());
    }
  }

  /** A part of the value as a network mask: prefix length or in full. */
  public AddressText.Address mask(Family family, String part) {
    try {
      return AddressText.parseMask(family, part);
    } catch (IllegalArgumentException e) {
      throw fail(
          "--" + option + ": \"" + part + "\" is neither a network mask nor a prefix length");
    }
  }

  /** {@code VALUE[/MASK]} of 32 bits; the mask defaults to all ones. */
  public Masked masked32() {
    int cut = text.indexOf('/');
    String value = cut < 0 ? text : text.substring(0, cut);
    long v = number(value, 0, 0xffffffffL);
    long m = cut < 0 ? 0xffffffffL : number(text.substring(cut + 1), 0, 0xffffffffL);
    return new Masked((int) v, (int) m);
  }

  /** A part of the value as a number in {@code [low, high]}; C's {@code strtoul} with base 0. */
  public long number(String part, long low, long high) {
    BigInteger n = parse(part);
    if (n == null) {
      throw fail(
          "--"
              + option
              + ": \""
              + part
              + "\" is not a number ("
              + low
              + " to "
              + unsigned(high)
              + ")");
    }
    if (n.compareTo(BigInteger.valueOf(low)) < 0 || n.compareTo(unsigned(high)) > 0) {
      throw fail("--" + option + ": " + part + " is not between " + low + " and " + unsigned(high));
    }
    return n.longValue();
  }

  private static BigInteger unsigned(long v) {
    return new BigInteger(Long.toUnsignedString(v));
  }

  private static BigInteger parse(String text) {
    String s = text.startsWith("+") ? text.substring(1) : text;
    if (s.startsWith("+")) {
      return null;
    }
    try {
      if (s.startsWith("0x") || s.startsWith("0X")) {
        return s.charAt(2) == '-' || s.charAt(2) == '+' ? null : new BigInteger(s.substring(2), 16);
      }
      if (s.startsWith("-") || s.isEmpty()) {
        return null;
      }
      return s.length() > 1 && s.charAt(0) == '0' ? new BigInteger(s, 8) : new BigInteger(s);
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      return null;
    }
  }
}
