package org.fwreplay.xt;

import java.util.HexFormat;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/** What a LOG line says of an IPv4 packet. */
final class LogFormat4 extends LogTransport {
  private static final int TOS_MASK = 0x1e;
  private static final int PRECEDENCE_MASK = 0xe0;
  private static final int CONGESTION = 0x8000;
  private static final int FRAGMENTATION_NEEDED = 4;
  private static final int NEXT_HOP_MTU = 6;
  private static final int GATEWAY = 4;
  private static final int POINTER = 4;

  LogFormat4(StringBuilder out, Packet packet, int flags) {
    super(out, packet, flags);
  }

  /** The packet, or with {@code outer} false one that an ICMP error brings along. */
  void packet(int ip, boolean outer) {
    if (ip + Ipv4.MIN_LENGTH > p.end) {
      out.append("TRUNCATED");
      return;
    }
    header(ip);
    int length = (p.u8(ip) & 15) * 4;
    int options = length - Ipv4.MIN_LENGTH;
    boolean listed = options > 0 && wants(LogRequest.IP_OPTIONS);
    if (listed && !options(ip + Ipv4.MIN_LENGTH, options, "TRUNCATED")) {
      return;
    }
    boolean later = (p.u16(ip + Ipv4.FRAGMENT) & Ipv4.OFFSET_MASK) != 0;
    if (transport(p.u8(ip + Ipv4.PROTOCOL), ip + length, later, outer) && outer) {
      mark();
    }
  }

  private void header(int ip) {
    LogFormat.address4(out.append("SRC="), p.buffer, ip + Ipv4.SOURCE);
    LogFormat.address4(out.append(" DST="), p.buffer, ip + Ipv4.DESTINATION);
    say(" LEN", p.u16(ip + Ipv4.TOTAL_LENGTH));
    int tos = p.u8(ip + Ipv4.TOS);
    HexFormat hex = HexFormat.of().withUpperCase();
    hex.toHexDigits(out.append("TOS=0x"), (byte) (tos & TOS_MASK));
    hex.toHexDigits(out.append(" PREC=0x"), (byte) (tos & PRECEDENCE_MASK));
    say(" TTL", p.u8(ip + Ipv4.TTL)).say("ID", p.u16(ip + Ipv4.ID));
    int fragment = p.u16(ip + Ipv4.FRAGMENT);
    out.append((fragment & CONGESTION) != 0 ? "CE " : "");
    out.append((fragment & Ipv4.DF) != 0 ? "DF " : "");
    out.append((fragment & Ipv4.MF) != 0 ? "MF " : "");
    if ((fragment & Ipv4.OFFSET_MASK) != 0) {
      out.append("FRAG:").append(fragment & Ipv4.OFFSET_MASK).append(' ');
    }
  }

  /** False where the line ends here. */
  private boolean transport(int protocol, int at, boolean later, boolean outer) {
    switch (protocol) {
      case Protocols.TCP -> {
        return tcp(at, later);
      }
      case Protocols.UDP, Protocols.UDPLITE -> {
        return udp(protocol, at, later);
      }
      case Protocols.ICMP -> {
        out.append("PROTO=ICMP ");
        if (!later && complete(at, Icmp.LENGTH)) {
          icmp(at, outer);
        }
      }
      case Protocols.AH -> {
        if (!later) {
          out.append("PROTO=AH ");
          if (complete(at, AH_LENGTH)) {
            spi(at + AH_SPI);
          }
        }
      }
      case Protocols.ESP -> {
        out.append("PROTO=ESP ");
        if (!later && complete(at, ESP_LENGTH)) {
          spi(at);
        }
      }
      default -> say("PROTO", protocol);
    }
    return true;
  }

  private void icmp(int at, boolean outer) {
    int type = p.u8(at);
    int code = p.u8(at + Icmp.CODE);
    say("TYPE", type).say("CODE", code);
    if (p.end - at < required(type)) {
      incomplete(at);
      return;
    }
    switch (type) {
      case Icmp.ECHO_REPLY, Icmp.ECHO_REQUEST ->
          say("ID", p.u16(at + Icmp.ID)).say("SEQ", p.u16(at + Icmp.SEQUENCE));
      case Icmp.PARAMETER_PROBLEM -> say("PARAMETER", p.u8(at + POINTER));
      case Icmp.REDIRECT -> {
        LogFormat.address4(out.append("GATEWAY="), p.buffer, at + GATEWAY);
        out.append(' ');
        embedded(at, outer);
      }
      case Icmp.DEST_UNREACHABLE -> {
        embedded(at, outer);
        if (code == FRAGMENTATION_NEEDED) {
          say("MTU", p.u16(at + NEXT_HOP_MTU));
        }
      }
      case Icmp.SOURCE_QUENCH, Icmp.TIME_EXCEEDED -> embedded(at, outer);
      default -> {}
    }
  }

  private void embedded(int at, boolean outer) {
    if (outer) {
      out.append('[');
      packet(at + Icmp.LENGTH, false);
      out.append("] ");
    }
  }

  /** Bytes that the kernel wants of a message before it says more of it. */
  private static int required(int type) {
    return switch (type) {
      case Icmp.DEST_UNREACHABLE,
          Icmp.SOURCE_QUENCH,
          Icmp.REDIRECT,
          Icmp.TIME_EXCEEDED,
          Icmp.PARAMETER_PROBLEM ->
          Icmp.LENGTH + Ipv4.MIN_LENGTH;
      case Icmp.TIMESTAMP, Icmp.TIMESTAMP_REPLY -> 20;
      case Icmp.ADDRESS_MASK, Icmp.ADDRESS_MASK_REPLY -> 12;
      default -> 0;
    };
  }
}
