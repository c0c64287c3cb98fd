package org.fwreplay.helper;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.Expectations;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.nat.Nat;
import org.fwreplay.nat.NatRange;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;

/**
 * Rewrites addresses in H.323 messages, and translates what was expected: nf_nat_h323. An address
 * and its port are 6 bytes before and after. Methods that rewrite answer false where the packet is
 * to be dropped.
 */
final class H323Nat {
  private static final int MAX_PORT = 0xffff;

  private final Conntrack conntrack;
  private final Nat nat;
  private final NatHelper helper;
  private final H323Packet at;

  H323Nat(HelperContext context, H323Packet packet) {
    conntrack = context.conntrack();
    nat = context.nat();
    helper = new NatHelper(context);
    at = packet;
  }

  /** Overwrites the address found last. */
  boolean set(long address, int port) {
    byte[] with = {
      (byte) (address >> 24),
      (byte) (address >> 16),
      (byte) (address >> 8),
      (byte) address,
      (byte) (port >> 8),
      (byte) port
    };
    if (at.packet.protocol == Protocols.TCP) {
      int offset = at.message + at.where - NatHelper.tcpPayload(at.packet);
      return helper.mangleTcp(at.packet, at.ct, at.info, offset, with.length, with);
    }
    int offset = at.message + at.where - at.packet.transport - Udp.LENGTH;
    return helper.mangleUdp(at.packet, at.ct, at.info, offset, with.length, with);
  }

  private boolean setBack(int port) {
    return set(at.back().destinationLo, port);
  }

  // -- RAS ---------------------------------------------------------------------------------------

  /** Rewrites that of the addresses which is the sender's RAS address: {@code set_ras_addr}. */
  boolean rasAddress(int place, int count) {
    for (int i = 0; i < count; i++) {
      if (at.h225(place + i * H323Packet.ADDRESS_SLOTS)
          && at.lo == at.here().sourceLo
          && at.port == at.here().sourcePort) {
        return setBack(at.back().destinationPort);
      }
    }
    return true;
  }

  /** Rewrites that of the addresses where calls are to be signalled: {@code set_sig_addr}. */
  boolean signalAddress(int place, int count) {
    int[] ports = at.master().signalPort;
    int own = ports[at.direction()];
    int others = ports[1 - at.direction()];
    for (int i = 0; i < count; i++) {
      if (!at.h225(place + i * H323Packet.ADDRESS_SLOTS) || at.port != own) {
        continue;
      }
      if (at.lo == at.here().sourceLo) {
        if (i > 0) {
          firstIfLoopback(place, i);
        }
        return setBack(others);
      }
      if (at.lo == at.here().destinationLo) {
        return set(at.back().sourceLo, others);
      }
    }
    return true;
  }

  /** Finds the first address, if that is 127.0.0.0/8 (as GnomeMeeting sends), else the i-th. */
  private boolean firstIfLoopback(int place, int i) {
    if (at.h225(place) && at.lo >> 24 == 127) {
      return true;
    }
    at.h225(place + i * H323Packet.ADDRESS_SLOTS);
    return false;
  }

  /**
   * Expects calls where this side is seen, and rewrites the address found last: {@code nat_q931}.
   *
   * @param place of the list of addresses
   * @param index of the one found
   */
  boolean calls(int place, int index, Expectation e) {
    int port = at.port;
    prepare(e);
    e.function = this::callExpected;
    int free = expectAsBefore(e, port);
    if (free == 0) {
      return true;
    }
    if (!setBack(free)) {
      conntrack.expectations().remove(e);
      return false;
    }
    remember(port, free);
    if (index > 0 && firstIfLoopback(place, index) && !setBack(free)) {
      conntrack.expectations().remove(e);
      return false;
    }
    return true;
  }

  private void callExpected(Connection ct, Expectation e) {
    if (e.tuple.sourceLo != 0) {
      helper.followMaster(ct, e);
    } else {
      Tuple master = ct.master.tuple(1 - e.direction);
      redirect(ct, e, master.sourceHi, master.sourceLo);
    }
  }

