package org.fwreplay.hook;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/**
 * What listens on the host. It is known from a list of sockets ({@code ss -tuln}); without one, TCP
 * ports are open from which the host was seen sending, and UDP ports on which routers usually
 * serve. What is not open is closed: Linux says so to the sender.
 */
public final class Sockets {
  /**
   * DNS DHCP NTP SNMP IKE syslog RIP OpenVPN L2TP SSDP NAT-T SIP mDNS LLMNR BitTorrent webmin WG.
   */
  private static final int[] USUAL_UDP = {
    53, 67, 68, 123, 161, 162, 500, 514, 520, 1194, 1701, 1900, 4500, 5060, 5353, 5355, 6881, 10000,
    51820
  };

  /** IPPROTO_RAW: what a raw socket of that protocol gets without a word. */
  private static final int RAW = 255;

  private final BitSet tcp = new BitSet();
  private final BitSet udp = new BitSet();
  private boolean all;

  /** Sockets of a host of which nothing is known yet. */
  public Sockets() {
    for (int port : USUAL_UDP) {
      udp.set(port);
    }
  }

  /**
   * Sockets as {@code ss -tuln} lists them, one a line; lines that are no sockets are passed over.
   */
  public static Sockets parse(String text) {
    Sockets sockets = new Sockets();
    sockets.udp.clear();
    for (String line : text.split("\\R")) {
      Matcher m = SS_LINE.matcher(line);
      if (m.find()) {
        BitSet set = m.group(1).equals("tcp") ? sockets.tcp : sockets.udp;
        set.set(Integer.parseInt(m.group(2)));
      }
    }
    return sockets;
  }

  private static final Pattern SS_LINE =
      Pattern.compile(
          "^\\s*(tcp|udp)\\S*\\s+(?:LISTEN|UNCONN|ESTAB)\\s+\\d+\\s+\\d+\\s+\\S*:(\\d{1,5})\\s");

  /** Takes note that a program uses the local TCP port. */
  public void openTcp(int port) {
    tcp.set(port);
  }

  /** Takes note that a program uses the local UDP port. */
  public void openUdp(int port) {
    udp.set(port);
  }

  /** Takes note that the host sends this packet, decoded: its source port is in use. */
  public void learn(Packet p) {
    if (p.fragmentOffset != 0 || p.transport + 2 > p.end) {
      return;
    }
    if (p.protocol == Protocols.TCP) {
      openTcp(p.u16(p.transport));
    } else if (p.protocol == Protocols.UDP) {
      openUdp(p.u16(p.transport));
    }
  }

  /** Takes every port for open: nothing is known of the host, so it answers nothing. */
  public void openAll() {
    all = true;
  }

  /** Whether nothing is known of the host. */
  boolean areUnknown() {
    return all;
  }

  /** Whether a program listens at the destination port of a TCP segment or UDP datagram. */
  boolean listens(Packet p) {
    return listens(p.protocol, p.u16(p.transport + 2));
  }

  /** Whether a program listens at a port of TCP or else UDP. */
  boolean listens(int protocol, int port) {
    return all || (protocol == Protocols.TCP ? tcp : udp).get(port);
  }

  /**
   * Whether Linux has no handler for a protocol, and says so to the sender. Modules add handlers
   * (GRE, ESP, SCTP…); a firewall that has not loaded them has these.
   */
  boolean isUnknown(int protocol, boolean ipv6) {
    if (all) {
      return false;
    }
    return switch (protocol) {
      case Protocols.TCP, Protocols.UDP, Protocols.PIM, Protocols.UDPLITE -> false;
      case Protocols.ICMP, Protocols.IGMP, RAW -> ipv6;
      case Protocols.ICMPV6,
          Protocols.NONE,
          Protocols.HOPOPTS,
          Protocols.ROUTING,
          Protocols.FRAGMENT,
          Protocols.DSTOPTS ->
          !ipv6;
      default -> true;
    };
  }
}
