package org.fwreplay.helper;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackHelper;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.ExpectationPolicy;
import org.fwreplay.conntrack.Expectations;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.packet.Udp;

/**
 * SIP (RFC 3261): expects the media that session descriptions announce, and calls to phones that
 * have registered. nf_conntrack_sip; its NAT half is {@link SipNat}.
 */
final class SipHelper implements ConntrackHelper {
  /** Classes of expectations: {@code enum sip_expectation_classes}. */
  static final int SIGNALLING = 0;

  static final int AUDIO = 1;

  private static final ExpectationPolicy[] POLICIES = {
    ExpectationPolicy.of(1, 180),
    ExpectationPolicy.of(4, 180),
    ExpectationPolicy.of(4, 180),
    ExpectationPolicy.of(2, 180),
  };

  private static final int MIN_LENGTH = "SIP/2.0 200".length();
  private static final byte[] STATUS = NatHelper.bytes("SIP/2.0 ");
  private static final byte[] TRANSPORT = NatHelper.bytes("TRANSPORT=");
  private static final byte[] EXPIRES = NatHelper.bytes("EXPIRES=");
  private static final byte[] TCP = NatHelper.bytes("TCP");
  private static final byte[] UDP = NatHelper.bytes("UDP");
  private static final long SECOND_NS = 1_000_000_000L;

  /** The kernel counts jiffies of 4 ms in 32 bits. */
  private static final int JIFFIES = 250;

  private enum Method {
    INVITE(true),
    UPDATE(true),
    ACK(false),
    PRACK(true),
    BYE(false),
    REGISTER(true);

    private final byte[] word = NatHelper.bytes(name());

    /** Whether responses to it mean something to the helper. */
    private final boolean answered;

    Method(boolean answered) {
      this.answered = answered;
    }
  }

  private static final Method[] METHODS = Method.values();

  private final Conntrack conntrack;
  private final SipPacket sip;
  private final SipScanner scanner;
  private final SipNat nat;
  private final SipMedia media;
  private final long timeoutNs;

  /** Whether calls are expected from the registrar only. */
  private final boolean directSignalling;

  SipHelper(HelperContext context) {
    conntrack = context.conntrack();
    NatHelper natHelper = new NatHelper(context);
    sip = new SipPacket(natHelper);
    scanner = sip.scanner;
    nat = new SipNat(context, natHelper, sip);
    media = new SipMedia(context, nat, sip);
    timeoutNs = parameter(context, "sip_timeout", 3600) * SECOND_NS;
    directSignalling = parameter(context, "sip_direct_signalling", 1) != 0;
  }

  /** A parameter of the kernel module. */
  static int parameter(HelperContext context, String name, int otherwise) {
    return context.host().sysctls().getInt("nf_conntrack_sip." + name, otherwise);
  }

  @Override
  public String name() {
    return "sip";
  }

  @Override
  public ExpectationPolicy policy(int expectationClass) {
    return POLICIES[expectationClass];
  }

  @Override
  public int help(Packet p, Connection ct, int info) {
    sip.set(p, ct, info);
    boolean accepted = ct.original.protocol == Protocols.TCP ? segment() : datagram();
    return accepted ? Conntrack.ACCEPT : Conntrack.DROP;
  }

  private boolean datagram() {
    int length = sip.packet.end - sip.packet.transport - Udp.LENGTH;
    if (length <= 0) {
      return true;
    }
    conntrack.refresh(sip.ct, timeoutNs);
    if (length < MIN_LENGTH) {
      return true;
    }
    sip.look(0, length);
    return message();
  }

