package org.fwreplay.helper;

import org.fwreplay.conntrack.Expectation;
import org.fwreplay.packet.Protocols;

/**
 * The channels that H.245 opens: media streams with their control streams, and T.120 data
 * connections. Places are those of the message or part that a method is about; false drops the
 * packet.
 */
final class H245Channels {
  static final PerType MESSAGE = H323Packet.TYPES.get("MultimediaSystemControlMessage");
  static final PerType OPEN = H323Packet.TYPES.get("OpenLogicalChannel");

  private static final PerType ACK = H323Packet.TYPES.get("OpenLogicalChannelAck");
  private static final PerType H2250 = H323Packet.TYPES.get("H2250LogicalChannelParameters");
  private static final PerType ACCESS = H323Packet.TYPES.get("NetworkAccessParameters");

  private static final String REQUEST = "request";
  private static final String RESPONSE = "response";
  private static final String OPEN_REQUEST = "openLogicalChannel";
  private static final String OPEN_ACK = "openLogicalChannelAck";
  private static final String FORWARD = "forwardLogicalChannelParameters";
  private static final String REVERSE = "reverseLogicalChannelParameters";
  private static final String MULTIPLEX = "multiplexParameters";
  private static final String PARAMETERS = "h2250LogicalChannelParameters";
  private static final String FORWARD_ACK = "forwardMultiplexAckParameters";
  private static final String ACK_PARAMETERS = "h2250LogicalChannelAckParameters";
  private static final String STACK = "separateStack";
  private static final String CHANNEL = "mediaChannel";
  private static final String CONTROL = "mediaControlChannel";
  private static final String ADDRESS = "networkAddress";
  private static final String LOCAL = "localAreaAddress";

  /** A choice: where it is, and what it is when it is the alternative that is meant. */
  private record Choice(int place, int index) {
    static Choice of(PerType type, String alternative, String... path) {
      return new Choice(type.offset(path), type.of(path).index(alternative));
    }

    boolean is(int[] notes, int in) {
      return notes[in + place] == index;
    }
  }

  /** An optional part: where the options are, its bit, and where it is. */
  private record Optional(int options, int bit, int place) {
    static Optional of(PerType type, String component) {
      return new Optional(0, type.option(component), type.offset(component));
    }

    static Optional of(PerType type, String component, String inside) {
      PerType part = type.of(component);
      int options = type.offset(component);
      return new Optional(options, part.option(inside), options + part.offset(inside));
    }

    boolean is(int[] notes, int in) {
      return (notes[in + options] & bit) != 0;
    }
  }

  private static final Choice IS_REQUEST = Choice.of(MESSAGE, REQUEST);
  private static final Choice IS_RESPONSE = Choice.of(MESSAGE, RESPONSE);
  private static final Choice IS_OPEN = Choice.of(MESSAGE, OPEN_REQUEST, REQUEST);
  private static final Choice IS_ACK = Choice.of(MESSAGE, OPEN_ACK, RESPONSE);
  private static final int OPEN_PLACE = MESSAGE.offset(REQUEST, OPEN_REQUEST);
  private static final int ACK_PLACE = MESSAGE.offset(RESPONSE, OPEN_ACK);

  private static final Choice FORWARD_IS_RTP = Choice.of(OPEN, PARAMETERS, FORWARD, MULTIPLEX);
  private static final int FORWARD_RTP = OPEN.offset(FORWARD, MULTIPLEX, PARAMETERS);
  private static final Optional OPEN_REVERSE = Optional.of(OPEN, REVERSE);
  private static final Optional OPEN_REVERSE_MULTIPLEX = Optional.of(OPEN, REVERSE, MULTIPLEX);
  private static final Choice OPEN_REVERSE_IS_RTP = Choice.of(OPEN, PARAMETERS, REVERSE, MULTIPLEX);
  private static final int OPEN_REVERSE_RTP = OPEN.offset(REVERSE, MULTIPLEX, PARAMETERS);
  private static final Optional OPEN_STACK = Optional.of(OPEN, STACK);
  private static final Choice CARRIES_DATA = Choice.of(OPEN, "data", FORWARD, "dataType");
  private static final Choice IS_T120 =
      Choice.of(OPEN, "t120", FORWARD, "dataType", "data", "application");
  private static final Choice IS_SEPARATE =
      Choice.of(OPEN, "separateLANStack", FORWARD, "dataType", "data", "application", "t120");

