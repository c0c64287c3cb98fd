package org.fwreplay.helper;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackHelper;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.ExpectationPolicy;
import org.fwreplay.conntrack.Expectations;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;

/**
 * TFTP (RFC 1350): the server answers a request from a port of its choice. nf_conntrack_tftp,
 * nf_nat_tftp.
 */
final class TftpHelper implements ConntrackHelper {
  private static final ExpectationPolicy POLICY = ExpectationPolicy.of(1, 300);
  private static final int READ = 1;
  private static final int WRITE = 2;

  private final Conntrack conntrack;
  private final NatHelper nat;

  TftpHelper(HelperContext context) {
    conntrack = context.conntrack();
    nat = new NatHelper(context);
  }

  @Override
  public String name() {
    return "tftp";
  }

  @Override
  public ExpectationPolicy policy(int expectationClass) {
    return POLICY;
  }

  @Override
  public int help(Packet p, Connection ct, int info) {
    int payload = p.transport + Udp.LENGTH;
    if (!p.has(payload, 2)) {
      return Conntrack.ACCEPT;
    }
    int operation = p.u16(payload);
    if (operation != READ && operation != WRITE) {
      return Conntrack.ACCEPT;
    }
    Tuple reply = ct.reply;
    Expectation e =
        new Expectation(ct, 0, Protocols.UDP)
            .from(reply.sourceHi, reply.sourceLo)
            .to(reply.destinationHi, reply.destinationLo, reply.destinationPort)
            .announced(p.buffer, payload, p.end);
    if (NatHelper.isTranslated(ct)) {
      e.savedPort = ct.original.sourcePort;
      e.direction = Connection.REPLY;
      e.function = nat::followMaster;
    }
    boolean expected = conntrack.expectations().expect(e) == Expectations.EXPECTED;
    return expected ? Conntrack.ACCEPT : Conntrack.DROP;
  }
}
