package org.fwreplay.helper;

import java.util.HashMap;
import java.util.Map;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.host.RouteQuery;
import org.fwreplay.host.RouteResult;
import org.fwreplay.host.Router;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/** Call signalling: Q.931 messages whose user-user element is a message of H.225.0. */
final class Q931Reader extends TpktReader {
  private static final PerType MESSAGE = H323Packet.TYPES.get("H323-UserInformation");
  private static final int DISCRIMINATOR = 8;
  private static final int USER_USER = 0x7e;

  private static final String PDU = "h323-uu-pdu";
  private static final String BODY = "h323-message-body";
  private static final String TUNNEL = "h245Control";
  private static final String SETUP = "setup";
  private static final String FACILITY = "facility";
  private static final String FORWARDED = "alternativeAddress";
  private static final String TO = "destCallSignalAddress";
  private static final String FROM = "sourceCallSignalAddress";

  private static final PerType BODIES = MESSAGE.of(PDU, BODY);
  private static final int BODY_PLACE = MESSAGE.offset(PDU, BODY);
  private static final int PDU_PLACE = MESSAGE.offset(PDU);
  private static final int TUNNELLED = MESSAGE.of(PDU).option(TUNNEL);
  private static final int TUNNEL_PLACE = MESSAGE.offset(PDU, TUNNEL);

  private static final PerType SETUP_TYPE = BODIES.of(SETUP);
  private static final int HAS_TO = SETUP_TYPE.option(TO);
  private static final int TO_PLACE = SETUP_TYPE.offset(TO);
  private static final int HAS_FROM = SETUP_TYPE.option(FROM);
  private static final int FROM_PLACE = SETUP_TYPE.offset(FROM);

  private static final PerType FACILITY_TYPE = BODIES.of(FACILITY);
  private static final int REASON_PLACE = FACILITY_TYPE.offset("reason");
  private static final int IS_FORWARDED = FACILITY_TYPE.of("reason").index("callForwarded");
  private static final int HAS_FORWARDED = FACILITY_TYPE.option(FORWARDED);
  private static final int FORWARDED_PLACE = FACILITY_TYPE.offset(FORWARDED);

  /** What the messages that open channels have in common, by what the choice's place holds. */
  private static final Map<Integer, Body> CALLS = new HashMap<>();

  static {
    for (String name :
        new String[] {SETUP, "callProceeding", "connect", "alerting", FACILITY, "progress"}) {
      CALLS.put(BODIES.index(name), Body.of(name));
    }
  }

  /** A message: where it is, and where in it are options, the H.245 address and fast start. */
  private record Body(String name, int place, int control, int controlBit, int fast, int fastBit) {
    static Body of(String name) {
      PerType type = BODIES.of(name);
      return new Body(
          name,
          BODY_PLACE + BODIES.offset(name),
          type.offset("h245Address"),
          type.option("h245Address"),
          type.offset("fastStart"),
          type.option("fastStart"));
    }
  }

  private final Router router;
  private final H323Nat nat;
  private final H245Channels channels;

  /** Whether calls that are forwarded to where they came from are left alone. */
  private final boolean filter;

  private final RouteQuery query = new RouteQuery();
  private final RouteResult first = new RouteResult();
  private final RouteResult second = new RouteResult();

  Q931Reader(HelperContext context) {
    super(new H323Packet(context, MESSAGE.slots()));
    router = context.router();
    nat = new H323Nat(context, at);
    channels = new H245Channels(at, nat);
    filter = isOn(context.host().sysctls().get("nf_conntrack_h323.callforward_filter"));
  }

  private static boolean isOn(String value) {
    return value == null || !value.matches("[0Nn].*");
  }

  @Override
  int message(int length) {
    int end = at.message + length;
    int from = userInformation(at.packet, at.message, end);
    if (from < 0) {
      return UNREADABLE;
    }
    int size = at.packet.u16(from - 3) - 1;
    int result = at.decoder.read(MESSAGE, at.packet.buffer, at.message, from, size);
    if (result < 0) {
      return UNREADABLE;
    }
    return call() && tunnelled() ? READ : DROP;
  }

