package org.fwreplay.xt;

import java.util.HexFormat;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;

/** The text of a LOG line, worded as the kernel does: nf_log_syslog. */
public final class LogFormat {
  private static final int ETHERNET_ADDRESSES = 12;
  private static final String NO_ADDRESSES = "00:".repeat(ETHERNET_ADDRESSES);
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

  private LogFormat() {}

  /**
   * Appends the line, with the space at its end that the kernel leaves, without level and time.
   *
   * @param inName name of the interface that the packet came by; empty for none
   * @param outName name of the interface that it leaves by; empty for none
   */
  public static void append(
      StringBuilder out, Packet p, String inName, String outName, LogRequest r) {
    out.append(r.prefix()).append("IN=").append(inName).append(" OUT=").append(outName).append(' ');
    if (!inName.isEmpty()) {
      appendMac(out, p, (r.flags() & LogRequest.MAC_DECODE) != 0);
    }
    if (p.ipv6) {
      new LogFormat6(out, p, r.flags()).packet(p.network, true);
    } else {
      new LogFormat4(out, p, r.flags()).packet(p.network, true);
    }
  }

  /**
   * The Ethernet header, or nothing where there was none. VLAN tags in it are left out, as an
   * interface of a VLAN sees it; the loopback interface makes one of zeros.
   */
  private static void appendMac(StringBuilder out, Packet p, boolean decode) {
    byte[] b = p.buffer;
    boolean ethernet = p.mac >= 0 && p.network - p.mac >= ETHERNET_ADDRESSES + 2;
    if (!ethernet) {
      out.append(decode && !p.local ? "" : "MAC=");
      out.append(p.local ? NO_ADDRESSES + (p.ipv6 ? "86:dd" : "08:00") : "");
      out.append(decode && !p.local ? "" : " ");
    } else if (decode) {
      int source = p.mac + ETHERNET_ADDRESSES / 2;
      COLONS.formatHex(out.append("MACSRC="), b, source, p.mac + ETHERNET_ADDRESSES);
      COLONS.formatHex(out.append(" MACDST="), b, p.mac, source);
      HexFormat.of().formatHex(out.append(" MACPROTO="), b, p.network - 2, p.network).append(' ');
    } else {
      COLONS.formatHex(out.append("MAC="), b, p.mac, p.mac + ETHERNET_ADDRESSES).append(':');
      COLONS.formatHex(out, b, p.network - 2, p.network).append(' ');
    }
  }

  /** An IPv4 address. */
  static void address4(StringBuilder out, byte[] b, int at) {
    for (int i = 0; i < 4; i++) {
      out.append(i == 0 ? "" : ".").append(Bytes.u8(b, at + i));
    }
  }

  /** An IPv6 address in full, the kernel's {@code %pI6}. */
  static void address6(StringBuilder out, byte[] b, int at) {
    for (int i = 0; i < 16; i += 2) {
      HexFormat.of().formatHex(out.append(i == 0 ? "" : ":"), b, at + i, at + i + 2);
    }
  }
}
