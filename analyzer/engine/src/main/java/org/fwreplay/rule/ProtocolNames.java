package org.fwreplay.rule;

import java.util.Locale;
import org.fwreplay.packet.Names;
import org.fwreplay.packet.Protocols;

/** Protocols as {@code -p} takes and iptables-save writes them. */
final class ProtocolNames {
  private ProtocolNames() {}

  /** The number of a protocol given by name or number, or -1. */
  static int parse(String word) {
    long number = Word.number(word);
    if (number >= 0) {
      return number <= 255 ? (int) number : -1;
    }
    return Names.protocol(word.toLowerCase(Locale.ROOT));
  }

  /** The protocol as iptables-save writes it. */
  static String text(int protocol) {
    String name = Names.protocolName(protocol);
    return name == null ? Integer.toString(protocol) : name;
  }

  /** The match that {@code -p WORD} stands for when an option is not known yet. */
  static String matchName(String word, int protocol) {
    return switch (protocol) {
      case Protocols.ICMPV6 -> "icmp6";
      case Protocols.MH -> "mh";
      default -> Word.number(word) >= 0 ? text(protocol) : word.toLowerCase(Locale.ROOT);
    };
  }
}