  /** Translates the source to what it is answered at, and the destination. */
  private void redirect(Connection ct, Expectation e, long hi, long lo) {
    Tuple answer = ct.tuple(1 - e.direction);
    nat.setup(ct, NatRange.of(answer.sourceHi, answer.sourceLo), Nat.SOURCE);
    nat.setup(ct, NatRange.of(hi, lo, e.savedPort), Nat.DESTINATION);
  }

  // -- calls and channels ------------------------------------------------------------------------

  private void prepare(Expectation e) {
    e.savedPort = e.tuple.destinationPort;
    e.direction = 1 - at.direction();
    e.function = helper::followMaster;
  }

  /** Expects at the port that was free for the same port before, or at one that is free now. */
  private int expectAsBefore(Expectation e, int port) {
    int[] ports = at.master().signalPort;
    int own = at.direction();
    return helper.expectAtFreePort(e, ports[own] == port ? ports[1 - own] : port);
  }

  private void remember(int port, int free) {
    int[] ports = at.master().signalPort;
    ports[at.direction()] = port;
    ports[1 - at.direction()] = free;
  }

  /** Expects the H.245 connection: {@code nat_h245}. */
  boolean control(Expectation e) {
    int port = at.port;
    prepare(e);
    int free = expectAsBefore(e, port);
    if (free == 0) {
      return true;
    }
    if (!announce(e, free)) {
      return false;
    }
    remember(port, free);
    return true;
  }

  private boolean announce(Expectation e, int free) {
    if (setBack(free)) {
      return true;
    }
    conntrack.expectations().remove(e);
    return false;
  }

  /** Expects data connections: {@code nat_t120}. */
  boolean data(Expectation e) {
    prepare(e);
    int free = helper.expectAtFreePort(e, at.port);
    return free == 0 || announce(e, free);
  }

  /** Expects the call that was forwarded: {@code nat_callforwarding}. */
  boolean forwarded(Expectation e) {
    prepare(e);
    e.savedHi = e.tuple.destinationHi;
    e.savedLo = e.tuple.destinationLo;
    e.to(at.back().destinationHi, at.back().destinationLo, e.savedPort);
    e.function = (ct, expected) -> redirect(ct, expected, expected.savedHi, expected.savedLo);
    int free = helper.expectAtFreePort(e, at.port);
    return free == 0 || announce(e, free);
  }

  /**
   * Expects a media stream and its control stream at a free pair of ports: {@code nat_rtp_rtcp}.
   */
  boolean media(Expectation rtp, Expectation rtcp) {
    int port = at.port;
    int even = rtp.tuple.destinationPort;
    prepare(rtp);
    prepare(rtcp);
    int[][] ports = at.master().mediaPort;
    int channel = 0;
    while (channel < ports.length
        && ports[channel][at.direction()] != even
        && ports[channel][at.direction()] != 0) {
      channel++;
    }
    if (channel == ports.length) {
      return true;
    }
    int free = expectPair(rtp, rtcp, even);
    if (free == 0) {
      return true;
    }
    if (!setBack(free | port & 1)) {
      conntrack.expectations().remove(rtp);
      conntrack.expectations().remove(rtcp);
      return false;
    }
    ports[channel][at.direction()] = even;
    ports[channel][1 - at.direction()] = free;
    return true;
  }

  private int expectPair(Expectation rtp, Expectation rtcp, int from) {
    for (int port = from; port != 0; port = port + 2 & MAX_PORT) {
      rtp.tuple.destinationPort = port;
      rtcp.tuple.destinationPort = port + 1;
      int result = conntrack.expectations().expectPair(rtp, rtcp, 0);
      if (result == Expectations.EXPECTED) {
        return port;
      }
      if (result != Expectations.BUSY) {
        return 0;
      }
    }
    return 0;
  }
}
