package org.fwreplay.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Names of IP protocols, as {@code -p} takes and iptables-save writes them: libxtables' own and
 * those of Debian's /etc/protocols. The first name of a number is the one that is written.
 */
final class ProtocolNames {
  private static final String TABLE =
      "0 ip hopopt all|1 icmp|2 igmp|3 ggp|4 ipencap|5 st|6 tcp|8 egp|9 igp|12 pup|17 udp|20 hmp"
          + "|22 xns-idp|27 rdp|29 iso-tp4|33 dccp|36 xtp|37 ddp|38 idpr-cmtp|41 ipv6|43 ipv6-route"
          + "|44 ipv6-frag|45 idrp|46 rsvp|47 gre|50 esp|51 ah|57 skip|58 ipv6-icmp icmpv6"
          + "|59 ipv6-nonxt|60 ipv6-opts|73 rspf|81 vmtp|88 eigrp|89 ospf|93 ax.25|94 ipip"
          + "|97 etherip|98 encap|103 pim|108 ipcomp|112 vrrp|115 l2tp|124 isis|132 sctp|133 fc"
          + "|135 mobility-header mh ipv6-mh|136 udplite|137 mpls-in-ip|138 manet|139 hip|140 shim6"
          + "|141 wesp|142 rohc|143 ethernet|262 mptcp";

  private static final Map<String, Integer> NUMBERS = new HashMap<>();
  private static final Map<Integer, String> NAMES = new HashMap<>();

  static {
    for (String entry : TABLE.split("\\|")) {
      List<String> words = Arrays.asList(entry.split(" "));
      int number = Integer.parseInt(words.get(0));
      NAMES.put(number, words.get(1));
      for (String name : words.subList(1, words.size())) {
        NUMBERS.put(name, number);
      }
    }
  }

  private ProtocolNames() {}

  /** The number of a protocol given by name or number, or -1. */
  static int parse(String word) {
    long number = AddressText.number(word);
    if (number >= 0) {
      return number <= 255 ? (int) number : -1;
    }
    return NUMBERS.getOrDefault(word.toLowerCase(Locale.ROOT), -1);
  }

  /** The protocol as iptables-save writes it. */
  static String text(int protocol) {
    String name = NAMES.get(protocol);
    return name == null ? Integer.toString(protocol) : name;
  }

  /** The match that {@code -p WORD} stands for when an option is not known yet. */
  static String matchName(String word, int protocol) {
    return switch (protocol) {
      case 58 -> "icmp6";
      case 135 -> "mh";
      default -> AddressText.number(word) >= 0 ? text(protocol) : word.toLowerCase(Locale.ROOT);
    };
  }

  static Collection<String> names() {
    return new ArrayList<>(NUMBERS.keySet());
  }
}
