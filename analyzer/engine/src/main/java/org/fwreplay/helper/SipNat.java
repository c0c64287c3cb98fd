package org.fwreplay.helper;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.Expectations;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.nat.Nat;
import org.fwreplay.nat.NatRange;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;

/**
 * Rewrites addresses in SIP messages and session descriptions, and translates what was expected:
 * nf_nat_sip. Methods that rewrite answer false where the packet is to be dropped.
 */
final class SipNat {
  private static final byte[] SIP_VERSION = NatHelper.bytes("SIP/2.0");
  private static final byte[] MADDR = NatHelper.bytes("MADDR=");
  private static final byte[] RECEIVED = NatHelper.bytes("RECEIVED=");
  private static final byte[] RPORT = NatHelper.bytes("RPORT=");
  private static final int MIN_PORT = 1024;
  private static final int MAX_PORT = 65_535;

  private final Conntrack conntrack;
  private final Nat nat;
  private final NatHelper helper;
  private final SipPacket sip;
  private final SipScanner scanner;

  SipNat(HelperContext context, NatHelper helper, SipPacket sip) {
    conntrack = context.conntrack();
    nat = context.nat();
    this.helper = helper;
    this.sip = sip;
    scanner = sip.scanner;
  }

  static String withPort(boolean ipv6, long hi, long lo, int port) {
    String address = AddressText.of(ipv6, hi, lo);
    return (ipv6 ? "[" + address + "]:" : address + ":") + port;
  }

  // -- headers
  // -------------------------------------------------------------------------------------

  /** Rewrites a message's Request-URI, Via, Contact, From and To: {@code nf_nat_sip}. */
  boolean message() {
    boolean request = !scanner.is(0, SIP_VERSION);
    if (request && scanner.requestUri() > 0 && !mapAddress()) {
      return false;
    }
    if (!via(request) || !contacts()) {
      return false;
    }
    return mapFirst(SipHeader.FROM) && mapFirst(SipHeader.TO) && forcePort();
  }

  private boolean mapFirst(SipHeader header) {
    return scanner.uri(header) <= 0 || mapAddress();
  }

  private boolean contacts() {
    scanner.startList();
    while (scanner.nextUri(SipHeader.CONTACT) > 0) {
      int before = sip.length;
      if (!mapAddress()) {
        return false;
      }
      scanner.listOffset += sip.length - before;
    }
    return true;
  }

  private static boolean isSource(Tuple t, long hi, long lo) {
    return t.sourceLo == lo && t.sourceHi == hi;
  }

  private static boolean isDestination(Tuple t, long hi, long lo) {
    return t.destinationLo == lo && t.destinationHi == hi;
  }

  /**
   * Rewrites the address and port found last, if they are the sender's or the receiver's as this
   * side knows them: {@code map_addr}.
   */
  private boolean mapAddress() {
    Tuple here = sip.here();
    Tuple back = sip.back();
    long hi = scanner.hi;
    long lo = scanner.lo;
    int port = scanner.port;
    long newHi;
    long newLo;
    int newPort;
    if (isSource(here, hi, lo) && here.sourcePort == port) {
      newHi = back.destinationHi;
      newLo = back.destinationLo;
      newPort = back.destinationPort;
    } else if (isDestination(here, hi, lo) && here.destinationPort == port) {
      newHi = back.sourceHi;
      newLo = back.sourceLo;
      int forced = sip.master().forcedPort;
      newPort = forced != 0 ? forced : back.sourcePort;
    } else {
      return true;
    }
    if (newHi == hi && newLo == lo && newPort == port) {
      return true;
    }
    String text = withPort(here.ipv6, newHi, newLo, newPort);
    return sip.mangle(scanner.matchOffset, scanner.matchLength, text);
  }

