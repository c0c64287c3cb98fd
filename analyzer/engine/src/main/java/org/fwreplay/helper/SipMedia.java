package org.fwreplay.helper;

import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.Expectations;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;
import org.fwreplay.packet.Protocols;

/** Expects the media streams that a session description announces: {@code process_sdp}. */
final class SipMedia {
  private static final byte[][] TYPES = {
    NatHelper.bytes("audio "), NatHelper.bytes("video "), NatHelper.bytes("image "),
  };
  private static final int MIN_PORT = 1024;
  private static final int MAX_PORT = 65_535;

  private final Conntrack conntrack;
  private final Router router;
  private final SipNat nat;
  private final SipPacket sip;
  private final SipScanner scanner;

  /** Whether streams are expected only between the ends that signal. */
  private final boolean direct;

  /** Whether streams whose far end is out there, where the signalling goes, are left alone. */
  private final boolean external;

  private final Tuple wanted = new Tuple();
  private final RouteQuery query = new RouteQuery();
  private final RouteResult route = new RouteResult();

  // Where the stream at hand goes; afterwards, where the other side is told that it goes.
  private long hi;
  private long lo;

  SipMedia(HelperContext context, SipNat nat, SipPacket sip) {
    conntrack = context.conntrack();
    router = context.router();
    this.nat = nat;
    this.sip = sip;
    scanner = sip.scanner;
    direct = SipHelper.parameter(context, "sip_direct_media", 1) != 0;
    external = SipHelper.parameter(context, "sip_external_media", 0) != 0;
  }

  /** Reads the description in the message, if there is one; false drops the packet. */
  boolean description() {
    if (scanner.sdp(0, SipHeader.SDP_VERSION, null) <= 0) {
      return true;
    }
    int start = scanner.matchOffset;
    boolean session = scanner.sdpConnection(start);
    long sessionHi = scanner.hi;
    long sessionLo = scanner.lo;
    boolean known = session;
    hi = session ? sessionHi : 0;
    lo = session ? sessionLo : 0;
    int at = start;
    int streams = 0;
    while (streams < TYPES.length && scanner.sdp(at, SipHeader.SDP_MEDIA, null) > 0) {
      int type = type(scanner.matchOffset, scanner.matchLength);
      if (type < 0) {
        at = scanner.matchOffset + scanner.matchLength;
        continue;
      }
      at = scanner.matchOffset + TYPES[type].length;
      int length = scanner.matchLength - TYPES[type].length;
      if (!scanner.number(at) || scanner.number == 0) {
        continue;
      }
      if (scanner.number < MIN_PORT || scanner.number > MAX_PORT) {
        return false;
      }
      int port = (int) scanner.number;
      boolean own = scanner.sdpConnection(at);
      if (!own && !session) {
        return false;
      }
      hi = own ? scanner.hi : sessionHi;
      lo = own ? scanner.lo : sessionLo;
      known = true;
      if (!stream(port, type + SipHelper.AUDIO, at, length)
          || own && sip.isTranslated() && !nat.mediaAddress(at, hi, lo)) {
        return false;
      }
      streams++;
    }
    return !known || !sip.isTranslated() || nat.session(start, hi, lo);
  }

  private int type(int offset, int length) {
    for (int i = 0; i < TYPES.length; i++) {
      if (length >= TYPES[i].length && isWord(offset, TYPES[i])) {
        return i;
      }
    }
    return -1;
  }

  private boolean isWord(int offset, byte[] word) {
    for (int i = 0; i < word.length; i++) {
      if (scanner.at(offset + i) != word[i]) {
        return false;
      }
    }
    return true;
  }

  /** Expects one stream and its control stream: {@code set_expected_rtp_rtcp}. */
  private boolean stream(int port, int expectationClass, int offset, int length) {
    Tuple here = sip.here();
    Tuple back = sip.back();
    if (direct) {
      if (hi != here.sourceHi || lo != here.sourceLo) {
        return true;
      }
    } else if (external && leavesHere()) {
      return true;
    }
    wanted.ipv6 = here.ipv6;
    wanted.protocol = Protocols.UDP;
    wanted.zone = sip.ct.zone;
    wanted.sourceHi = direct ? back.sourceHi : 0;
    wanted.sourceLo = direct ? back.sourceLo : 0;
    boolean optimised = false;
    boolean there = false;
    wantedAt(hi, lo, port);
    while (!there) {
      Expectation e = conntrack.expectations().find(wanted);
      if (e == null
          || e.master == sip.ct
          || !isOfSameHelper(e)
          || e.expectationClass != expectationClass) {
        break;
      }
      if (!optimised && isRedirected(e) && sip.isTranslated()) {
        hi = e.savedHi;
        lo = e.savedLo;
        wantedAt(hi, lo, e.savedPort);
        optimised = true;
      } else {
        there = true;
      }
    }
    int rtpPort = wanted.destinationPort & ~1;
    if (optimised && !nat.mediaPort(offset, length, rtpPort)) {
      return false;
    }
    if (there) {
      return true;
    }
    Expectation rtp = expectation(expectationClass, rtpPort);
    Expectation rtcp = expectation(expectationClass, rtpPort + 1);
    sip.announce(rtp, offset);
    sip.announce(rtcp, offset);
    if (!sip.isTranslated() || optimised) {
      return expect(rtp, rtcp);
    }
    boolean done = nat.media(rtp, rtcp, offset, length);
    hi = rtp.tuple.destinationHi;
    lo = rtp.tuple.destinationLo;
    return done;
  }

  private void wantedAt(long toHi, long toLo, int port) {
    wanted.destinationHi = toHi;
    wanted.destinationLo = toLo;
    wanted.destinationPort = port;
  }

  /** Linux has one helper for SIP over UDP and one for SIP over TCP. */
  private boolean isOfSameHelper(Expectation e) {
    return e.helper == sip.ct.help.helper && e.master.original.protocol == sip.ct.original.protocol;
  }

  private static boolean isRedirected(Expectation e) {
    return e.savedHi != e.tuple.destinationHi
        || e.savedLo != e.tuple.destinationLo
        || e.savedPort != e.tuple.destinationPort;
  }

  private Expectation expectation(int expectationClass, int port) {
    Expectation e = new Expectation(sip.ct, expectationClass, Protocols.UDP).to(hi, lo, port);
    return direct ? e.from(sip.back().sourceHi, sip.back().sourceLo) : e;
  }

  /** What is expected already, perhaps by another connection, will do. */
  private boolean expect(Expectation rtp, Expectation rtcp) {
    Expectations expectations = conntrack.expectations();
    int first = expectations.expect(rtp, Expectations.SKIP_MASTER);
    if (first != Expectations.EXPECTED && first != Expectations.ALREADY) {
      return false;
    }
    int second = expectations.expect(rtcp, Expectations.SKIP_MASTER);
    if (second == Expectations.EXPECTED || second == Expectations.ALREADY) {
      return true;
    }
    expectations.remove(rtp);
    return false;
  }

  /** Whether the stream's end is reached by the interface that the packet leaves by. */
  private boolean leavesHere() {
    query.clear();
    query.six = sip.ct.original.ipv6;
    query.dstHi = hi;
    query.dstLo = lo;
    return router.output(query, route) == RouteResult.TRANSMIT && route.oif == sip.packet.out;
  }
}
