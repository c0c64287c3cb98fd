package org.fwreplay.replay;

import org.fwreplay.capture.CaptureRecord;
import org.fwreplay.capture.LinkHeader;
import org.fwreplay.capture.LinkLayer;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;

/**
 * What a frame says of its place among others: who sends to whom, and which bytes or which packet
 * it answers. Read straight from the captured bytes; reused from frame to frame.
 */
final class FrameSummary {
  /** What an acknowledgment may be ahead of the bytes that it answers. */
  private static final int WINDOW = 1 << 20;

  /** What a frame can be an answer to. */
  enum Kind {
    /** Nothing that is known here. */
    OTHER,
    TCP,
    UDP,
    ECHO_REQUEST,
    ECHO_REPLY,
    /** An ICMP error. */
    ERROR
  }

  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int FIN = 1;
  private static final int SYN = 2;
  private static final int ACK = 16;

  Kind kind = Kind.OTHER;

  /** The capture it is in. */
  int capture;

  long timeNs;

  /** The address, of IPv6 a hash. */
  long source;

  long destination;
  int sourcePort;
  int destinationPort;
  int protocol;

  /** Identification of IPv4, else -1. */
  int id;

  /** TCP's number of the first byte; the identifier and number of an echo. */
  int sequence;

  /** How far it acknowledges bytes, also behind a gap (RFC 2018). */
  int acknowledgment;

  boolean acknowledges;

  /** TCP's two numbers as they are behind the firewall, where a helper has shifted them. */
  int sequenceBeyond;

  int acknowledgmentBeyond;

  /** Whether it is TCP's SYN, with or without an acknowledgment. */
  boolean opens;

  /** How far it takes TCP's numbers. */
  int length;

  /** Of UDP, where it is SIP. */
  private final SipPlace sip = new SipPlace();

  /** Of an ICMP error: identification, protocol and addresses of the packet in it. */
  int innerId;

  int innerProtocol;
  long innerSource;
  long innerDestination;

  /** Reads a frame. */
  void read(CaptureRecord record, LinkHeader link) {
    kind = Kind.OTHER;
    capture = record.source;
    timeNs = record.timeNs;
    if (!LinkLayer.decode(record.linkType, record.buffer, record.offset, record.length, link)) {
      return;
    }
    int at = link.networkOffset;
    int end = at + link.networkLength;
    byte[] b = record.buffer;
    if (link.etherType == LinkLayer.ETHERTYPE_IPV4 && end - at >= IPV4_HEADER) {
      ipv4(b, at, end);
    } else if (link.etherType == LinkLayer.ETHERTYPE_IPV6 && end - at >= IPV6_HEADER) {
      source = hash(b, at + 8);
      destination = hash(b, at + 24);
      id = -1;
      protocol = b[at + 6] & 0xff;
      transport(b, at + IPV6_HEADER, end, at + IPV6_HEADER + Bytes.u16(b, at + 4));
    }
  }

  private void ipv4(byte[] b, int at, int end) {
    source = Bytes.i32(b, at + 12);
    destination = Bytes.i32(b, at + 16);
    id = Bytes.u16(b, at + 4);
    protocol = b[at + 9] & 0xff;
    boolean laterFragment = (Bytes.u16(b, at + 6) & 0x1fff) != 0;
    if (!laterFragment) {
      transport(b, at + (b[at] & 15) * 4, end, at + Bytes.u16(b, at + 2));
    }
  }

  private void transport(byte[] b, int at, int end, int packetEnd) {
    if (protocol == Protocols.TCP && at + 20 <= end) {
      int flags = b[at + 13];
      ports(b, at, Kind.TCP);
      sequence = Bytes.i32(b, at + 4);
      acknowledgment = Bytes.i32(b, at + 8);
      selective(b, at + 20, Math.min(end, at + ((b[at + 12] & 0xf0) >> 2)));
      shift(0, 0);
      acknowledges = (flags & ACK) != 0;
      opens = (flags & SYN) != 0;
      int data = packetEnd - at - ((b[at + 12] & 0xf0) >> 2);
      length = data + (flags & FIN) + ((flags & SYN) >> 1);
    } else if (protocol == Protocols.UDP && at + 8 <= end) {
      ports(b, at, Kind.UDP);
      sip.set(b, at + 8, end);
    } else if (protocol == Protocols.ICMP && at + 8 <= end) {
      icmp(b, at, end);
    }
  }

  private void ports(byte[] b, int at, Kind what) {
    kind = what;
    sourcePort = Bytes.u16(b, at);
    destinationPort = Bytes.u16(b, at + 2);
  }