  /** The topmost Via of this transport and its parameters. */
  private boolean via(boolean request) {
    boolean tcp = sip.ct.original.protocol == Protocols.TCP;
    if (scanner.uri(tcp ? SipHeader.VIA_TCP : SipHeader.VIA_UDP) <= 0) {
      return true;
    }
    Tuple here = sip.here();
    boolean ours =
        request
            ? isSource(here, scanner.hi, scanner.lo) && scanner.port == here.sourcePort
            : isDestination(here, scanner.hi, scanner.lo) && scanner.port == here.destinationPort;
    if (!ours) {
      return true;
    }
    int behind = scanner.matchOffset + scanner.matchLength - sip.length;
    if (!mapAddress()) {
      return false;
    }
    behind += sip.length;
    return maddr(behind) && received(behind) && rport(behind);
  }

  private boolean maddr(int from) {
    Tuple here = sip.here();
    Tuple back = sip.back();
    if (!scanner.addressParameter(from, MADDR, true)
        || !isSource(here, scanner.hi, scanner.lo)
        || isDestination(back, scanner.hi, scanner.lo)) {
      return true;
    }
    String address = AddressText.of(here.ipv6, back.destinationHi, back.destinationLo);
    return replace(here.ipv6 ? "[" + address + "]" : address);
  }

  private boolean received(int from) {
    Tuple here = sip.here();
    Tuple back = sip.back();
    if (!scanner.addressParameter(from, RECEIVED, false)
        || !isDestination(here, scanner.hi, scanner.lo)
        || isSource(back, scanner.hi, scanner.lo)) {
      return true;
    }
    return replace(AddressText.of(here.ipv6, back.sourceHi, back.sourceLo));
  }

  private boolean rport(int from) {
    int port = sip.back().sourcePort;
    if (scanner.numberParameter(from, RPORT) <= 0
        || scanner.number < MIN_PORT
        || scanner.number > MAX_PORT
        || scanner.number != sip.here().destinationPort
        || scanner.number == port) {
      return true;
    }
    return replace(Integer.toString(port));
  }

  private boolean replace(String with) {
    return sip.mangle(scanner.matchOffset, scanner.matchLength, with);
  }

  /** Answers go to the port that the phone's Via names. */
  private boolean forcePort() {
    int forced = sip.master().forcedPort;
    if (sip.direction() != Connection.REPLY || forced == 0) {
      return true;
    }
    if (sip.ct.original.protocol != Protocols.UDP) {
      return false;
    }
    Bytes.put16(sip.packet.buffer, sip.packet.transport + Udp.DESTINATION_PORT, forced);
    return sip.mangle(0, 0, "");
  }

  // -- expectations
  // --------------------------------------------------------------------------------

  /**
   * Expects a signalling connection where this side is seen, and rewrites the address found last:
   * {@code nf_nat_sip_expect}.
   */
  boolean expect(Expectation e, int offset, int length) {
    long hi = e.tuple.destinationHi;
    long lo = e.tuple.destinationLo;
    int port = e.tuple.destinationPort;
    redirect(e);
    int forced = sip.master().forcedPort;
    boolean own = port == (forced != 0 ? forced : sip.here().sourcePort);
    int free = helper.expectAtFreePort(e, own ? sip.back().destinationPort : port);
    if (free == 0) {
      return false;
    }
    Tuple t = e.tuple;
    boolean same = isDestination(t, hi, lo) && t.destinationPort == port;
    String text = withPort(t.ipv6, t.destinationHi, t.destinationLo, free);
    if (!same && !sip.mangle(offset, length, text)) {
      conntrack.expectations().remove(e);
      return false;
    }
    return true;
  }

  /** Remembers what was announced and expects it where this side is seen. */
  private void redirect(Expectation e) {
    Tuple t = e.tuple;
    Tuple here = sip.here();
    Tuple back = sip.back();
    e.savedHi = t.destinationHi;
    e.savedLo = t.destinationLo;
    e.savedPort = t.destinationPort;
    e.direction = 1 - sip.direction();
    e.function = this::expected;
    if (!isDestination(back, here.sourceHi, here.sourceLo)) {
      e.to(back.destinationHi, back.destinationLo, t.destinationPort);
    }
  }

