package org.fwreplay.helper;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackHelper;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;

/**
 * RAS, what endpoints and gatekeepers say to each other (H.225.0): where calls come to and go to.
 * Methods that read a message answer false where the packet is to be dropped.
 */
final class RasReader implements H323Helper.Reader {
  private static final PerType MESSAGE = H323Packet.TYPES.get("RasMessage");
  private static final long SECOND_NS = 1_000_000_000L;

  /** What is waited for an answer to an unregistration. */
  private static final long UNREGISTRATION_NS = 30 * SECOND_NS;

  private static final String SIGNAL = "callSignalAddress";
  private static final String RAS = "rasAddress";
  private static final String TTL = "timeToLive";
  private static final String TO = "destCallSignalAddress";
  private static final String FROM = "srcCallSignalAddress";

  private static final String GRQ = "gatekeeperRequest";
  private static final String GCF = "gatekeeperConfirm";
  private static final String RRQ = "registrationRequest";
  private static final String RCF = "registrationConfirm";
  private static final String URQ = "unregistrationRequest";
  private static final String ARQ = "admissionRequest";
  private static final String ACF = "admissionConfirm";
  private static final String LRQ = "locationRequest";
  private static final String LCF = "locationConfirm";
  private static final String IRR = "infoRequestResponse";

  private static final int GRQ_RAS = MESSAGE.offset(GRQ, RAS);
  private static final int GCF_RAS = MESSAGE.offset(GCF, RAS);
  private static final int RRQ_SIGNAL = MESSAGE.offset(RRQ, SIGNAL);
  private static final int RRQ_RAS = MESSAGE.offset(RRQ, RAS);
  private static final int RRQ_TTL = MESSAGE.offset(RRQ, TTL);
  private static final int RCF_SIGNAL = MESSAGE.offset(RCF, SIGNAL);
  private static final int RCF_TTL = MESSAGE.offset(RCF, TTL);
  private static final int URQ_SIGNAL = MESSAGE.offset(URQ, SIGNAL);
  private static final int ARQ_TO = MESSAGE.offset(ARQ, TO);
  private static final int ARQ_FROM = MESSAGE.offset(ARQ, FROM);
  private static final int ACF_TO = MESSAGE.offset(ACF, TO);
  private static final int LRQ_REPLY = MESSAGE.offset(LRQ, "replyAddress");
  private static final int LCF_SIGNAL = MESSAGE.offset(LCF, SIGNAL);
  private static final int IRR_RAS = MESSAGE.offset(IRR, RAS);
  private static final int IRR_SIGNAL = MESSAGE.offset(IRR, SIGNAL);

  private final Conntrack conntrack;
  private final H323Packet at;
  private final H323Nat nat;

  /** How long registrations last that do not say it, in seconds. */
  private final int defaultTimeToLive;

  /** Whether calls are expected from the gatekeeper only. */
  private final boolean routedOnly;

  private final Tuple wanted = new Tuple();

  RasReader(HelperContext context) {
    conntrack = context.conntrack();
    at = new H323Packet(context, MESSAGE.slots());
    nat = new H323Nat(context, at);
    var sysctls = context.host().sysctls();
    defaultTimeToLive = sysctls.getInt("nf_conntrack_h323.default_rrq_ttl", 300);
    routedOnly = sysctls.getInt("nf_conntrack_h323.gkrouted_only", 1) != 0;
  }

  @Override
  public int help(Packet p, Connection ct, int info) {
    int payload = p.transport + Udp.LENGTH;
    if (payload >= p.end) {
      return Conntrack.ACCEPT;
    }
    at.set(p, ct, info);
    at.message = payload;
    int result = at.decoder.read(MESSAGE, p.buffer, payload, payload, p.end - payload);
    return result < 0 || message() ? Conntrack.ACCEPT : Conntrack.DROP;
  }

  private boolean has(String message, String component) {
    int options = at.notes[MESSAGE.offset(message)];
    return (options & MESSAGE.of(message).option(component)) != 0;
  }

  private boolean message() {
    switch (MESSAGE.alternative(at.notes[0])) {
      case GRQ:
        return !at.isTranslated() || nat.rasAddress(GRQ_RAS, 1);
      case GCF:
        return gatekeeperConfirm();
      case RRQ:
        return registrationRequest();
      case RCF:
        return registrationConfirm();
      case URQ:
        return unregistrationRequest();
      case ARQ:
        return admissionRequest();
      case ACF:
        return admissionConfirm();
      case LRQ:
        return !at.isTranslated() || nat.rasAddress(LRQ_REPLY, 1);
      case LCF:
        return !at.h225(LCF_SIGNAL) || expectCalls();
      case IRR:
        return !at.isTranslated()
            || nat.rasAddress(IRR_RAS, 1) && nat.signalAddress(IRR_SIGNAL + 1, count(IRR_SIGNAL));
      default:
        return true;
    }
  }