  private void selective(byte[] b, int from, int end) {
    int at = from;
    while (at + 1 < end && b[at] != Tcp.OPTION_END) {
      int size = b[at] == Tcp.OPTION_NOP ? 1 : b[at + 1];
      if (size < 1 || at + size > end) {
        return;
      }
      if (b[at] == Tcp.OPTION_SACK) {
        for (int edge = at + 6; edge + 4 <= at + size; edge += 8) {
          int right = Bytes.i32(b, edge);
          acknowledgment = right - acknowledgment > 0 ? right : acknowledgment;
        }
      }
      at += size;
    }
  }

  /** Says by how much a helper shifts the numbers: the first forward, the acknowledgment back. */
  void shift(int sequenceBy, int acknowledgmentBy) {
    sequenceBeyond = sequence + sequenceBy;
    acknowledgmentBeyond = acknowledgment - acknowledgmentBy;
  }

  private void icmp(byte[] b, int at, int end) {
    switch (b[at]) {
      case 0 -> kind = Kind.ECHO_REPLY;
      case 8 -> kind = Kind.ECHO_REQUEST;
      case 3, 4, 5, 11, 12 -> inner(b, at + 8, end);
      default -> {}
    }
    sequence = Bytes.i32(b, at + 4);
  }

  private void inner(byte[] b, int at, int end) {
    if (at + IPV4_HEADER <= end) {
      kind = Kind.ERROR;
      innerId = Bytes.u16(b, at + 4);
      innerProtocol = b[at + 9] & 0xff;
      innerSource = Bytes.i32(b, at + 12);
      innerDestination = Bytes.i32(b, at + 16);
    }
  }

  /**
   * Whether this was sent because the other had come. Translation may have changed one end of the
   * connection between the two, and helpers the numbers.
   */
  boolean answers(FrameSummary other) {
    return switch (kind) {
      case TCP ->
          other.kind == Kind.TCP
              && acknowledges
              && other.length > 0
              && isOppositeOf(other)
              && covers(other);
      case UDP -> other.kind == Kind.UDP && isOppositeOf(other) && sip.answers(other.sip);
      case ECHO_REPLY ->
          other.kind == Kind.ECHO_REQUEST
              && sequence == other.sequence
              && (source == other.destination || destination == other.source);
      case ERROR ->
          innerId == other.id
              && innerProtocol == other.protocol
              && (innerSource == other.source || innerDestination == other.destination);
      default -> false;
    };
  }

  /** More than half of the other's bytes: what it grows or shrinks by when rewritten is less. */
  private boolean covers(FrameSummary other) {
    int bytes = acknowledgmentBeyond - other.sequence;
    return bytes > other.length / 2 && bytes <= WINDOW;
  }

  /** Whether this is the first SYN of a TCP connection. */
  boolean asks() {
    return opens && !acknowledges;
  }

  /** Whether this acknowledges the other's last byte and no more. */
  boolean acknowledgesJust(FrameSummary other) {
    return acknowledgmentBeyond == other.sequence + other.length;
  }

  /**
   * Whether this goes on where the other, a mere acknowledgment, stands: as the first data of one
   * who has waited for the handshake's end.
   */
  boolean goesOnAfter(FrameSummary other) {
    return kind == Kind.TCP
        && other.kind == Kind.TCP
        && other.acknowledges
        && length > 0
        && other.length == 0
        && sequenceBeyond == other.acknowledgment
        && acknowledgmentBeyond == other.sequence
        && isOppositeOf(other);
  }

  /**
   * Whether the other, a mere acknowledgment, is of bytes before these: it may have asked for more.
   */
  boolean goesOnSince(FrameSummary other) {
    return kind == Kind.TCP
        && other.kind == Kind.TCP
        && other.acknowledges
        && length > 0
        && other.length == 0
        && other.acknowledgmentBeyond - sequence <= 0
        && isOppositeOf(other);
  }

  /** Whether both are UDP, and go the two ways of one flow. */
  boolean isUdpOpposite(FrameSummary other) {
    return kind == Kind.UDP && other.kind == Kind.UDP && isOppositeOf(other);
  }

  /** Whether both go the two ways of one connection, of which one end may be translated. */
  private boolean isOppositeOf(FrameSummary other) {
    boolean there = destinationPort == other.sourcePort;
    boolean back = sourcePort == other.destinationPort;
    return there && back
        || there && destination == other.source
        || back && source == other.destination;
  }

  /** A number for the sender and the receiver as they are on this capture's line. */
  long flow() {
    long ports = (long) sourcePort << 16 | destinationPort;
    return mix(mix(mix(source) + destination) + (ports << 16 | protocol << 8 | capture));
  }

  private static long hash(byte[] b, int at) {
    return mix(Bytes.i64(b, at)) + Bytes.i64(b, at + 8);
  }

  private static long mix(long value) {
    long mixed = (value ^ value >>> 32) * 0x9e3779b97f4a7c15L;
    return mixed ^ mixed >>> 29;
  }
}
