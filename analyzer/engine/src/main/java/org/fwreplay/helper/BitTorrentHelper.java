package org.fwreplay.helper;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackHelper;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.ExpectationPolicy;
import org.fwreplay.conntrack.Expectations;
import org.fwreplay.nat.Nat;
import org.fwreplay.nat.NatRange;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;

/**
 * BitTorrent: a client tells trackers and peers at which port it listens, and strangers then
 * connect to it, long after the announcement's connection is gone. No kernel has had such a helper;
 * what it does is defined here.
 *
 * <p>Announcements are read from HTTP trackers (BEP 3), UDP trackers (BEP 15), local peer discovery
 * (BEP 14) and the extended handshake of peers (BEP 10). Each lets TCP and UDP (uTP) come in from
 * everywhere until all torrents announced at that port are stopped, or for an hour since the last
 * announcement.
 */
final class BitTorrentHelper implements ConntrackHelper {
  private static final int LIFETIME_SECONDS = 3600;
  private static final int MAX_PORT = 65_535;
  private static final int MAX_ATTEMPTS = 128;

  /** The client's own end that it announced; see {@link Expectation} for addresses. */
  private record End(long hi, long lo, int port) {}

  /** What is open for an end, and for which torrents. */
  private static final class Open {
    final Set<String> torrents = new HashSet<>();
    Expectation tcp;
    Expectation udp;
  }

  /** What a connection to a UDP tracker has shown, or one to a peer. */
  private static final class Seen {
    boolean connected;
    long connectionId;
    String torrent;
  }

  private final Conntrack conntrack;
  private final Nat nat;
  private final NatHelper mangler;
  private final java.util.SplittableRandom random;
  private final ExpectationPolicy policy;
  private final Map<End, Open> open = new HashMap<>();

  BitTorrentHelper(HelperContext context) {
    conntrack = context.conntrack();
    nat = context.nat();
    mangler = new NatHelper(context);
    random = context.random();
    policy =
        ExpectationPolicy.of(
            0,
            context.host().sysctls().getInt("nf_conntrack_bittorrent.timeout", LIFETIME_SECONDS));
  }

  @Override
  public String name() {
    return "bittorrent";
  }

  @Override
  public ExpectationPolicy policy(int expectationClass) {
    return policy;
  }

  @Override
  public int help(Packet p, Connection ct, int info) {
    boolean original = info == CtInfo.ESTABLISHED || info == CtInfo.NEW;
    if (ct.original.protocol == Protocols.UDP) {
      int payload = p.transport + Udp.LENGTH;
      if (original) {
        datagram(p, ct, info, payload);
      } else if (info == CtInfo.ESTABLISHED_REPLY) {
        trackerReply(p, ct, payload);
      }
    } else if (original && p.transport + Tcp.MIN_LENGTH <= p.end) {
      segment(p, ct, info, NatHelper.tcpPayload(p));
    }
    return Conntrack.ACCEPT;
  }

  // -- TCP ---------------------------------------------------------------------------------------

  private void segment(Packet p, Connection ct, int info, int payload) {
    BitTorrentAnnouncement a = BitTorrentAnnouncement.http(p.buffer, payload, p.end);
    if (a == null) {
      a = peer(p, ct, payload);
    }
    if (a == null || !a.isFrom(ct.original)) {
      return;
    }
    int port = announce(p, ct, a, payload);
    if (port > 0 && port != a.port()) {
      byte[] digits = NatHelper.bytes(Integer.toString(port));
      int growth = digits.length - a.portLength();
      mangler.mangleTcp(p, ct, info, a.portAt() - payload, a.portLength(), digits);
      if (a.lengthAt() >= 0 && growth != 0) {
        int at = NatHelper.tcpPayload(p) + a.lengthAt() - payload;
        Bytes.put32(p.buffer, at, Bytes.i32(p.buffer, at) + growth);
      }
    }
  }

  /** The handshake names the torrent, the extended handshake behind it the port. */
  private static BitTorrentAnnouncement peer(Packet p, Connection ct, int payload) {
    String torrent = BitTorrentAnnouncement.handshake(p.buffer, payload, p.end);
    if (torrent != null) {
      Seen seen = new Seen();
      seen.torrent = torrent;
      ct.help.data = seen;
    }
    return ct.help.data instanceof Seen seen && seen.torrent != null
        ? BitTorrentAnnouncement.extended(p.buffer, payload, p.end, seen.torrent)
        : null;
  }