  /** How many addresses are noted of a list at a place; they follow there. */
  private int count(int place) {
    return at.notes[place];
  }

  /** Another address than that which was asked: RAS is expected there. */
  private boolean gatekeeperConfirm() {
    if (!at.h225(GCF_RAS)
        || at.isSenders() && at.port == at.here().sourcePort
        || at.ct.is(Connection.EXPECTED)) {
      return true;
    }
    Expectation e = at.expectation(Protocols.UDP, at.hi, at.lo, at.port);
    e.assignHelper = at.helper(H323Helper.RAS, Protocols.UDP);
    return at.expect(e);
  }

  private boolean registrationRequest() {
    if (!expectCalls(RRQ_SIGNAL + 1, count(RRQ_SIGNAL))
        || at.isTranslated() && !nat.rasAddress(RRQ_RAS + 1, count(RRQ_RAS))) {
      return false;
    }
    at.master().timeToLive = has(RRQ, TTL) ? at.notes[RRQ_TTL] : defaultTimeToLive;
    return true;
  }

  /** Expects calls at the first of the addresses that is the sender's own: {@code expect_q931}. */
  private boolean expectCalls(int place, int count) {
    int i = 0;
    while (i < count && !isOwn(place + i * H323Packet.ADDRESS_SLOTS)) {
      i++;
    }
    if (i == count) {
      return true;
    }
    Expectation e = at.backwards(Protocols.TCP, at.port);
    if (!routedOnly) {
      e.fromAny();
    }
    e.assignHelper = calls();
    e.flags = Expectation.PERMANENT;
    if (at.isTranslated()) {
      return nat.calls(place, i, e);
    }
    if (!at.expect(e)) {
      return false;
    }
    at.master().signalPort[at.direction()] = at.port;
    return true;
  }

  private boolean isOwn(int place) {
    return at.h225(place) && at.isSenders() && at.port != 0;
  }

  private ConntrackHelper calls() {
    return at.helper(H323Helper.Q931, Protocols.TCP);
  }

  /** Expects calls to the address found last. */
  private boolean expectCalls() {
    Expectation e = at.expectation(Protocols.TCP, at.hi, at.lo, at.port);
    e.assignHelper = calls();
    e.flags = Expectation.PERMANENT;
    return at.expect(e);
  }

  private boolean registrationConfirm() {
    if (at.isTranslated() && !nat.signalAddress(RCF_SIGNAL + 1, count(RCF_SIGNAL))) {
      return false;
    }
    H323Master master = at.master();
    if (has(RCF, TTL)) {
      master.timeToLive = at.notes[RCF_TTL];
    }
    long nanoseconds = Integer.toUnsignedLong(master.timeToLive) * SECOND_NS;
    if (nanoseconds > 0) {
      conntrack.refresh(at.ct, nanoseconds);
      Expectation e = registered(master);
      if (e != null) {
        e.expiresNs = conntrack.nowNs() + nanoseconds;
      }
    }
    return true;
  }

  /** The expectation of calls to the endpoint, if it is from anywhere: {@code find_expect}. */
  private Expectation registered(H323Master master) {
    wanted.ipv6 = at.ct.original.ipv6;
    wanted.zone = at.ct.zone;
    wanted.protocol = Protocols.TCP;
    wanted.destinationHi = at.here().destinationHi;
    wanted.destinationLo = at.here().destinationLo;
    wanted.destinationPort = master.signalPort[1 - at.direction()];
    Expectation e = conntrack.expectations().find(wanted);
    return e != null && e.master == at.ct ? e : null;
  }

  private boolean unregistrationRequest() {
    if (at.isTranslated() && !nat.signalAddress(URQ_SIGNAL + 1, count(URQ_SIGNAL))) {
      return false;
    }
    conntrack.expectations().removeOf(at.ct);
    H323Master master = at.master();
    master.signalPort[0] = 0;
    master.signalPort[1] = 0;
    conntrack.refresh(at.ct, UNREGISTRATION_NS);
    return true;
  }

  private boolean admissionRequest() {
    int[] ports = at.master().signalPort;
    if (!at.isTranslated()) {
      return true;
    }
    Tuple back = at.back();
    if (has(ARQ, TO) && at.h225(ARQ_TO) && at.isSenders() && at.port == ports[at.direction()]) {
      return nat.set(back.destinationLo, ports[1 - at.direction()]);
    }
    return !has(ARQ, FROM)
        || !at.h225(ARQ_FROM)
        || !at.isSenders()
        || nat.set(back.destinationLo, at.port);
  }

  private boolean admissionConfirm() {
    if (!at.h225(ACF_TO)) {
      return true;
    }
    if (at.lo == at.here().destinationLo && at.hi == at.here().destinationHi) {
      return !at.isTranslated() || nat.signalAddress(ACF_TO, 1);
    }
    return expectCalls();
  }
}
