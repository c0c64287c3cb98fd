package org.fwreplay.xt;

import java.util.HexFormat;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Ipv6;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/** What a LOG line says of an IPv6 packet. */
final class LogFormat6 extends LogTransport {
  private static final int FRAGMENT_LENGTH = 8;
  private static final int FRAGMENT_OFFSET = 2;
  private static final int FRAGMENT_ID = 4;
  private static final int OFFSET_MASK = 0xfff8;
  private static final int POINTER = 4;
  private static final int MTU = 4;

  private boolean laterFragment;

  LogFormat6(StringBuilder out, Packet packet, int flags) {
    super(out, packet, flags);
  }

  /** The packet, or with {@code outer} false one that an ICMPv6 error brings along. */
  void packet(int ip, boolean outer) {
    if (ip + Ipv6.LENGTH > p.end) {
      out.append("TRUNCATED");
      return;
    }
    header(ip);
    laterFragment = false;
    int next = p.u8(ip + Ipv6.NEXT_HEADER);
    int at = ip + Ipv6.LENGTH;
    while (next != Protocols.NONE && (next == Protocols.ESP || Protocols.isExtensionHeader(next))) {
      if (at + 2 > p.end) {
        out.append("TRUNCATED");
        return;
      }
      int length = extension(next, at);
      if (length == 0) {
        return;
      }
      next = p.u8(at);
      at += length;
    }
    if (transport(next, at, outer) && outer) {
      mark();
    }
  }

  private void header(int ip) {
    LogFormat.address6(out.append("SRC="), p.buffer, ip + Ipv6.SOURCE);
    LogFormat.address6(out.append(" DST="), p.buffer, ip + Ipv6.DESTINATION);
    int first = (int) p.u32(ip);
    say(" LEN", p.u16(ip + Ipv6.PAYLOAD_LENGTH) + Ipv6.LENGTH);
    say("TC", first >>> 20 & 255).say("HOPLIMIT", p.u8(ip + Ipv6.HOP_LIMIT));
    say("FLOWLBL", first & 0xfffff);
  }

  /** An extension header; its length, or 0 where the line ends here. */
  private int extension(int header, int at) {
    boolean options = wants(LogRequest.IP_OPTIONS);
    out.append(options ? "OPT ( " : "");
    int length =
        switch (header) {
          case Protocols.FRAGMENT -> fragment(at);
          case Protocols.AH -> options && !authentication(at) ? 0 : (p.u8(at + 1) + 2) << 2;
          case Protocols.ESP -> {
            if (options) {
              encryption(at);
            }
            yield 0;
          }
          default -> {
            out.append(laterFragment && options ? ")" : "");
            yield laterFragment ? 0 : (p.u8(at + 1) + 1) << 3;
          }
        };
    out.append(length != 0 && options ? ") " : "");
    return length;
  }

  private int fragment(int at) {
    out.append("FRAG:");
    if (at + FRAGMENT_LENGTH > p.end) {
      out.append("TRUNCATED ");
      return 0;
    }
    int field = p.u16(at + FRAGMENT_OFFSET);
    out.append(field & OFFSET_MASK).append((field & 1) != 0 ? " INCOMPLETE ID:" : " ID:");
    HexFormat.of().formatHex(out, p.buffer, at + FRAGMENT_ID, at + FRAGMENT_LENGTH).append(' ');
    laterFragment |= (field & OFFSET_MASK) != 0;
    return FRAGMENT_LENGTH;
  }

  /** False where the line ends here. */
  private boolean authentication(int at) {
    return security("AH ", at, AH_LENGTH, AH_SPI, " ");
  }

  private void encryption(int at) {
    security("ESP ", at, ESP_LENGTH, 0, " )");
  }

  private boolean security(String name, int at, int length, int spi, String end) {
    out.append(name);
    if (laterFragment) {
      out.append(')');
      return false;
    }
    if (!complete(at, length)) {
      out.append(')');
      return false;
    }
    out.append("SPI=0x").append(Integer.toHexString((int) p.u32(at + spi))).append(end);
    return true;
  }

  /** False where the line ends here. */
  private boolean transport(int protocol, int at, boolean outer) {
    switch (protocol) {
      case Protocols.TCP -> {
        return tcp(at, laterFragment);
      }
      case Protocols.UDP, Protocols.UDPLITE -> {
        return udp(protocol, at, laterFragment);
      }
      case Protocols.ICMPV6 -> {
        out.append("PROTO=ICMPv6 ");
        if (laterFragment) {
          return true;
        }
        if (!complete(at, Icmp.LENGTH)) {
          return false;
        }
        icmp(at, outer);
      }
      default -> say("PROTO", protocol);
    }
    return true;
  }

  private void icmp(int at, boolean outer) {
    int type = p.u8(at);
    say("TYPE", type).say("CODE", p.u8(at + Icmp.CODE));
    switch (type) {
      case Icmp.V6_ECHO_REQUEST, Icmp.V6_ECHO_REPLY ->
          say("ID", p.u16(at + Icmp.ID)).say("SEQ", p.u16(at + Icmp.SEQUENCE));
      case Icmp.V6_PARAMETER_PROBLEM -> {
        int pointer = at + POINTER;
        HexFormat.of().formatHex(out.append("POINTER="), p.buffer, pointer, pointer + 4);
        out.append(' ');
        embedded(at, outer);
      }
      case Icmp.V6_PACKET_TOO_BIG -> {
        embedded(at, outer);
        say("MTU", p.u32(at + MTU));
      }
      case Icmp.V6_DEST_UNREACHABLE, Icmp.V6_TIME_EXCEEDED -> embedded(at, outer);
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
}