  // -- UDP ---------------------------------------------------------------------------------------

  private void datagram(Packet p, Connection ct, int info, int payload) {
    if (UdpTracker.isConnect(p.buffer, payload, p.end)) {
      ct.help.data = new Seen();
      return;
    }
    BitTorrentAnnouncement local = BitTorrentAnnouncement.local(p.buffer, payload, p.end);
    if (local != null) {
      announce(p, ct, local, payload);
      return;
    }
    if (!(ct.help.data instanceof Seen seen) || !seen.connected) {
      return;
    }
    BitTorrentAnnouncement a = UdpTracker.announcement(p.buffer, payload, p.end, seen.connectionId);
    if (a == null || !a.isFrom(ct.original)) {
      return;
    }
    int port = announce(p, ct, a, payload);
    if (port > 0 && port != a.port()) {
      byte[] both = {(byte) (port >> 8), (byte) port};
      mangler.mangleUdp(p, ct, info, a.portAt() - payload, 2, both);
    }
  }

  private static void trackerReply(Packet p, Connection ct, int payload) {
    if (ct.help.data instanceof Seen seen && UdpTracker.isConnected(p.buffer, payload, p.end)) {
      seen.connected = true;
      seen.connectionId = UdpTracker.connectionId(p.buffer, payload);
    }
  }

  // -- what is expected --------------------------------------------------------------------------

  /**
   * Opens the announced port, keeps it open or, with the last torrent, closes it.
   *
   * @return the port at which it is open from outside, 0 for none
   */
  private int announce(Packet p, Connection ct, BitTorrentAnnouncement a, int payload) {
    End end = new End(ct.original.sourceHi, ct.original.sourceLo, a.port());
    Open here = open.get(end);
    if (here != null && (!here.tcp.isLinked() || here.tcp.expiresNs <= conntrack.nowNs())) {
      close(end, here);
      here = null;
    }
    if (a.stopped()) {
      return here == null ? 0 : stop(end, here, a);
    }
    if (here == null) {
      here = new Open();
      if (!expect(p, ct, end, here, payload, a.portAt())) {
        return 0;
      }
      open.put(end, here);
    } else {
      here.tcp.expiresNs = conntrack.nowNs() + policy.timeoutNs();
      here.udp.expiresNs = here.tcp.expiresNs;
    }
    here.torrents.addAll(a.torrents());
    return here.tcp.tuple.destinationPort;
  }

  private int stop(End end, Open here, BitTorrentAnnouncement a) {
    int port = here.tcp.tuple.destinationPort;
    here.torrents.removeAll(a.torrents());
    if (here.torrents.isEmpty()) {
      close(end, here);
    }
    return port;
  }

  private void close(End end, Open here) {
    conntrack.expectations().remove(here.tcp);
    conntrack.expectations().remove(here.udp);
    open.remove(end);
  }

  /** At the announced port or, where that is taken outside, at another one above it. */
  private boolean expect(Packet p, Connection ct, End end, Open here, int payload, int at) {
    int port = end.port;
    for (int left = MAX_ATTEMPTS; left >= 0; left--) {
      here.tcp = expectation(ct, end, Protocols.TCP, port);
      here.udp = expectation(ct, end, Protocols.UDP, port);
      Text.announce(here.tcp, p.buffer, payload, at, p.end);
      Text.announce(here.udp, p.buffer, payload, at, p.end);
      int result = conntrack.expectations().expectPair(here.tcp, here.udp, 0);
      if (result == Expectations.EXPECTED) {
        return true;
      }
      if (result != Expectations.BUSY || end.port == MAX_PORT) {
        return false;
      }
      port = end.port + 1 + random.nextInt(MAX_PORT - end.port);
    }
    return false;
  }

  private Expectation expectation(Connection ct, End end, int protocol, int port) {
    Expectation e =
        new Expectation(ct, 0, protocol).to(ct.reply.destinationHi, ct.reply.destinationLo, port);
    e.flags = Expectation.PERMANENT | Expectation.OUTLIVES;
    e.savedPort = end.port;
    e.direction = Connection.REPLY;
    if (NatHelper.isTranslated(ct)) {
      NatRange inside = NatRange.of(end.hi, end.lo, end.port);
      e.function = (child, expectation) -> nat.setup(child, inside, Nat.DESTINATION);
    }
    return e;
  }
}
