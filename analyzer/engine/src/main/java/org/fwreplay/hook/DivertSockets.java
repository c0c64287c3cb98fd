package org.fwreplay.hook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.fwreplay.host.Host;
import org.fwreplay.legacy.PacketListener;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Decoder;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Evaluation;

/**
 * Divert sockets: a packet goes to whoever listens, and what comes back is received anew by the
 * interface it had come in by, or sent anew where it had come from the host or was about to leave
 * (Divert-Sockets-mini-HOWTO; raw_sendmsg of Linux 2.2 for what is refused).
 */
final class DivertSockets {
  private static final int MAX_REFUSED = 20;

  private final Host host;
  private final OwnPackets own;
  private final OutputPath output;
  private final PathListener listener;
  private final List<String> problems = new ArrayList<>();
  private IntFunction<PacketListener> byPort = port -> null;
  private int id;

  DivertSockets(Host host, OwnPackets own, OutputPath output, PathListener listener) {
    this.host = host;
    this.own = own;
    this.output = output;
    this.listener = listener;
  }

  void listeners(IntFunction<PacketListener> listeners) {
    byPort = listeners;
  }

  /** What ended listeners, and the first reinjections that were refused; a sentence each. */
  List<String> problems() {
    return problems;
  }

  /** Gives a packet away; see {@link Evaluation.Services#divert}. */
  boolean divert(Packet p, Evaluation e, int port, boolean fragment) {
    if (byPort.apply(port) == null) {
      e.undecided(p);
      return false;
    }
    boolean inbound = e.hook != Hook.OUTPUT && e.hook != Hook.POSTROUTING;
    return divert(p, port, inbound, fragment);
  }

  /** The same; {@code inbound} where what comes back is received and not sent. */
  boolean divert(Packet p, int port, boolean inbound, boolean fragment) {
    PacketListener there = byPort.apply(port);
    if (there == null) {
      p.undecided = true;
      return false;
    }
    if (!there.isThere()) {
      return false;
    }
    byte[] packet = Arrays.copyOfRange(p.buffer, p.network, p.end);
    List<byte[]> answers = there.take(packet, p.timeNs);
    if (!there.isThere()) {
      String what = "divert port " + port + ": " + there.problem();
      listener.noted(p, what);
      problems.add(what);
      return false;
    }
    for (byte[] answer : answers) {
      String problem = inject(p, answer, inbound, fragment);
      if (problem != null) {
        String what = "divert port " + port + ": what came back was refused, " + problem;
        listener.noted(p, what);
        if (problems.size() < MAX_REFUSED) {
          problems.add("frame " + (p.frame + 1) + ": " + what);
        }
      }
    }
    return true;
  }

  /** Why a packet was not taken back, or null. */
  private String inject(Packet cause, byte[] bytes, boolean inbound, boolean fragment) {
    if (bytes.length < Ipv4.MIN_LENGTH
        || bytes[0] >> 4 != 4
        || (bytes[0] & 15) * 4 < Ipv4.MIN_LENGTH
        || (bytes[0] & 15) * 4 > bytes.length) {
      return "no IPv4 packet in " + bytes.length + " bytes (EINVAL)";
    }
    Packet p = own.fresh(cause, bytes);
    complete(p, bytes.length);
    Decoder.transport(p);
    int mtu = inbound ? host.networkInterface(cause.in).mtu() : output.mtu(p);
    if (bytes.length > mtu && !fragment) {
      own.done(p);
      return bytes.length + " bytes are more than the MTU of " + mtu + " (EMSGSIZE)";
    }
    p.diverted = true;
    p.ignoreDf = fragment;
    p.in = inbound ? cause.in : -1;
    p.type = Packet.TO_HOST;
    p.local = !inbound;
    own.add(p);
    return null;
  }

  /** What the kernel fills in: length, identification where it is 0, checksum. */
  private void complete(Packet p, int length) {
    Bytes.put16(p.buffer, p.network + Ipv4.TOTAL_LENGTH, length);
    if (p.u16(p.network + Ipv4.ID) == 0) {
      Bytes.put16(p.buffer, p.network + Ipv4.ID, ++id);
    }
    Checksums.ipv4Header(p.buffer, p.network);
  }
}
