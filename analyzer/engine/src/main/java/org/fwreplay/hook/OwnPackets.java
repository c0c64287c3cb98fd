package org.fwreplay.hook;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.fwreplay.packet.Icmp;
import org.fwreplay.packet.Ipv4;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;

/**
 * Packets that the host made, or that are on the loopback, while another is under way: they go
 * their ways when that one has ended.
 */
final class OwnPackets {
  private final Answers answers;
  private final IcmpReplies replies;
  private final IcmpRateLimit limit;
  private final Redirects redirects;
  private final Sockets sockets;
  private final PacketPool pool;
  private final ArrayDeque<Packet> pending = new ArrayDeque<>();

  OwnPackets(
      Answers answers,
      IcmpReplies replies,
      IcmpRateLimit limit,
      Redirects redirects,
      Sockets sockets,
      PacketPool pool) {
    this.answers = answers;
    this.replies = replies;
    this.limit = limit;
    this.redirects = redirects;
    this.sockets = sockets;
    this.pool = pool;
  }

  /** The next that waits, or null; {@link #done} takes it back. */
  Packet poll() {
    return pending.poll();
  }

  void done(Packet p) {
    pool.give(p);
  }

  /** A copy of a packet, without its link-layer header, that waits for nothing yet. */
  Packet copy(Packet p) {
    Packet copy = pool.take();
    copy.copyFrom(p);
    copy.mac = -1;
    return copy;
  }

  /** A packet of these bytes, from its IPv4 header on, that is there because of another. */
  Packet fresh(Packet cause, byte[] bytes) {
    Packet p = pool.take();
    p.reset();
    p.buffer = p.ownBuffer();
    p.network = Packet.HEADROOM;
    p.ipv6 = false;
    System.arraycopy(bytes, 0, p.buffer, p.network, bytes.length);
    p.end = p.network + bytes.length;
    p.timeNs = cause.timeNs;
    p.frame = cause.frame;
    p.undecided = cause.undecided;
    return p;
  }

  /** A copy of a packet is received by an interface as one to this host. */
  void receiveCopy(Packet p, int in, Consumer<Packet> change) {
    Packet copy = pool.take();
    copy.copyFrom(p);
    change.accept(copy);
    copy.tracked = null;
    copy.trackInfo = 0;
    copy.in = in;
    copy.out = -1;
    copy.type = Packet.TO_HOST;
    pending.add(copy);
  }

  /** Has a packet go its way when the one under way has ended. */
  void add(Packet p) {
    pending.add(p);
  }

  /** The packet is received again, by the interface that it would have left by. */
  void receive(Packet copy, int type) {
    copy.in = copy.out;
    copy.out = -1;
    copy.type = type;
    pending.add(copy);
  }

  /** Sends an ICMP or ICMPv6 error about a packet, where one may be sent. */
  void answer(Packet cause, int type, int code, int info) {
    Packet p = pool.take();
    queue(p, answers.error(cause, type, code, info, p), Packet.KERNEL_SOCKET);
  }

  /**
   * Tells the sender of a packet that there is no way on ({@code ip_error}, {@code ip6_pkt_drop}).
   */
  void unroutable(Packet p, int type, int code) {
    if (limit.allowsUnroutable(p)) {
      answer(p, type, code, 0);
    }
  }

  /**
   * Tells the sender of an IPv4 packet of a better way, where that is due.
   *
   * @return whether it was
   */
  boolean redirect(Packet p) {
    boolean due = redirects.isDue(p.sourceLo());
    if (due) {
      answer(p, Icmp.REDIRECT, 1, (int) p.nextHopLo);
      redirects.told(p.sourceLo());
    }
    return due;
  }

  /** Host unreachable: its neighbour does not answer. */
  void unreachable(Packet p) {
    if (p.ipv6) {
      answer(p, Icmp.V6_DEST_UNREACHABLE, 3, 0);
    } else {
      answer(p, Icmp.DEST_UNREACHABLE, 1, 0);
    }
  }

  /** Answers a segment with a reset in its receiver's name; false where none may be sent. */
  boolean reset(Packet segment) {
    Packet reset = pool.take();
    boolean made = answers.reset(segment, reset);
    queue(reset, made, Packet.NO_SOCKET);
    return made;
  }

  /** Asks for the link-layer address of an IPv6 neighbour that a packet waits for. */
  void solicit(Packet waiting) {
    Packet p = pool.take();
    queue(p, answers.solicitation(waiting, p), Packet.KERNEL_SOCKET);
  }

  private void queue(Packet p, boolean made, int sender) {
    if (made) {
      p.sender = sender;
      p.in = -1;
      pending.add(p);
    } else {
      pool.give(p);
    }
  }

  /** What the host itself answers where no program does. */
  void answerAsHost(Packet p) {
    if (p.hasSocket) {
      return;
    }
    int field = p.ipv6 ? HopByHop.deliveredNextHeaderOffset(p) : Ipv4.PROTOCOL;
    int protocol = p.u8(p.network + field);
    if (protocol == Protocols.TCP) {
      if (p.transport + Tcp.MIN_LENGTH <= p.end && !sockets.listens(p)) {
        Packet reset = pool.take();
        queue(reset, answers.closedPort(p, reset), Packet.KERNEL_SOCKET);
      }
    } else if (protocol == Protocols.UDP) {
      if (Answers.isSoundUdp(p) && !sockets.listens(p)) {
        // The datagram has left its connection by now (nf_reset_ct in the receive routine).
        p.tracked = null;
        p.trackInfo = 0;
        answer(p, p.ipv6 ? Icmp.V6_DEST_UNREACHABLE : Icmp.DEST_UNREACHABLE, p.ipv6 ? 4 : 3, 0);
      }
    } else if (protocol == (p.ipv6 ? Protocols.ICMPV6 : Protocols.ICMP)) {
      if (!sockets.areUnknown()) {
        Packet reply = pool.take();
        queue(reply, replies.reply(p, reply), Packet.KERNEL_SOCKET);
      }
    } else if (sockets.isUnknown(protocol, p.ipv6)) {
      if (p.ipv6) {
        answer(p, Icmp.V6_PARAMETER_PROBLEM, 1, field);
      } else {
        answer(p, Icmp.DEST_UNREACHABLE, 2, 0);
      }
    }
  }
}
