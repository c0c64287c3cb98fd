package org.fwreplay.replay;

import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.LinkHeader;
import org.fwreplay.capture.LinkLayer;
import org.fwreplay.capture.RecordCheck;
import org.fwreplay.conntrack.TransportChecksums;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;

/**
 * Sums frames before their turn has come. It tells only what is right: what looks wrong here, or is
 * not TCP or UDP in one whole packet, is left to those who look at it in its turn.
 */
final class FrameSums implements RecordCheck {
  private final LinkHeader link = new LinkHeader();
  private final Packet packet = new Packet();

  @Override
  public void check(CaptureRecord record) {
    record.networkSumGood = isSound(record);
    record.transportSumGood =
        record.networkSumGood && isSummed(packet) && TransportChecksums.good(packet);
  }

  private boolean isSound(CaptureRecord record) {
    if (!LinkLayer.decode(record.linkType, record.buffer, record.offset, record.length, link)) {
      return false;
    }
    packet.ipv6 = link.etherType == LinkLayer.ETHERTYPE_IPV6;
    if (!packet.ipv6 && link.etherType != LinkLayer.ETHERTYPE_IPV4) {
      return false;
    }
    packet.checksumVerified = false;
    packet.buffer = record.buffer;
    packet.network = link.networkOffset;
    packet.end = link.networkOffset + link.networkLength;
    return Decoder.decode(packet, true) == Decoder.OK;
  }

  private static boolean isSummed(Packet p) {
    int length = p.end - p.transport;
    return !p.isFragment()
        && (p.protocol == Protocols.TCP && length >= Tcp.MIN_LENGTH
            || p.protocol == Protocols.UDP
                && length >= Udp.LENGTH
                && p.u16(p.transport + Udp.UDP_LENGTH) == length
                && p.u16(p.transport + Udp.CHECKSUM) != 0);
  }
}
