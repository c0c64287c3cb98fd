package org.fwreplay.helper;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackHelper;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.ExpectationPolicy;
import org.fwreplay.host.Host;
import org.fwreplay.host.InterfaceAddress;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/**
 * Questions that this host broadcasts: all hosts of the subnet may answer, from the service's port.
 * nf_conntrack_broadcast, nf_conntrack_netbios_ns.
 */
class BroadcastHelper implements ConntrackHelper {
  private static final int NETBIOS_NAME_SERVICE = 137;
  private static final int NETBIOS_SECONDS = 3;

  final Conntrack conntrack;
  private final Host host;
  private final String name;
  private final int port;
  private final ExpectationPolicy policy;

  /** A helper for a service at a port; answers are waited for so many seconds. */
  BroadcastHelper(HelperContext context, String name, int port, int seconds) {
    conntrack = context.conntrack();
    host = context.host();
    this.name = name;
    this.port = port;
    policy = ExpectationPolicy.of(1, seconds);
  }

  /** NetBIOS names. */
  static ConntrackHelper netbios(HelperContext context) {
    int seconds =
        context.host().sysctls().getInt("nf_conntrack_netbios_ns.timeout", NETBIOS_SECONDS);
    return new BroadcastHelper(context, "netbios-ns", NETBIOS_NAME_SERVICE, seconds);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ExpectationPolicy policy(int expectationClass) {
    return policy;
  }

  @Override
  public int help(Packet p, Connection ct, int info) {
    if (p.local && p.routedToAll && CtInfo.direction(info) == Connection.ORIGINAL) {
      long mask = mask(p);
      if (mask != 0) {
        expect(ct, mask);
      }
    }
    return Conntrack.ACCEPT;
  }

  /** The mask of the subnet whose broadcast address the packet goes to; 0 for none. */
  private long mask(Packet p) {
    for (InterfaceAddress a : host.networkInterface(p.out).addresses()) {
      if (!a.six() && !a.secondary() && a.broadcast() == p.destinationLo()) {
        return a.prefixLength() == 0 ? 0 : -1L << 32 - a.prefixLength() & 0xffffffffL;
      }
    }
    return 0;
  }

  private void expect(Connection ct, long mask) {
    Expectation e = new Expectation(ct, 0, Protocols.UDP).fromPort(port);
    e.tuple.sourceLo = ct.reply.sourceLo;
    e.maskLo = mask;
    e.to(0, ct.reply.destinationLo, ct.reply.destinationPort);
    e.flags = Expectation.PERMANENT;
    conntrack.expectations().expect(e);
    conntrack.refresh(ct, policy.timeoutNs());
  }
}