  /**
   * Expects a media stream and its control stream at the first free pair of ports, and rewrites the
   * port: {@code nf_nat_sdp_media}.
   */
  boolean media(Expectation rtp, Expectation rtcp, int offset, int length) {
    int announced = rtp.tuple.destinationPort;
    redirect(rtp);
    redirect(rtcp);
    int port = announced;
    int result = Expectations.BUSY;
    while (port != 0 && result == Expectations.BUSY) {
      rtp.tuple.destinationPort = port;
      rtcp.tuple.destinationPort = port + 1;
      result = conntrack.expectations().expectPair(rtp, rtcp, Expectations.SKIP_MASTER);
      if (result == Expectations.BUSY) {
        port = port + 2 & MAX_PORT;
      }
    }
    if (result != Expectations.EXPECTED) {
      return false;
    }
    if (port != announced && !mediaPort(offset, length, port)) {
      conntrack.expectations().remove(rtp);
      conntrack.expectations().remove(rtcp);
      return false;
    }
    return true;
  }

  /** A connection that was expected gets its translation: {@code nf_nat_sip_expected}. */
  private void expected(Connection ct, Expectation e) {
    nat.setup(ct, NatRange.of(e.savedHi, e.savedLo, e.savedPort), Nat.DESTINATION);
    NatRange source = e.expectationClass == SipHelper.SIGNALLING ? null : pairedSource(ct);
    if (source == null) {
      Tuple peer = ct.master.tuple(e.direction);
      if (isSource(peer, ct.original.sourceHi, ct.original.sourceLo)) {
        Tuple answer = ct.master.tuple(1 - e.direction);
        source = NatRange.of(answer.destinationHi, answer.destinationLo);
      }
    }
    if (source != null) {
      nat.setup(ct, source, Nat.SOURCE);
    }
  }

  /** A stream comes from where the other end expects one: its source is what was announced. */
  private static NatRange pairedSource(Connection ct) {
    Tuple t = ct.original;
    for (Expectation e = ct.master.help.expectations(); e != null; e = e.next()) {
      if (e.tuple.ipv6 == t.ipv6
          && e.tuple.protocol == t.protocol
          && isSource(t, e.savedHi, e.savedLo)
          && t.sourcePort == e.savedPort) {
        Tuple to = e.tuple;
        return NatRange.of(to.destinationHi, to.destinationLo, to.destinationPort);
      }
    }
    return null;
  }

  // -- session descriptions
  // ------------------------------------------------------------------------

  /** {@code nf_nat_sdp_port}. */
  boolean mediaPort(int offset, int length, int port) {
    return sip.mangle(offset, length, Integer.toString(port)) && contentLength();
  }

  /** Rewrites the {@code c=} of one medium: {@code nf_nat_sdp_addr}. */
  boolean mediaAddress(int from, long hi, long lo) {
    return sdpLine(from, SipHeader.SDP_CONNECTION, AddressText.of(sip.ct.original.ipv6, hi, lo))
        && contentLength();
  }

  /** Rewrites {@code o=}, which must be there, and the session's {@code c=}. */
  boolean session(int from, long hi, long lo) {
    String address = AddressText.of(sip.ct.original.ipv6, hi, lo);
    if (!sdpLine(from, SipHeader.SDP_OWNER, address)) {
      return false;
    }
    if (scanner.sdp(from, SipHeader.SDP_CONNECTION, SipHeader.SDP_MEDIA) > 0 && !replace(address)) {
      return false;
    }
    return contentLength();
  }

  private boolean sdpLine(int from, SipHeader line, String with) {
    return scanner.sdp(from, line, SipHeader.SDP_MEDIA) > 0 && replace(with);
  }

  /** The session description reaches to the message's end: {@code mangle_content_len}. */
  private boolean contentLength() {
    if (scanner.sdp(0, SipHeader.SDP_VERSION, null) <= 0) {
      return false;
    }
    int length = sip.length - scanner.matchOffset + 2;
    return scanner.header(0, SipHeader.CONTENT_LENGTH) > 0 && replace(Integer.toString(length));
  }
}
