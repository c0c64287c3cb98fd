package org.fwreplay.helper;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;

/** The packet at hand and the SIP message in it that is looked at. */
final class SipPacket {
  final SipScanner scanner = new SipScanner();
  private final NatHelper nat;
  Packet packet;
  Connection ct;
  int info;

  /** Where the message begins, from the start of the payload, and its length. */
  int offset;

  int length;

  SipPacket(NatHelper nat) {
    this.nat = nat;
  }

  void set(Packet p, Connection connection, int ctInfo) {
    packet = p;
    ct = connection;
    info = ctInfo;
  }

  /** Looks at a message from now on. */
  void look(int from, int size) {
    offset = from;
    length = size;
    scanner.set(packet.buffer, payload() + from, size, ct.original.ipv6);
  }

  private int payload() {
    return ct.original.protocol == Protocols.TCP
        ? NatHelper.tcpPayload(packet)
        : packet.transport + Udp.LENGTH;
  }

  /** What the helper knows of the connection. */
  SipMaster master() {
    if (ct.help.data == null) {
      ct.help.data = new SipMaster();
    }
    return (SipMaster) ct.help.data;
  }

  boolean isTranslated() {
    return NatHelper.isTranslated(ct);
  }

  int direction() {
    return CtInfo.direction(info);
  }

  /** The packet's direction of the connection, before it was translated. */
  Tuple here() {
    return ct.tuple(direction());
  }

  /** The answers to it. */
  Tuple back() {
    return ct.tuple(1 - direction());
  }

  /** Says that the line with this part of the message announces what is expected. */
  void announce(Expectation e, int from) {
    int start = payload() + offset;
    Text.announce(e, packet.buffer, start, start + from, start + length);
  }

  /** Replaces a part of the message; false where the packet cannot take it. */
  boolean mangle(int from, int size, String with) {
    byte[] text = NatHelper.bytes(with);
    boolean done =
        ct.original.protocol == Protocols.TCP
            ? nat.mangleTcp(packet, ct, info, offset + from, size, text, false)
            : nat.mangleUdp(packet, ct, info, offset + from, size, text);
    if (done) {
      look(offset, length + text.length - size);
    }
    return done;
  }
}