  /** A segment holds messages whole, or what is not whole is left alone. */
  private boolean segment() {
    if (!CtInfo.isEstablished(sip.info)) {
      return true;
    }
    int left = sip.packet.end - NatHelper.tcpPayload(sip.packet);
    if (left <= 0) {
      return true;
    }
    conntrack.refresh(sip.ct, timeoutNs);
    if (left < MIN_LENGTH) {
      return true;
    }
    int offset = 0;
    int growth = 0;
    while (true) {
      sip.look(offset, left);
      long length = messageLength(left);
      if (length < 0) {
        break;
      }
      if (length > left) {
        // As in Linux, also if messages before it have changed their length.
        return true;
      }
      sip.look(offset, (int) length);
      if (!message()) {
        return false;
      }
      growth += sip.length - (int) length;
      offset += sip.length;
      left -= (int) length;
    }
    if (sip.isTranslated()) {
      int sequence = Bytes.i32(sip.packet.buffer, sip.packet.transport + Tcp.SEQUENCE);
      conntrack.adjustSequence(sip.ct, sip.info, sequence, growth);
    }
    return true;
  }

  /** Head and body of the first message, as Content-Length says; -1 where it does not. */
  private long messageLength(int left) {
    if (scanner.header(0, SipHeader.CONTENT_LENGTH) <= 0
        || !scanner.number(scanner.matchOffset)
        || scanner.number > left) {
      return -1;
    }
    for (int at = scanner.numberEnd; at + 4 <= left; at++) {
      if (scanner.at(at) == '\r'
          && scanner.at(at + 1) == '\n'
          && scanner.at(at + 2) == '\r'
          && scanner.at(at + 3) == '\n') {
        return at + 4 + scanner.number;
      }
    }
    return -1;
  }

  private boolean message() {
    boolean accepted = scanner.is(0, STATUS) ? response() : request();
    return accepted && (!sip.isTranslated() || nat.message());
  }

  private boolean request() {
    Tuple here = sip.here();
    if (scanner.uri(SipHeader.VIA_UDP) > 0
        && scanner.port != here.sourcePort
        && isSource(here, scanner.hi, scanner.lo)) {
      sip.master().forcedPort = scanner.port;
    }
    for (Method method : METHODS) {
      int length = method.word.length;
      if (sip.length >= length + 2
          && scanner.is(0, method.word)
          && scanner.at(length) == ' '
          && SipScanner.isLetter(scanner.at(length + 1))) {
        return cseq() && request(method, scanner.number);
      }
    }
    return true;
  }

  /** Reads the number in CSeq; a message without one is dropped. */
  private boolean cseq() {
    return scanner.header(0, SipHeader.CSEQ) > 0 && scanner.number(scanner.matchOffset);
  }

  private boolean request(Method method, long cseq) {
    switch (method) {
      case INVITE:
        flush(true);
        if (!media.description()) {
          return false;
        }
        sip.master().inviteCseq = cseq;
        return true;
      case BYE:
        flush(true);
        return true;
      case REGISTER:
        return register(cseq);
      default:
        return media.description();
    }
  }

  private boolean response() {
    if (sip.length < MIN_LENGTH) {
      return true;
    }
    if (!scanner.number(STATUS.length) || scanner.number == 0) {
      return false;
    }
    long status = scanner.number;
    if (!cseq()) {
      return false;
    }
    int at = scanner.matchOffset + scanner.matchLength + 1;
    for (Method method : METHODS) {
      if (method.answered && sip.length >= at + method.word.length && scanner.is(at, method.word)) {
        return method == Method.REGISTER
            ? registered(status, scanner.number)
            : answered(status, scanner.number);
      }
    }
    return true;
  }

  private boolean answered(long status, long cseq) {
    if (status >= 100 && status <= 299) {
      return media.description();
    }
    if (sip.master().inviteCseq == cseq) {
      flush(true);
    }
    return true;
  }

  /** Ends the expectations of media, or the one of calls. */
  private void flush(boolean ofMedia) {
    for (Expectation e = sip.ct.help.expectations(); e != null; ) {
      Expectation next = e.next();
      if (e.expectationClass != SIGNALLING == ofMedia) {
        conntrack.expectations().remove(e);
        if (!ofMedia) {
          return;
        }
      }
      e = next;
    }
  }

  // -- registration
  // --------------------------------------------------------------------------------

