package org.fwreplay.packet;

/** The two families that netfilter's iptables and ip6tables serve (NFPROTO_IPV4, NFPROTO_IPV6). */
public enum Family {
  /** IPv4: iptables. */
  IPV4,
  /** IPv6: ip6tables. */
  IPV6
}
