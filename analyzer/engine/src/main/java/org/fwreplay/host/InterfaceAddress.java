package org.fwreplay.host;

/**
 * One address of an interface, as {@code ip -j addr show} tells it.
 *
 * @param six whether it is IPv6
 * @param hi upper half of the local address
 * @param lo lower half of the local address
 * @param prefixLength length of the on-link prefix
 * @param peerHi upper half of the peer's address; the local address when there is no peer
 * @param peerLo lower half of it
 * @param broadcast IPv4 broadcast address that was set, -1 when none was
 * @param scope 0 global, 200 site, 253 link, 254 host
 * @param secondary IPv4: another address of the same subnet is the primary one
 * @param temporary IPv6 privacy address (RFC 8981)
 * @param deprecated its preferred lifetime is over
 * @param tentative IPv6: duplicate address detection has not ended, so it is not in use
 * @param optimistic IPv6: in use though tentative (RFC 4429)
 * @param noPrefixRoute no connected route was made for it
 */
public record InterfaceAddress(
    boolean six,
    long hi,
    long lo,
    int prefixLength,
    long peerHi,
    long peerLo,
    long broadcast,
    int scope,
    boolean secondary,
    boolean temporary,
    boolean deprecated,
    boolean tentative,
    boolean optimistic,
    boolean noPrefixRoute) {

  /** A primary, preferred address with nothing special, from {@code address/length}. */
  public static InterfaceAddress of(String text) {
    Prefix prefix = Prefix.parse(text);
    int slash = text.indexOf('/');
    Prefix address = slash < 0 ? prefix : Prefix.parse(text.substring(0, slash));
    int scope = Scope.GLOBAL;
    if (address.six() ? Addresses.isLinkLocal6(address.hi()) : address.lo() >>> 16 == 0xa9fe) {
      scope = Scope.LINK;
    } else if (address.six()
        ? Addresses.isLoopback6(address.hi(), address.lo())
        : Addresses.isLoopback4(address.lo())) {
      scope = Scope.HOST;
    }
    return new InterfaceAddress(
        address.six(),
        address.hi(),
        address.lo(),
        prefix.length(),
        address.hi(),
        address.lo(),
        -1,
        scope,
        false,
        false,
        false,
        false,
        false,
        false);
  }

  /** The prefix that is on the link: that of the peer. */
  public Prefix prefix() {
    return new Prefix(six, peerHi, peerLo, prefixLength);
  }

  /** Whether an IPv4 address is within this address's subnet ({@code inet_ifa_match}). */
  boolean matches4(long address) {
    return prefixLength == 0 || (address ^ peerLo) >>> (32 - prefixLength) == 0;
  }
}
