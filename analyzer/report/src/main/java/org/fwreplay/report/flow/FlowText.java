package org.fwreplay.report.flow;

import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Protocols;

/** The ends of flows in words: {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}. */
final class FlowText {
  private FlowText() {}

  /** Where packets of a tuple come from. */
  static String source(Tuple t) {
    return end(t, t.sourceHi, t.sourceLo, t.sourcePort);
  }

  /** Where packets of a tuple go to. */
  static String destination(Tuple t) {
    return end(t, t.destinationHi, t.destinationLo, t.destinationPort);
  }

  private static String end(Tuple t, long hi, long lo, int port) {
    String address = AddressText.of(t.ipv6, hi, lo);
    if (!hasPorts(t.protocol)) {
      return address;
    }
    return (t.ipv6 ? "[" + address + "]" : address) + ":" + port;
  }

  static boolean hasPorts(int protocol) {
    return switch (protocol) {
      case Protocols.TCP, Protocols.UDP, Protocols.UDPLITE, Protocols.SCTP -> true;
      default -> false;
    };
  }

  static boolean isIcmp(int protocol) {
    return protocol == Protocols.ICMP || protocol == Protocols.ICMPV6;
  }
}
