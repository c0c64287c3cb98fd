package org.fwreplay.xt.match;

import java.util.StringJoiner;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Evaluation;

/** What matches see of a packet, in words: {@link org.fwreplay.xt.PacketMatch#seen}. */
final class Seen {
  private static final String TOO_SHORT = "no transport header";
  private static final int MAC = 6;

  private Seen() {}

  /** Source and destination port, those that are asked for. */
  static String ports(Packet p, Evaluation e, boolean source, boolean destination) {
    if (e.fragmentOffset != 0 || !p.has(e.transport, 4)) {
      return e.fragmentOffset != 0 ? "a later fragment" : TOO_SHORT;
    }
    StringJoiner words = new StringJoiner(", ");
    if (source || !destination) {
      words.add("sport " + p.u16(e.transport));
    }
    if (destination || !source) {
      words.add("dport " + p.u16(e.transport + 2));
    }
    return words.toString();
  }

  /** TCP's flags by name. */
  static String tcpFlags(Packet p, Evaluation e) {
    boolean has = e.fragmentOffset == 0 && p.has(e.transport, Tcp.MIN_LENGTH);
    return has ? "flags " + TcpMatch.text(p.u8(e.transport + Tcp.FLAGS) & 0x3f) : TOO_SHORT;
  }

  /** ICMP's type and code. */
  static String icmp(Packet p, Evaluation e) {
    return e.fragmentOffset == 0 && p.has(e.transport, 2)
        ? "type " + p.u8(e.transport) + "/" + p.u8(e.transport + 1)
        : TOO_SHORT;
  }

  /** A number of 32 bits at an offset in the transport header. */
  static String word32(Packet p, Evaluation e, String name, int offset) {
    return e.fragmentOffset == 0 && p.has(e.transport + offset, 4)
        ? name + " " + p.u32(e.transport + offset)
        : TOO_SHORT;
  }

  /** What connection tracking says. */
  static String state(Packet p) {
    Connection ct = Connection.of(p);
    return "state " + CtState.text(CtState.of(p)) + (ct == null ? ", no connection" : "");
  }

  /** A mark. */
  static String mark(String name, int mark) {
    return name + " 0x" + Integer.toHexString(mark);
  }

  /** The connection's mark. */
  static String connectionMark(Packet p) {
    Connection ct = Connection.of(p);
    return ct == null ? "no connection" : mark("connmark", ct.mark);
  }

  static String source(Packet p) {
    return "source " + AddressText.of(p.ipv6, p.sourceHi(), p.sourceLo());
  }

  static String destination(Packet p) {
    return "destination " + AddressText.of(p.ipv6, p.destinationHi(), p.destinationLo());
  }

  /** The link-layer source. */
  static String mac(Packet p) {
    if (p.mac < 0 || p.network - p.mac < 2 * MAC + 2) {
      return "no link-layer address";
    }
    StringJoiner words = new StringJoiner(":", "source ", "");
    for (int i = 0; i < MAC; i++) {
      words.add(String.format("%02x", Bytes.u8(p.buffer, p.mac + MAC + i)));
    }
    return words.toString();
  }
}
