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

/**
 * SANE's scanner daemon: the answer to SANE_NET_START names the port of the image data. There is no
 * NAT half. nf_conntrack_sane.
 */
final class SaneHelper implements ConntrackHelper {
  private static final ExpectationPolicy POLICY = ExpectationPolicy.of(1, 300);
  private static final int REQUEST_LENGTH = 8;
  private static final int REPLY_LENGTH = 8;
  private static final int NET_START = 7;

  private final Conntrack conntrack;

  SaneHelper(HelperContext context) {
    conntrack = context.conntrack();
  }

  @Override
  public String name() {
    return "sane";
  }

  @Override
  public ExpectationPolicy policy(int expectationClass) {
    return POLICY;
  }

  @Override
  public int help(Packet p, Connection ct, int info) {
    if (!CtInfo.isEstablished(info)) {
      return Conntrack.ACCEPT;
    }
    int payload = NatHelper.tcpPayload(p);
    int length = p.end - payload;
    if (length <= 0) {
      return Conntrack.ACCEPT;
    }
    if (info == CtInfo.ESTABLISHED) {
      if (length == REQUEST_LENGTH) {
        ct.help.data = p.u32(payload) == NET_START;
      }
      return Conntrack.ACCEPT;
    }
    if (!Boolean.TRUE.equals(ct.help.data)) {
      return Conntrack.ACCEPT;
    }
    ct.help.data = false;
    boolean refused = length < REPLY_LENGTH || p.u32(payload) != 0 || p.u16(payload + 4) != 0;
    if (refused || expect(p, ct, payload)) {
      return Conntrack.ACCEPT;
    }
    return Conntrack.DROP;
  }

  private boolean expect(Packet p, Connection ct, int payload) {
    Tuple t = ct.original;
    Expectation e =
        new Expectation(ct, 0, Protocols.TCP)
            .from(t.sourceHi, t.sourceLo)
            .to(t.destinationHi, t.destinationLo, p.u16(payload + 6))
            .announced(p.buffer, payload, payload + REPLY_LENGTH);
    return conntrack.expectations().expect(e) == Expectations.EXPECTED;
  }
}
