package org.fwreplay.report.info;

import java.util.Locale;
import org.fwreplay.capture.LinkLayer;

/** Names of link types (https://www.tcpdump.org/linktypes.html) and of EtherTypes (IEEE). */
final class Numbers {
  private Numbers() {}

  static String linkType(int number) {
    return switch (number) {
      case LinkLayer.NULL -> "null (BSD loopback)";
      case LinkLayer.ETHERNET -> "Ethernet";
      case LinkLayer.PPP -> "PPP";
      case LinkLayer.PPP_HDLC -> "PPP in HDLC";
      case LinkLayer.RAW, LinkLayer.RAW_BSD, LinkLayer.RAW_OPENBSD -> "raw IP";
      case LinkLayer.LOOP -> "loop (OpenBSD loopback)";
      case LinkLayer.LINUX_SLL -> "Linux cooked";
      case LinkLayer.LINUX_SLL2 -> "Linux cooked 2";
      case LinkLayer.IPV4 -> "raw IPv4";
      case LinkLayer.IPV6 -> "raw IPv6";
      case 105 -> "IEEE 802.11 (not read)";
      case 127 -> "radiotap (not read)";
      case 147, 148, 149, 150 -> "user " + (number - 147) + " (not read)";
      case 195, 230 -> "IEEE 802.15.4 (not read)";
      case 249 -> "USBPcap (not read)";
      default -> "link type " + number + " (not read)";
    };
  }

  static String etherType(int number) {
    return switch (number) {
      case 0x0001 -> "Novell 802.3";
      case 0x0004 -> "802.2 LLC";
      case 0x0806 -> "ARP";
      case 0x0842 -> "Wake-on-LAN";
      case 0x8035 -> "RARP";
      case 0x809b -> "AppleTalk";
      case 0x8137 -> "IPX";
      case 0x8809 -> "slow protocols";
      case 0x8847, 0x8848 -> "MPLS";
      case 0x8863 -> "PPPoE discovery";
      case 0x8864 -> "PPPoE session";
      case 0x888e -> "EAPOL";
      case 0x88cc -> "LLDP";
      case 0x88e5 -> "MACsec";
      case 0x88f7 -> "PTP";
      default -> number < 0 ? "unknown" : String.format(Locale.ROOT, "EtherType 0x%04x", number);
    };
  }
}
