package org.fwreplay.rule;

/**
 * What a rule asks of the IP header and the interfaces: {@code struct ipt_ip} and {@code ip6t_ip6}.
 *
 * @param in {@code -i}, or null
 * @param out {@code -o}, or null
 * @param protocolGiven whether {@code -p} was there, even as {@code -p all}
 * @param protocol 0 for all
 * @param fragment whether {@code -f} was given (IPv4): second and later fragments only
 */
public record IpMatch(
    AddressMatch source,
    AddressMatch destination,
    InterfaceMatch in,
    InterfaceMatch out,
    boolean protocolGiven,
    int protocol,
    boolean protocolInverted,
    boolean fragment,
    boolean fragmentInverted) {

  /** Matches every packet. */
  public static final IpMatch ANY =
      new IpMatch(AddressMatch.ANY, AddressMatch.ANY, null, null, false, 0, false, false, false);

  /** The same with other addresses. */
  IpMatch with(AddressMatch source, AddressMatch destination) {
    return new IpMatch(
        source,
        destination,
        in,
        out,
        protocolGiven,
        protocol,
        protocolInverted,
        fragment,
        fragmentInverted);
  }

  /** Whether the rule does not look at the header at all, as the kernel sees it. */
  public boolean isUnconditional() {
    return source.isAny()
        && destination.isAny()
        && in == null
        && out == null
        && !protocolGiven
        && protocol == 0
        && !protocolInverted
        && !fragment
        && !fragmentInverted;
  }
}
