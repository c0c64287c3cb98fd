package org.fwreplay.helper;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackHelper;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.ExpectationPolicy;
import org.fwreplay.conntrack.Expectations;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;

/**
 * Amanda: the backup client's answer names the TCP ports for data, messages, index and state in its
 * line {@code CONNECT DATA 1 MESG 2 INDEX 3}. nf_conntrack_amanda, nf_nat_amanda.
 */
final class AmandaHelper implements ConntrackHelper {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final ExpectationPolicy POLICY = ExpectationPolicy.of(4, 180);
  private static final int MAX_DIGITS = 5;
  private static final byte[] CONNECT = NatHelper.bytes("CONNECT ");
  private static final byte[][] CHANNELS = {
    NatHelper.bytes("DATA "),
    NatHelper.bytes("MESG "),
    NatHelper.bytes("INDEX "),
    NatHelper.bytes("STATE "),
  };

  private final Conntrack conntrack;
  private final NatHelper nat;
  private final long masterTimeoutNs;

  AmandaHelper(HelperContext context) {
    conntrack = context.conntrack();
    nat = new NatHelper(context);
    int seconds = context.host().sysctls().getInt("nf_conntrack_amanda.master_timeout", 300);
    masterTimeoutNs = seconds * SECOND_NS;
  }

  @Override
  public String name() {
    return "amanda";
  }

  @Override
  public ExpectationPolicy policy(int expectationClass) {
    return POLICY;
  }

  @Override
  public int help(Packet p, Connection ct, int info) {
    if (CtInfo.direction(info) == Connection.ORIGINAL) {
      return Conntrack.ACCEPT;
    }
    conntrack.refresh(ct, masterTimeoutNs);
    int payload = p.transport + Udp.LENGTH;
    int connect = Text.indexOf(p.buffer, payload, p.end, CONNECT);
    if (connect < 0) {
      return Conntrack.ACCEPT;
    }
    int newline = Text.indexOf(p.buffer, connect + CONNECT.length, p.end, '\n');
    if (newline < 0) {
      return Conntrack.ACCEPT;
    }
    // Offsets behind the IP header's start stay as they are when the packet moves or grows.
    return channels(p, ct, connect + CONNECT.length - p.network, newline - p.network);
  }

  private int channels(Packet p, Connection ct, int start, int stop) {
    int verdict = Conntrack.ACCEPT;
    for (byte[] channel : CHANNELS) {
      int at = Text.indexOf(p.buffer, p.network + start, p.network + stop, channel);
      if (at < 0) {
        continue;
      }
      at += channel.length;
      int limit = Math.min(p.network + stop, at + MAX_DIGITS);
      int behind = Text.skipDigits(p.buffer, at, limit);
      int port = (int) Text.number(p.buffer, at, behind) & 0xffff;
      if (port == 0) {
        break;
      }
      boolean good = expect(p, ct, at, behind - at, port);
      if (!good || NatHelper.isTranslated(ct)) {
        // With NAT the last channel alone decides.
        verdict = good ? Conntrack.ACCEPT : Conntrack.DROP;
      }
    }
    return verdict;
  }

  private boolean expect(Packet p, Connection ct, int at, int length, int port) {
    Tuple t = ct.original;
    Expectation e =
        new Expectation(ct, 0, Protocols.TCP)
            .from(t.sourceHi, t.sourceLo)
            .to(t.destinationHi, t.destinationLo, port);
    Text.announce(e, p.buffer, p.transport + Udp.LENGTH, at, p.end);
    if (!NatHelper.isTranslated(ct)) {
      return conntrack.expectations().expect(e) == Expectations.EXPECTED;
    }
    e.savedPort = port;
    e.direction = Connection.ORIGINAL;
    e.function = nat::followMaster;
    int free = nat.expectAtFreePort(e, port);
    if (free == 0) {
      return false;
    }
    byte[] text = NatHelper.bytes(Integer.toString(free));
    if (!nat.mangleUdp(
        p, ct, CtInfo.ESTABLISHED_REPLY, at - p.transport - Udp.LENGTH, length, text)) {
      conntrack.expectations().remove(e);
      return false;
    }
    return true;
  }
}