  /** The offset of the user-user element's content, -1 where there is none: {@code DecodeQ931}. */
  private static int userInformation(Packet p, int from, int end) {
    if (end - from < 2 || p.u8(from) != DISCRIMINATOR) {
      return -1;
    }
    int i = from + 2 + p.u8(from + 1);
    if (end - i < 2) {
      return -1;
    }
    i++;
    i += p.u8(i) >> 7;
    while (i < end) {
      boolean wanted = p.u8(i) == USER_USER;
      int header = wanted ? 3 : 2;
      if (end - i < header) {
        return -1;
      }
      int length = wanted ? p.u16(i + 1) : p.u8(i + 1);
      i += header;
      if (end - i < length) {
        return -1;
      }
      if (wanted) {
        // The first byte says what kind of protocol it is.
        return length > 1 ? i + 1 : -1;
      }
      i += length;
    }
    return -1;
  }

  private boolean call() {
    int index = at.notes[BODY_PLACE];
    Body body = CALLS.get(index);
    if (body == null) {
      return true;
    }
    int options = at.notes[body.place];
    if (body.name.equals(FACILITY) && at.notes[body.place + REASON_PLACE] == IS_FORWARDED) {
      return (options & HAS_FORWARDED) == 0 || forwarded(body.place + FORWARDED_PLACE);
    }
    if ((options & body.controlBit) != 0 && !control(body.place + body.control)) {
      return false;
    }
    if (body.name.equals(SETUP) && at.isTranslated() && !addresses(body.place, options)) {
      return false;
    }
    return (options & body.fastBit) == 0 || fastStart(body.place + body.fast);
  }

  private boolean fastStart(int place) {
    for (int i = 0; i < at.notes[place]; i++) {
      if (!channels.open(place + 1 + i * H245Channels.OPEN.slots())) {
        return false;
      }
    }
    return true;
  }

  private boolean tunnelled() {
    if ((at.notes[PDU_PLACE] & TUNNELLED) == 0) {
      return true;
    }
    for (int i = 0; i < at.notes[TUNNEL_PLACE]; i++) {
      if (!channels.message(TUNNEL_PLACE + 1 + i * H245Channels.MESSAGE.slots())) {
        return false;
      }
    }
    return true;
  }

  /** Expects the H.245 connection: {@code expect_h245}. */
  private boolean control(int place) {
    if (!at.h225(place) || !at.isSenders() || at.port == 0) {
      return true;
    }
    Expectation e = at.backwards(Protocols.TCP, at.port);
    // Linux has that helper for UDP.
    e.assignHelper = at.helper(H323Helper.H245, Protocols.UDP);
    return at.isSenderTranslated() ? nat.control(e) : at.expect(e);
  }

  /** Makes a call's ends what the receiver sees. */
  private boolean addresses(int place, int options) {
    Tuple back = at.back();
    if ((options & HAS_TO) != 0
        && at.h225(place + TO_PLACE)
        && at.lo != back.sourceLo
        && !nat.set(back.sourceLo, back.sourcePort)) {
      return false;
    }
    return (options & HAS_FROM) == 0
        || !at.h225(place + FROM_PLACE)
        || at.lo == back.destinationLo
        || nat.set(back.destinationLo, back.destinationPort);
  }

  /** Expects the call that goes elsewhere: {@code expect_callforwarding}. */
  private boolean forwarded(int place) {
    if (!at.h225(place) || at.port == 0 || filter && isSameSide()) {
      return true;
    }
    Expectation e = at.expectation(Protocols.TCP, at.hi, at.lo, at.port);
    e.assignHelper = at.helper(H323Helper.Q931, Protocols.TCP);
    return at.isSenderTranslated() ? nat.forwarded(e) : at.expect(e);
  }

  /** Whether the caller and the address found last are reached by the same next hop. */
  private boolean isSameSide() {
    Tuple back = at.back();
    return route(at.hi, at.lo, first)
        && route(back.sourceHi, back.sourceLo, second)
        && first.oif == second.oif
        && first.nextHopHi == second.nextHopHi
        && first.nextHopLo == second.nextHopLo;
  }

  private boolean route(long hi, long lo, RouteResult result) {
    query.clear();
    query.six = at.ct.original.ipv6;
    query.dstHi = hi;
    query.dstLo = lo;
    int decision = router.output(query, result);
    return decision == RouteResult.TRANSMIT
        || decision == RouteResult.LOCAL
        || decision == RouteResult.BROADCAST
        || decision == RouteResult.MULTICAST;
  }
}