  /**
   * Expects calls to who registers, once the registrar agrees: {@code process_register_request}.
   */
  private boolean register(long cseq) {
    if (sip.ct.is(Connection.EXPECTED)) {
      return true;
    }
    long expires = expiresHeader();
    int found = scanner.uri(SipHeader.CONTACT);
    if (found <= 0) {
      return found == 0;
    }
    Tuple here = sip.here();
    int offset = scanner.matchOffset;
    int length = scanner.matchLength;
    long hi = scanner.hi;
    long lo = scanner.lo;
    if (!isSource(here, hi, lo) || !sameTransport(offset + length)) {
      return true;
    }
    int parameter = scanner.numberParameter(offset + length, EXPIRES);
    if (parameter < 0) {
      return false;
    }
    expires = parameter > 0 ? scanner.number : expires;
    if (expires != 0) {
      Expectation e = new Expectation(sip.ct, SIGNALLING, here.protocol).to(hi, lo, scanner.port);
      sip.announce(e, offset);
      if (directSignalling) {
        e.from(sip.back().sourceHi, sip.back().sourceLo);
      }
      e.assignHelper = sip.ct.help.helper;
      e.flags = Expectation.PERMANENT | Expectation.INACTIVE;
      boolean done =
          sip.isTranslated()
              ? nat.expect(e, offset, length)
              : conntrack.expectations().expect(e) == Expectations.EXPECTED;
      if (!done) {
        return false;
      }
    }
    sip.master().registerCseq = cseq;
    return true;
  }

  private long expiresHeader() {
    boolean found = scanner.header(0, SipHeader.EXPIRES) > 0 && scanner.number(scanner.matchOffset);
    return found ? scanner.number : 0;
  }

  /** {@code ct_sip_parse_transport}: whether the Contact before {@code from} uses this one. */
  private boolean sameTransport(int from) {
    if (!scanner.parameter(from, TRANSPORT)) {
      return true;
    }
    boolean tcp = scanner.is(scanner.matchOffset, TCP);
    boolean udp = scanner.is(scanner.matchOffset, UDP);
    int protocol = sip.ct.original.protocol;
    return tcp && protocol == Protocols.TCP || udp && protocol == Protocols.UDP;
  }

  private static boolean isSource(Tuple t, long hi, long lo) {
    return t.sourceLo == lo && t.sourceHi == hi;
  }

  /** {@code process_register_response}. */
  private boolean registered(long status, long cseq) {
    if (sip.master().registerCseq != cseq || status >= 100 && status <= 199) {
      return true;
    }
    if (status < 200 || status > 299) {
      flush(false);
      return true;
    }
    long all = expiresHeader();
    Tuple here = sip.here();
    scanner.startList();
    while (true) {
      int found = scanner.nextUri(SipHeader.CONTACT);
      if (found < 0) {
        return false;
      }
      if (found == 0) {
        break;
      }
      int behind = scanner.matchOffset + scanner.matchLength;
      long hi = scanner.hi;
      long lo = scanner.lo;
      boolean own = hi == here.destinationHi && lo == here.destinationLo;
      if (!own || !sameTransport(behind)) {
        continue;
      }
      int parameter = scanner.numberParameter(behind, EXPIRES);
      if (parameter < 0) {
        return false;
      }
      long expires = parameter > 0 ? scanner.number : all;
      if (expires == 0) {
        break;
      }
      if (refresh(hi, lo, scanner.port, expires)) {
        return true;
      }
    }
    flush(false);
    return true;
  }

  /** {@code refresh_signalling_expectation}. */
  private boolean refresh(long hi, long lo, int port, long expires) {
    for (Expectation e = sip.ct.help.expectations(); e != null; e = e.next()) {
      Tuple t = e.tuple;
      if (e.expectationClass == SIGNALLING
          && t.destinationHi == hi
          && t.destinationLo == lo
          && t.destinationPort == port
          && t.protocol == sip.ct.original.protocol) {
        long jiffies = (int) (expires * JIFFIES);
        e.expiresNs = conntrack.nowNs() + jiffies * (SECOND_NS / JIFFIES);
        e.flags &= ~Expectation.INACTIVE;
        return true;
      }
    }
    return false;
  }
}
