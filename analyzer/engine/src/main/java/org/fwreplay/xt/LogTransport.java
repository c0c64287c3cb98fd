package org.fwreplay.xt;

import java.util.HexFormat;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;

/** What a LOG line says of both families' transport headers. */
abstract class LogTransport {
  static final int ESP_LENGTH = 8;
  static final int AH_LENGTH = 12;
  static final int AH_SPI = 4;

  /** Of the bits before the flags the last is one itself, AE of RFC 9768, to current kernels. */
  private static final int RESERVED = 0xe;

  private static final int ACCURATE_ECN = 1;

  private static final String[] TCP_FLAGS = {
    "CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"
  };

  final StringBuilder out;
  final Packet p;
  final int flags;

  LogTransport(StringBuilder out, Packet packet, int flags) {
    this.out = out;
    this.p = packet;
    this.flags = flags;
  }

  final boolean wants(int flag) {
    return (flags & flag) != 0;
  }

  final LogTransport say(String name, long value) {
    out.append(name).append('=').append(value).append(' ');
    return this;
  }

  /** Whether the header is there; if not, says how much of it is. */
  final boolean complete(int at, int length) {
    if (at + length <= p.end) {
      return true;
    }
    incomplete(at);
    return false;
  }

  final void incomplete(int at) {
    out.append("INCOMPLETE [").append(p.end - at & 0xffffffffL).append(" bytes] ");
  }

  /** TCP; false where the line ends here. */
  final boolean tcp(int at, boolean laterFragment) {
    out.append("PROTO=TCP ");
    if (laterFragment) {
      return true;
    }
    if (!complete(at, Tcp.MIN_LENGTH)) {
      return false;
    }
    say("SPT", p.u16(at)).say("DPT", p.u16(at + Tcp.DESTINATION_PORT));
    if (wants(LogRequest.TCP_SEQUENCE)) {
      say("SEQ", p.u32(at + Tcp.SEQUENCE)).say("ACK", p.u32(at + Tcp.ACKNOWLEDGMENT));
    }
    say("WINDOW", p.u16(at + Tcp.WINDOW));
    int offset = p.u8(at + Tcp.DATA_OFFSET);
    out.append("RES=0x");
    HexFormat.of().toHexDigits(out, (byte) ((offset & RESERVED) << 2)).append(' ');
    out.append((offset & ACCURATE_ECN) != 0 ? "AE " : "");
    for (int i = 0; i < TCP_FLAGS.length; i++) {
      if ((p.u8(at + Tcp.FLAGS) & Tcp.CWR >> i) != 0) {
        out.append(TCP_FLAGS[i]).append(' ');
      }
    }
    say("URGP", p.u16(at + Tcp.URGENT));
    int options = (offset >> 4) * 4 - Tcp.MIN_LENGTH;
    return options <= 0
        || !wants(LogRequest.TCP_OPTIONS)
        || options(at + Tcp.MIN_LENGTH, options, "OPT (TRUNCATED)");
  }

  /** The bytes of options in hexadecimal; false, and a word about it, where they are not there. */
  final boolean options(int at, int length, String truncated) {
    if (at + length > p.end) {
      out.append(truncated);
      return false;
    }
    HexFormat.of().withUpperCase().formatHex(out.append("OPT ("), p.buffer, at, at + length);
    out.append(") ");
    return true;
  }

  /** UDP and UDP-Lite; false where the line ends here. */
  final boolean udp(int protocol, int at, boolean laterFragment) {
    out.append(protocol == Protocols.UDP ? "PROTO=UDP " : "PROTO=UDPLITE ");
    if (laterFragment) {
      return true;
    }
    if (!complete(at, Udp.LENGTH)) {
      return false;
    }
    say("SPT", p.u16(at)).say("DPT", p.u16(at + Udp.DESTINATION_PORT));
    say("LEN", p.u16(at + Udp.UDP_LENGTH));
    return true;
  }

  final void spi(int at) {
    out.append("SPI=0x").append(Integer.toHexString((int) p.u32(at))).append(' ');
  }

  final void mark() {
    if (p.mark != 0) {
      out.append("MARK=0x").append(Integer.toHexString(p.mark)).append(' ');
    }
  }
}
