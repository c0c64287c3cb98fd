package org.fwreplay.replay;

import java.util.HashMap;
import java.util.Map;
import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.LinkHeader;
import org.fwreplay.capture.LinkLayer;
import org.fwreplay.capture.VendorHeader;
import org.fwreplay.host.Host;
import org.fwreplay.host.NetInterface;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;

/** Turns capture records into packets at an interface of the host: what a network driver does. */
final class FrameReader {
  private static final int OUTGOING = 4;
  private static final int ETHERNET = 14;
  private static final int UNKNOWN = -1;
  private static final long BROADCAST_MAC = 0xffff_ffff_ffffL;
  private static final long GROUP_BIT = 1L << 40;

  private final Host host;
  private final GuessedHost guessed;
  private final LinkHeader link = new LinkHeader();
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<Integer, VendorHeader> headers = new HashMap<>();
  private final CapturePoint point;
  private long cutFrames;

  /**
   * A reader.
   *
   * @param guessed the made-up host, or null where there are dumps
   */
  FrameReader(Host host, GuessedHost guessed) {
    this.host = host;
    this.guessed = guessed;
    point = new CapturePoint(host);
    for (NetInterface each : host.interfaces()) {
      ids.put(each.name(), each.id());
    }
  }

  /** How many frames were cut by the capture's snap length, and went on with zeros. */
  long cutFrames() {
    return cutFrames;
  }

  /**
   * Fills a packet from a record, up to and without the network header.
   *
   * @param arrivesAt interface id, or -1 to find it from the record
   * @return whether it is an IP packet; if not it has no network header
   */
  boolean read(CaptureRecord record, int arrivesAt, Packet p) {
    if (!readNetwork(record, arrivesAt, p)) {
      return false;
    }
    arrive(p, arrivesAt >= 0 ? arrivesAt : findInterface(record, p));
    return true;
  }

  /**
   * Fills a packet from a record of a capture that holds both directions. One that left has its
   * interface in {@link Packet#out} and none in {@link Packet#in}.
   *
   * @param at interface where the capture was made, or -1 to find it from the record
   * @return whether it is an IP packet
   */
  boolean readBothWays(CaptureRecord record, int at, Packet p) {
    if (!readNetwork(record, at, p)) {
      return false;
    }
    Integer named = record.interfaceName == null ? null : ids.get(record.interfaceName);
    point.find(record, link, p, named != null ? named : at);
    if (point.leaves) {
      p.out = vlanInterface(point.interfaceId);
    } else {
      arrive(p, point.interfaceId);
    }
    return true;
  }

  private boolean readNetwork(CaptureRecord record, int arrivesAt, Packet p) {
    p.reset();
    p.buffer = record.buffer;
    p.timeNs = record.timeNs;
    p.mac = -1;
    p.network = record.offset;
    p.transport = record.offset;
    p.end = record.offset + record.length;
    boolean known = decode(record, arrivesAt, p);
    boolean ip =
        known
            && !link.snap
            && (link.etherType == LinkLayer.ETHERTYPE_IPV4
                || link.etherType == LinkLayer.ETHERTYPE_IPV6);
    if (!ip) {
      return false;
    }
    p.mac = link.macOffset;
    p.network = link.networkOffset;
    p.end = link.networkOffset + link.networkLength;
    p.ipv6 = link.etherType == LinkLayer.ETHERTYPE_IPV6;
    fillCut(record, p);
    return true;
  }

  private void arrive(Packet p, int at) {
    p.in = vlanInterface(at);
    p.type = p.in < 0 ? Packet.OTHER_HOST : packetType(p.in);
    p.ownSourceMac = p.type == Packet.OTHER_HOST && isOwnMac(link.srcMac);
    p.in = Math.max(p.in, 0);
    if (p.mac < 0 && link.packetType >= 0 && link.srcMac >= 0) {
      uncook(p);
    }
  }