  private static final Optional ACK_REVERSE = Optional.of(ACK, REVERSE);
  private static final Optional ACK_REVERSE_MULTIPLEX = Optional.of(ACK, REVERSE, MULTIPLEX);
  private static final Choice ACK_REVERSE_IS_RTP = Choice.of(ACK, PARAMETERS, REVERSE, MULTIPLEX);
  private static final int ACK_REVERSE_RTP = ACK.offset(REVERSE, MULTIPLEX, PARAMETERS);
  private static final Optional ACK_FORWARD = Optional.of(ACK, FORWARD_ACK);
  private static final Choice ACK_FORWARD_IS_RTP = Choice.of(ACK, ACK_PARAMETERS, FORWARD_ACK);
  private static final int ACK_FORWARD_RTP = ACK.offset(FORWARD_ACK, ACK_PARAMETERS);
  private static final Optional ACK_STACK = Optional.of(ACK, STACK);

  private static final Optional MEDIA = Optional.of(H2250, CHANNEL);
  private static final Optional MEDIA_CONTROL = Optional.of(H2250, CONTROL);
  private static final Optional ACK_MEDIA =
      Optional.of(ACK.of(FORWARD_ACK, ACK_PARAMETERS), CHANNEL);
  private static final Optional ACK_MEDIA_CONTROL =
      Optional.of(ACK.of(FORWARD_ACK, ACK_PARAMETERS), CONTROL);

  private static final Choice IS_LOCAL = Choice.of(ACCESS, LOCAL, ADDRESS);
  private static final int LOCAL_PLACE = ACCESS.offset(ADDRESS, LOCAL);

  private final H323Packet at;
  private final H323Nat nat;
  private final int[] notes;

  H245Channels(H323Packet at, H323Nat nat) {
    this.at = at;
    this.nat = nat;
    notes = at.notes;
  }

  /** What a message opens or agrees to open: {@code process_h245}. */
  boolean message(int place) {
    if (IS_REQUEST.is(notes, place)) {
      return !IS_OPEN.is(notes, place) || open(place + OPEN_PLACE);
    }
    return !IS_RESPONSE.is(notes, place) || !IS_ACK.is(notes, place) || ack(place + ACK_PLACE);
  }

  /** The channels that the sender wants: {@code process_olc}. */
  boolean open(int place) {
    boolean reverse =
        OPEN_REVERSE.is(notes, place)
            && OPEN_REVERSE_MULTIPLEX.is(notes, place)
            && OPEN_REVERSE_IS_RTP.is(notes, place);
    boolean data =
        OPEN_STACK.is(notes, place)
            && CARRIES_DATA.is(notes, place)
            && IS_T120.is(notes, place)
            && IS_SEPARATE.is(notes, place);
    return (!FORWARD_IS_RTP.is(notes, place) || channels(place + FORWARD_RTP, MEDIA, MEDIA_CONTROL))
        && (!reverse || channels(place + OPEN_REVERSE_RTP, MEDIA, MEDIA_CONTROL))
        && (!data || data(place + OPEN_STACK.place));
  }

  /** The channels that the sender agrees to: {@code process_olca}. */
  private boolean ack(int place) {
    boolean reverse =
        ACK_REVERSE.is(notes, place)
            && ACK_REVERSE_MULTIPLEX.is(notes, place)
            && ACK_REVERSE_IS_RTP.is(notes, place);
    boolean forward = ACK_FORWARD.is(notes, place) && ACK_FORWARD_IS_RTP.is(notes, place);
    return (!reverse || channels(place + ACK_REVERSE_RTP, MEDIA, MEDIA_CONTROL))
        && (!forward || channels(place + ACK_FORWARD_RTP, ACK_MEDIA, ACK_MEDIA_CONTROL))
        && (!ACK_STACK.is(notes, place) || data(place + ACK_STACK.place));
  }

  private boolean channels(int place, Optional media, Optional control) {
    return (!media.is(notes, place) || media(place + media.place))
        && (!control.is(notes, place) || media(place + control.place));
  }

  private boolean isOffered(int place) {
    return at.h245(place) && at.isSenders() && at.port != 0;
  }

  /** Expects a stream and its control stream, of which one is named: {@code expect_rtp_rtcp}. */
  private boolean media(int place) {
    if (!isOffered(place)) {
      return true;
    }
    Expectation rtp = at.backwards(Protocols.UDP, at.port & ~1);
    Expectation rtcp = at.backwards(Protocols.UDP, at.port | 1);
    if (at.isSenderTranslated()) {
      return nat.media(rtp, rtcp);
    }
    if (!at.expect(rtp)) {
      return false;
    }
    if (!at.expect(rtcp)) {
      at.unexpect(rtp);
      return false;
    }
    return true;
  }

  /** Expects data connections: {@code expect_t120}. */
  private boolean data(int place) {
    if (!IS_LOCAL.is(notes, place) || !isOffered(place + LOCAL_PLACE)) {
      return true;
    }
    Expectation e = at.backwards(Protocols.TCP, at.port);
    e.flags = Expectation.PERMANENT;
    return at.isSenderTranslated() ? nat.data(e) : at.expect(e);
  }
}
