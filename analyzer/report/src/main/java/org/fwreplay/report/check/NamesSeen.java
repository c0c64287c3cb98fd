package org.fwreplay.report.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;
import org.fwreplay.parsers.DnsMessage;
import org.fwreplay.parsers.DnsParser;

/** For which names DNS answers over UDP gave an address. */
final class NamesSeen {
  private static final int DNS = 53;
  private static final int A = 1;
  private static final int AAAA = 28;

  private final Map<String, Set<String>> byAddress = new HashMap<>();

  /** Looks into a packet whose way ended. */
  void look(Packet p) {
    boolean answer =
        p.protocol == Protocols.UDP
            && p.fragmentOffset == 0
            && p.transport + Udp.LENGTH < p.end
            && p.u16(p.transport) == DNS;
    if (!answer) {
      return;
    }
    int at = p.transport + Udp.LENGTH;
    DnsMessage message = DnsParser.parse(p.buffer, at, p.end - at).message().orElse(null);
    if (message == null || !message.isResponse()) {
      return;
    }
    for (DnsMessage.ResourceRecord each : message.answers()) {
      if (each.type() == A || each.type() == AAAA) {
        Set<String> names = byAddress.computeIfAbsent(each.text(), key -> new HashSet<>());
        names.add(plain(each.name()));
        message.questions().forEach(question -> names.add(plain(question.name())));
      }
    }
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
  }

  /** The names of an address. */
  Set<String> of(String address) {
    return byAddress.getOrDefault(address, Set.of());
  }
}
