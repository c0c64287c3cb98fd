package org.fwreplay.ipset;

import java.util.ArrayList;
import java.util.List;

/** The names that ipset has for types and codes of ICMP (RFC 792) and ICMPv6 (RFC 4443, 4861). */
final class IcmpNames {
  private record Name(String name, int type, int code) {}

  private static final List<Name> FOUR =
      names(
          "echo-reply 0/0, pong 0/0, network-unreachable 3/0, host-unreachable 3/1,"
              + " protocol-unreachable 3/2, port-unreachable 3/3, fragmentation-needed 3/4,"
              + " source-route-failed 3/5, network-unknown 3/6, host-unknown 3/7,"
              + " network-prohibited 3/9, host-prohibited 3/10, TOS-network-unreachable 3/11,"
              + " TOS-host-unreachable 3/12, communication-prohibited 3/13,"
              + " host-precedence-violation 3/14, precedence-cutoff 3/15, source-quench 4/0,"
              + " network-redirect 5/0, host-redirect 5/1, TOS-network-redirect 5/2,"
              + " TOS-host-redirect 5/3, echo-request 8/0, ping 8/0, router-advertisement 9/0,"
              + " router-solicitation 10/0, ttl-zero-during-transit 11/0,"
              + " ttl-zero-during-reassembly 11/1, ip-header-bad 12/0,"
              + " required-option-missing 12/1, timestamp-request 13/0, timestamp-reply 14/0,"
              + " address-mask-request 17/0, address-mask-reply 18/0");

  private static final List<Name> SIX =
      names(
          "no-route 1/0, communication-prohibited 1/1, address-unreachable 1/3,"
              + " port-unreachable 1/4, packet-too-big 2/0, ttl-zero-during-transit 3/0,"
              + " ttl-zero-during-reassembly 3/1, bad-header 4/0, unknown-header-type 4/1,"
              + " unknown-option 4/2, echo-request 128/0, ping 128/0, echo-reply 129/0,"
              + " pong 129/0, router-solicitation 133/0, router-advertisement 134/0,"
              + " neighbour-solicitation 135/0, neigbour-solicitation 135/0,"
              + " neighbour-advertisement 136/0, neigbour-advertisement 136/0, redirect 137/0");

  private IcmpNames() {}

  private static List<Name> names(String text) {
    List<Name> names = new ArrayList<>();
    for (String each : text.split(", ")) {
      String[] words = each.split("[ /]");
      names.add(new Name(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])));
    }
    return names;
  }

  /** Type times 256 plus code, or -1. */
  static int code(boolean six, String name) {
    for (Name each : six ? SIX : FOUR) {
      if (each.name.equalsIgnoreCase(name)) {
        return each.type << 8 | each.code;
      }
    }
    return -1;
  }

  /** The first name of a type and code, or null. */
  static String name(boolean six, int typeAndCode) {
    for (Name each : six ? SIX : FOUR) {
      if ((each.type << 8 | each.code) == typeAndCode) {
        return each.name;
      }
    }
    return null;
  }

  static List<String> all(boolean six) {
    return (six ? SIX : FOUR).stream().map(Name::name).toList();
  }
}
