package org.fwreplay.report.packet;

import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.report.flow.RunNames;

/** A packet in a few words: {@code tcp 192.0.2.1:1000 > 198.51.100.2:80 SA len 0}. */
final class PacketWords {
  private static final String FLAGS = "FSRPAUEC";
  private static final int IPV4_LENGTH = 20;
  private static final int IPV6_LENGTH = 40;

  private PacketWords() {}

  /**
   * Appends what stands in a packet of which only {@code network} and {@code end} are vouched for.
   */
  static void append(StringBuilder out, Packet p) {
    boolean six = p.ipv6;
    int length = p.end - p.network;
    if (length < (six ? IPV6_LENGTH : IPV4_LENGTH)) {
      out.append("too short: ").append(length).append(" bytes");
      return;
    }
    int protocol = six ? p.u8(p.network + 6) : p.u8(p.network + Ipv4.PROTOCOL);
    int transport = p.network + (six ? IPV6_LENGTH : (p.u8(p.network) & 15) * 4);
    int fragment = six ? 0 : p.u16(p.network + Ipv4.FRAGMENT);
    boolean ports = (protocol == Protocols.TCP || protocol == Protocols.UDP) && !isLater(fragment);
    ports &= transport + 4 <= p.end;
    out.append(RunNames.protocol(protocol)).append(' ');
    end(out, six, p.sourceHi(), p.sourceLo(), ports ? p.u16(transport) : -1);
    out.append(" > ");
    end(out, six, p.destinationHi(), p.destinationLo(), ports ? p.u16(transport + 2) : -1);
    if (protocol == Protocols.TCP && ports && transport + Tcp.MIN_LENGTH <= p.end) {
      flags(out.append(' '), p.u8(transport + Tcp.FLAGS));
    } else if (protocol == Protocols.ICMP && !isLater(fragment) && transport + 2 <= p.end) {
      out.append(' ').append(p.u8(transport)).append('/').append(p.u8(transport + 1));
    }
    int total =
        six
            ? IPV6_LENGTH + Bytes.u16(p.buffer, p.network + 4)
            : Bytes.u16(p.buffer, p.network + Ipv4.TOTAL_LENGTH);
    out.append(" len ").append(total);
    if ((fragment & (Ipv4.MF | Ipv4.OFFSET_MASK)) != 0) {
      out.append(" frag ").append((fragment & Ipv4.OFFSET_MASK) * 8);
      out.append((fragment & Ipv4.MF) != 0 ? "+" : "");
    }
  }

  private static boolean isLater(int fragment) {
    return (fragment & Ipv4.OFFSET_MASK) != 0;
  }

  private static void end(StringBuilder out, boolean six, long hi, long lo, int port) {
    String address = AddressText.of(six, hi, lo);
    out.append(six && port >= 0 ? "[" + address + "]" : address);
    if (port >= 0) {
      out.append(':').append(port);
    }
  }

  private static void flags(StringBuilder out, int flags) {
    for (int i = 0; i < FLAGS.length(); i++) {
      if ((flags & 1 << i) != 0) {
        out.append(FLAGS.charAt(i));
      }
    }
  }
}
