package org.fwreplay.report.explain;

import java.util.StringJoiner;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.report.flow.RunNames;

/** Packets and connections in a line of words. */
public final class PacketText {
  private static final String[] FLAGS = {"FIN", "SYN", "RST", "PSH", "ACK", "URG"};

  private PacketText() {}

  /** {@code tcp 192.0.2.1:1024 -> 198.51.100.1:80 SYN, TTL 64}. */
  static String of(Packet p) {
    if (p.end - p.network < (p.ipv6 ? 40 : 20)) {
      return "no IP packet";
    }
    boolean header = p.fragmentOffset == 0 && p.transport + 4 <= p.end && p.protocol >= 0;
    boolean ports = header && hasPorts(p.protocol);
    StringBuilder out = new StringBuilder(RunNames.protocol(p.protocol)).append(' ');
    out.append(end(p.ipv6, p.sourceHi(), p.sourceLo(), ports ? p.u16(p.transport) : -1));
    out.append(" -> ");
    out.append(
        end(p.ipv6, p.destinationHi(), p.destinationLo(), ports ? p.u16(p.transport + 2) : -1));
    if (header && p.protocol == Protocols.TCP && p.transport + Tcp.MIN_LENGTH <= p.end) {
      out.append(' ').append(flags(p.u8(p.transport + Tcp.FLAGS)));
    } else if (header && isIcmp(p.protocol)) {
      out.append(" type ").append(p.u8(p.transport)).append('/').append(p.u8(p.transport + 1));
    }
    if (p.isFragment()) {
      out.append(" fragment at ").append(p.fragmentOffset);
    }
    return out.append(", TTL ")
        .append(p.ttl())
        .append(", ")
        .append(p.length())
        .append(" bytes")
        .toString();
  }

  /** The addresses and ports alone. */
  static String ends(Packet p) {
    boolean ports = p.fragmentOffset == 0 && p.transport + 4 <= p.end && hasPorts(p.protocol);
    return end(p.ipv6, p.sourceHi(), p.sourceLo(), ports ? p.u16(p.transport) : -1)
        + " -> "
        + end(p.ipv6, p.destinationHi(), p.destinationLo(), ports ? p.u16(p.transport + 2) : -1);
  }

  /** A direction of a connection. */
  public static String of(Tuple t) {
    boolean ports = hasPorts(t.protocol);
    String ends =
        end(t.ipv6, t.sourceHi, t.sourceLo, ports ? t.sourcePort : -1)
            + " -> "
            + end(t.ipv6, t.destinationHi, t.destinationLo, ports ? t.destinationPort : -1);
    String icmp =
        isIcmp(t.protocol)
            ? " type " + (t.destinationPort >> 8) + "/" + (t.destinationPort & 0xff)
            : "";
    return RunNames.protocol(t.protocol) + " " + ends + icmp;
  }

  /** An address with its port, -1 for none. */
  private static String end(boolean ipv6, long hi, long lo, int port) {
    String address = AddressText.of(ipv6, hi, lo);
    if (port < 0) {
      return address;
    }
    return (ipv6 ? "[" + address + "]" : address) + ":" + port;
  }

  static String address(boolean ipv6, long hi, long lo) {
    return AddressText.of(ipv6, hi, lo);
  }

  static String source(Packet p) {
    return address(p.ipv6, p.sourceHi(), p.sourceLo());
  }

  static String destination(Packet p) {
    return address(p.ipv6, p.destinationHi(), p.destinationLo());
  }

  private static String flags(int bits) {
    StringJoiner names = new StringJoiner(",").setEmptyValue("no flags");
    for (int i = 0; i < FLAGS.length; i++) {
      if ((bits & 1 << i) != 0) {
        names.add(FLAGS[i]);
      }
    }
    return names.toString();
  }

  private static boolean hasPorts(int protocol) {
    return switch (protocol) {
      case Protocols.TCP, Protocols.UDP, Protocols.UDPLITE, Protocols.SCTP -> true;
      default -> false;
    };
  }

  private static boolean isIcmp(int protocol) {
    return protocol == Protocols.ICMP || protocol == Protocols.ICMPV6;
  }
}
