package org.fwreplay.diff;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/** What becomes of the frame under way; reused. Words are made only of what differs. */
final class FrameState {
  private static final int MOST_HEADERS = 120;

  /** Null where the frame would never have been sent, or is no IP packet. */
  Fate fate;

  String out;
  String answer;
  final List<String> logs = new ArrayList<>();
  int slot;
  int rule;
  int[] hits = new int[32];
  int hitCount;

  private boolean six;
  private long sourceHi;
  private long sourceLo;
  private long destinationHi;
  private long destinationLo;
  private int sourcePort;
  private int destinationPort;
  private long gatewayHi;
  private long gatewayLo;
  private boolean gatewaySix;
  private int mark;
  private int connectionMark;
  private int tos;
  private int ttl;
  private int length;
  private long headers;
  private long answerBytes;

  void clear() {
    fate = null;
    out = "";
    answer = "";
    answerBytes = 0;
    headers = 0;
    logs.clear();
    slot = -1;
    rule = -1;
    hitCount = 0;
  }

  /** The frame's way ended. */
  void end(Packet p, Fate how, String outName) {
    fate = how;
    six = p.ipv6;
    out = how == Fate.FORWARDED || how == Fate.SENT ? outName : "";
    if (p.end - p.network < (p.ipv6 ? 40 : 20)) {
      return;
    }
    sourceHi = p.sourceHi();
    sourceLo = p.sourceLo();
    destinationHi = p.destinationHi();
    destinationLo = p.destinationLo();
    boolean ports = hasPorts(p);
    sourcePort = ports ? p.u16(p.transport) : -1;
    destinationPort = ports ? p.u16(p.transport + 2) : -1;
    boolean leaves = !out.isEmpty();
    gatewayHi = leaves ? p.nextHopHi : 0;
    gatewayLo = leaves ? p.nextHopLo : 0;
    gatewaySix = leaves && p.nextHopSix;
    mark = p.mark;
    Connection ct = Connection.of(p);
    connectionMark = ct == null ? 0 : ct.mark;
    tos = p.tos();
    ttl = p.ttl();
    length = p.length();
    headers = leaves ? bytes(p, p.network) : 0;
  }

  /** What rules can rewrite but for payload: both headers with their options. */
  private static long bytes(Packet p, int from) {
    long hash = 0;
    int end = Math.min(p.end, p.network + MOST_HEADERS);
    for (int at = from; at < end; at++) {
      hash = hash * 31 + p.buffer[at];
    }
    return hash;
  }

  private static boolean hasPorts(Packet p) {
    boolean known =
        switch (p.protocol) {
          case Protocols.TCP, Protocols.UDP, Protocols.UDPLITE, Protocols.SCTP -> true;
          default -> false;
        };
    return known && p.fragmentOffset == 0 && p.transport + 4 <= p.end;
  }

  /** The host sent something because of the frame. */
  void answered(Packet p, String outName) {
    if (answer.isEmpty()) {
      answer = answerName(p);
    }
    answerBytes = mix(mix(answerBytes, outName.hashCode()), answerHash(p));
  }

  private static String answerName(Packet p) {
    boolean icmp = p.protocol == Protocols.ICMP || p.protocol == Protocols.ICMPV6;
    if (icmp && p.transport + 2 <= p.end) {
      String name = p.ipv6 ? "icmpv6 " : "icmp ";
      return name + p.u8(p.transport + Icmp.TYPE) + "/" + p.u8(p.transport + Icmp.CODE);
    }
    return p.protocol == Protocols.TCP ? "tcp reset" : "protocol " + p.protocol;
  }

  /** Without IP's identification and flow label, which are chance, and the checksum over them. */
  private static long answerHash(Packet p) {
    long source = mix(p.sourceHi(), p.sourceLo());
    long ends = mix(mix(source, p.destinationHi()), p.destinationLo());
    return mix(mix(ends, p.tos() << 8 | p.ttl()), bytes(p, p.transport));
  }

  void hit(int place) {
    if (hitCount == hits.length) {
      hits = java.util.Arrays.copyOf(hits, hitCount * 2);
    }
    hits[hitCount++] = place;
  }

  /**
   * To turn away without an answer that gets out is to drop: nobody can tell them apart. Only what
   * a rule takes may go on elsewhere.
   */
  Fate shownFate() {
    boolean quiet = !fate.passed() && answer.isEmpty();
    return quiet && fate != Fate.STOLEN ? Fate.DROPPED : fate;
  }

  /** A number that is the same for outcomes of the same sort: passed where, as what, or how not. */
  long fateHash() {
    long hash = mix(fate == null ? -1 : shownFate().ordinal() + 1L, answer.hashCode());
    return fate == null || !fate.passed() ? hash : mix(mix(hash, wayHash()), endsHash());
  }

  /** The same, with marks, log lines and what else is changed of the packet. */
  long wholeHash() {
    long hash = mix(leftHash(), logs.hashCode());
    if (fate == null || !fate.passed()) {
      return hash;
    }
    long marks = (long) mark << 32 | connectionMark & 0xffffffffL;
    return mix(mix(hash, marks), (long) tos << 32 | ttl << 16 | length);
  }

  /** The same for what can be seen from outside: where it went, as what, and what came back. */
  long leftHash() {
    return mix(mix(fateHash(), headers), answerBytes);
  }

  /** By what the packet left, and where to. */
  long wayHash() {
    return mix(mix(mix(fate.ordinal(), out.hashCode()), gatewayHi), isDirect() ? 0 : gatewayLo);
  }

  /** Whether the next hop is the destination itself, which NAT may have changed. */
  private boolean isDirect() {
    return gatewayHi == destinationHi && gatewayLo == destinationLo;
  }

  /** The addresses and ports. */
  long endsHash() {
    long hash = mix(mix(sourceHi, sourceLo), mix(destinationHi, destinationLo));
    return mix(hash, (long) sourcePort << 32 | destinationPort & 0xffffffffL);
  }

  static long mix(long hash, long value) {
    long h = (hash ^ value) * 0x9e3779b97f4a7c15L;
    return h ^ h >>> 31;
  }

  /** The same in words. */
  FrameOutcome outcome() {
    boolean leaves = !out.isEmpty() && !isDirect();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < hitCount; i++) {
      places.add(hits[i]);
    }
    String ends =
        end(sourceHi, sourceLo, sourcePort)
            + " -> "
            + end(destinationHi, destinationLo, destinationPort);
    return new FrameOutcome(
        fate,
        out,
        leaves ? AddressText.of(gatewaySix, gatewayHi, gatewayLo) : "",
        fate == null ? "" : ends,
        mark,
        connectionMark,
        tos,
        ttl,
        length,
        answer,
        List.copyOf(logs),
        rule,
        places);
  }

  private String end(long hi, long lo, int port) {
    String address = AddressText.of(six, hi, lo);
    return port < 0 ? address : (six ? "[" + address + "]" : address) + ":" + port;
  }
}
