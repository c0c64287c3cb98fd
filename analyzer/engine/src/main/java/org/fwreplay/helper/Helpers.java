package org.fwreplay.helper;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fwreplay.conntrack.ConntrackHelper;
import org.fwreplay.conntrack.HelperTable;
import org.fwreplay.packet.Protocols;

/** All helpers there are, and the protocols that each is for. */
public final class Helpers {
  private static final int IPV4 = 1;
  private static final int BOTH = 3;

  /** Of a helper that only expected connections get, or those that a rule gives it. */
  private static final int NO_PORT = -1;

  private static final List<Registration> ALL =
      List.of(
          new Registration("ftp", BOTH, Protocols.TCP, 21, FtpHelper::new),
          new Registration("tftp", BOTH, Protocols.UDP, 69, TftpHelper::new),
          new Registration("irc", IPV4, Protocols.TCP, 6667, IrcHelper::new),
          new Registration("amanda", BOTH, Protocols.UDP, 10_080, AmandaHelper::new),
          new Registration("sane", BOTH, Protocols.TCP, 6566, SaneHelper::new),
          new Registration("pptp", IPV4, Protocols.TCP, 1723, PptpHelper::new),
          new Registration("sip", BOTH, Protocols.UDP, 5060, SipHelper::new),
          new Registration("sip", BOTH, Protocols.TCP, 5060, SipHelper::new),
          new Registration("snmp", IPV4, Protocols.UDP, 161, SnmpHelper::agents),
          new Registration("snmp_trap", IPV4, Protocols.UDP, 162, SnmpHelper::traps),
          new Registration("bittorrent", BOTH, Protocols.TCP, 6969, BitTorrentHelper::new),
          new Registration("bittorrent", BOTH, Protocols.UDP, 6969, BitTorrentHelper::new),
          new Registration("netbios-ns", IPV4, Protocols.UDP, 137, BroadcastHelper::netbios),
          new Registration("RAS", BOTH, Protocols.UDP, 1719, H323Helper::ras),
          new Registration("Q.931", BOTH, Protocols.TCP, 1720, H323Helper::q931),
          new Registration("H.245", BOTH, Protocols.UDP, NO_PORT, H323Helper::h245));

  /** One helper for one protocol; families as bits. */
  private record Registration(
      String name,
      int families,
      int protocol,
      int port,
      Function<HelperContext, ConntrackHelper> make) {

    boolean serves(boolean ipv6) {
      return (families & (ipv6 ? 2 : 1)) != 0;
    }
  }

  private Helpers() {}

  /** Whether there is a helper of that name for a protocol: what {@code CT --helper} asks. */
  public static boolean exists(String name, boolean ipv6, int protocol) {
    return ALL.stream()
        .anyMatch(r -> r.name.equals(name) && r.protocol == protocol && r.serves(ipv6));
  }

  /** The names of all helpers. */
  public static SortedSet<String> names() {
    return ALL.stream().map(Registration::name).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Makes all helpers for a run and tells its connection tracking of them. */
  public static void register(HelperContext context) {
    HelperTable table = context.conntrack().helpers();
    Map<String, ConntrackHelper> made = new HashMap<>();
    for (Registration r : ALL) {
      ConntrackHelper helper = made.computeIfAbsent(r.name, name -> r.make.apply(context));
      for (boolean ipv6 : new boolean[] {false, true}) {
        if (r.serves(ipv6)) {
          table.register(helper, ipv6, r.protocol, r.port);
        }
      }
    }
  }
}