  /** Puts the Ethernet header back that a cooked capture left out, in the place of its own. */
  private void uncook(Packet p) {
    long own = host.networkInterface(p.in).mac();
    long to = p.type == Packet.BROADCAST ? BROADCAST_MAC : Math.max(own, 0);
    p.mac = p.network - ETHERNET;
    Bytes.put16(p.buffer, p.mac, (int) (to >>> 32));
    Bytes.put32(p.buffer, p.mac + 2, (int) to);
    Bytes.put16(p.buffer, p.mac + 6, (int) (link.srcMac >>> 32));
    Bytes.put32(p.buffer, p.mac + 8, (int) link.srcMac);
    Bytes.put16(p.buffer, p.mac + 12, link.etherType);
  }

  private boolean decode(CaptureRecord record, int arrivesAt, Packet p) {
    Integer named = record.interfaceName == null ? null : ids.get(record.interfaceName);
    int id = arrivesAt >= 0 ? arrivesAt : named == null ? UNKNOWN : named;
    VendorHeader own = headers.isEmpty() ? null : headers.get(id);
    if (own != null) {
      return own.decode(record.buffer, record.offset, record.length, link);
    }
    p.headerVerified = record.networkSumGood;
    p.checksumVerified = record.transportSumGood;
    return LinkLayer.decode(record.linkType, record.buffer, record.offset, record.length, link);
  }

  /** Has frames at an interface begin with a header of its driver's own. */
  void linkHeader(String interfaceName, VendorHeader header) {
    headers.put(ids.get(interfaceName), header);
  }

  private boolean isOwnMac(long mac) {
    for (NetInterface each : host.interfaces()) {
      if (mac > 0 && each.mac() == mac) {
        return true;
      }
    }
    return false;
  }

  /** What the snap length cut off is taken for zeros; then no checksum can be checked. */
  private void fillCut(CaptureRecord record, Packet p) {
    int missing = record.wireLength - record.length;
    if (missing <= 0) {
      return;
    }
    cutFrames++;
    p.makeOwn();
    int room = Math.min(missing, p.buffer.length - p.end);
    java.util.Arrays.fill(p.buffer, p.end, p.end + room, (byte) 0);
    p.end += room;
    p.checksumVerified = true;
  }

  private int findInterface(CaptureRecord record, Packet p) {
    if (record.interfaceName != null) {
      Integer id = ids.get(record.interfaceName);
      if (id != null) {
        return id;
      }
    }
    if (guessed == null || p.end - p.network < (p.ipv6 ? 40 : 20)) {
      return guessed == null ? UNKNOWN : guessed.outside;
    }
    return guessed.sideOf(p.ipv6, p.sourceHi(), p.sourceLo());
  }

  /** Tagged frames arrive at the VLAN's own interface; without dumps they count as untagged. */
  private int vlanInterface(int id) {
    if (link.vlan <= 0 || guessed != null || id < 0) {
      return id;
    }
    String below = host.networkInterface(id).name();
    for (NetInterface each : host.interfaces()) {
      if (each.vlanId() == link.vlan && each.link().equals(below)) {
        return each.id();
      }
    }
    return UNKNOWN;
  }

  /** {@code eth_type_trans}: what the link-layer destination makes of the frame. */
  private int packetType(int in) {
    if (link.packetType >= 0) {
      boolean leaving = link.packetType == OUTGOING;
      return leaving && guessed != null
          ? Packet.TO_HOST
          : Math.min(link.packetType, Packet.OTHER_HOST);
    }
    if (link.dstMac < 0) {
      return Packet.TO_HOST;
    }
    if (link.dstMac == BROADCAST_MAC) {
      return Packet.BROADCAST;
    }
    if ((link.dstMac & GROUP_BIT) != 0) {
      return Packet.MULTICAST;
    }
    long own = host.networkInterface(in).mac();
    return own < 0 || link.dstMac == own ? Packet.TO_HOST : Packet.OTHER_HOST;
  }
}
