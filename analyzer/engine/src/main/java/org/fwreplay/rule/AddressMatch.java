package org.fwreplay.rule;

import org.fwreplay.packet.Family;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.AddressText.Address;

/**
 * {@code [!] -s} or {@code [!] -d}: an address under a mask. IPv4 is in the low 32 bits of {@code
 * lo} and {@code maskLo}; the mask need not be contiguous; the address has no bit outside the mask.
 */
public record AddressMatch(long hi, long lo, long maskHi, long maskLo, boolean inverted) {

  /** Matches everything. */
  public static final AddressMatch ANY = new AddressMatch(0, 0, 0, 0, false);

  /** Whether the rule does not look at this address. */
  public boolean isAny() {
    return maskHi == 0 && maskLo == 0 && !inverted;
  }

  /** {@code ADDRESS/LENGTH}, or {@code ADDRESS/MASK} where the mask is not contiguous. */
  public String text(Family family) {
    int length = AddressText.prefixLength(family, maskHi, maskLo);
    String address = AddressText.format(family, hi, lo) + "/";
    return length >= 0 ? address + length : address + AddressText.format(family, maskHi, maskLo);
  }

  /**
   * {@code ADDRESS[/LENGTH|/MASK]}; IPv4 may leave trailing parts out and give parts in octal or
   * hexadecimal. With a mask of no bits the address is not looked at.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static AddressMatch parse(Family family, String text, boolean inverted) {
    int cut = text.lastIndexOf('/');
    String name = cut < 0 ? text : text.substring(0, cut);
    Address mask = cut < 0 ? Address.hostMask(family) : parseMask(family, text.substring(cut + 1));
    if (mask.hi() == 0 && mask.lo() == 0) {
      return new AddressMatch(0, 0, 0, 0, inverted);
    }
    Address address = family == Family.IPV4 ? parseHost(name) : parseIpv6(name);
    if (address == null) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is not an " + label(family) + " address; host names are not looked up");
    }
    return new AddressMatch(
        address.hi() & mask.hi(), address.lo() & mask.lo(), mask.hi(), mask.lo(), inverted);
  }

  private static String label(Family family) {
    return family == Family.IPV4 ? "IPv4" : "IPv6";
  }

  private static Address parseMask(Family family, String text) {
    Address mask = family == Family.IPV4 ? parseIpv4(text, false) : parseIpv6(text);
    if (mask != null) {
      return mask;
    }
    int bits = family == Family.IPV4 ? 32 : 128;
    long length = Word.number(text);
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is not a mask: a length of 0 to "
              + bits
              + " or an "
              + label(family)
              + " address");
    }
    return AddressText.prefix(family, (int) length);
  }

  /**
   * What libxtables does not know, the resolver is asked for: it knows one name by heart, and
   * numbers as inet_aton reads them.
   */
  private static Address parseHost(String name) {
    Address address = parseIpv4(name, true);
    if (address != null) {
      return address;
    }
    try {
      return AddressText.parseHost(Family.IPV4, name);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Unlike inet_aton, libxtables takes what is missing to be at the end: 10 is 10.0.0.0. */
  private static Address parseIpv4(String text, boolean abbreviated) {
    long value = 0;
    int parts = 0;
    for (int from = 0; from <= text.length(); parts++) {
      int dot = text.indexOf('.', from);
      int end = dot < 0 ? text.length() : dot;
      long part = Word.number(text, from, end);
      if (part < 0 || part > 255 || parts == 4) {
        return null;
      }
      value = value << 8 | part;
      from = end + 1;
    }
    return parts == 4 || abbreviated ? new Address(0, value << 8 * (4 - parts)) : null;
  }

  private static Address parseIpv6(String text) {
    try {
      return AddressText.parseHost(Family.IPV6, text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
