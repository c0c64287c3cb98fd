package org.fwreplay.rule;

import org.fwreplay.packet.Family;

/**
 * {@code [!] -s} or {@code [!] -d}: an address under a mask. IPv4 is in the low 32 bits of {@code
 * lo} and {@code maskLo}; the mask need not be contiguous; the address has no bit outside the mask.
 */
public record AddressMatch(long hi, long lo, long maskHi, long maskLo, boolean inverted) {

  /** Matches everything. */
  public static final AddressMatch ANY = new AddressMatch(0, 0, 0, 0, false);

  /** Whether the rule does not look at this address. */
  public boolean isAny() {
    return equals(ANY);
  }

  /** {@code ADDRESS/LENGTH}, or {@code ADDRESS/MASK} where the mask is not contiguous. */
  public String text(Family family) {
    int length = AddressText.prefixLength(family, maskHi, maskLo);
    String mask = length >= 0 ? "" + length : AddressText.format(family, maskHi, maskLo);
    return AddressText.format(family, hi, lo) + "/" + mask;
  }
}
