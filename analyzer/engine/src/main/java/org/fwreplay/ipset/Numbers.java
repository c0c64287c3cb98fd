package org.fwreplay.ipset;

import java.math.BigInteger;
import org.fwreplay.host.AddressParser;

/** Numbers and addresses as ipset reads them. */
final class Numbers {
  private Numbers() {}

  /** C's {@code strtoul} with base 0, from {@code low} to {@code high}. */
  static long parse(String what, String text, long low, long high) throws SetException {
    BigInteger value = value(text);
    String range = low + " to " + Long.toUnsignedString(high);
    if (value == null) {
      throw new SetException(what + " \"" + text + "\" is not a number", range);
    }
    BigInteger most = new BigInteger(Long.toUnsignedString(high));
    if (value.compareTo(BigInteger.valueOf(low)) < 0 || value.compareTo(most) > 0) {
      throw new SetException(what + " " + text + " is out of range", range);
    }
    return value.longValue();
  }

  private static BigInteger value(String text) {
    boolean hex = text.startsWith("0x") || text.startsWith("0X");
    String digits = hex ? text.substring(2) : text;
    int base = hex ? 16 : text.length() > 1 && text.startsWith("0") ? 8 : 10;
    boolean sign = digits.startsWith("+") || hex && digits.startsWith("-");
    try {
      return sign ? null : new BigInteger(digits, base);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** An IPv4 address in up to four parts, decimal or (with a leading zero) octal. */
  static long ipv4(String text) throws SetException {
    String[] parts = text.split("\\.", -1);
    if (!text.matches("[0-9]+(\\.[0-9]+){0,3}")) {
      throw notAnAddress("IPv4", text);
    }
    long address = 0;
    for (int i = 0; i < parts.length; i++) {
      int bits = i == parts.length - 1 ? 8 * (5 - parts.length) : 8;
      BigInteger value = value(parts[i]);
      if (value == null || value.bitLength() > bits) {
        throw notAnAddress("IPv4", text);
      }
      address = address << bits | value.longValue();
    }
    return address;
  }

  /** An IPv6 address in two halves. */
  static long[] ipv6(String text) throws SetException {
    try {
      if (text.indexOf(':') >= 0) {
        return AddressParser.parse6(text);
      }
    } catch (IllegalArgumentException e) {
      // Said below, in ipset's terms.
    }
    throw notAnAddress("IPv6", text);
  }

  private static SetException notAnAddress(String family, String text) {
    return new SetException(
        "\"" + text + "\" is not an " + family + " address", "names of hosts are not looked up");
  }
}
