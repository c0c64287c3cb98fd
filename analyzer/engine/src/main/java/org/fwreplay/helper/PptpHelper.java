package org.fwreplay.helper;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.conntrack.ConntrackHelper;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.conntrack.Expectation;
import org.fwreplay.conntrack.ExpectationPolicy;
import org.fwreplay.conntrack.Expectations;
import org.fwreplay.conntrack.GreKeymap;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.conntrack.TupleReader;
import org.fwreplay.nat.Nat;
import org.fwreplay.nat.NatRange;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;

/**
 * PPTP (RFC 2637): the control connection agrees on two call ids, which are the keys of the GRE
 * packets of both directions. The client (PNS) calls the server (PAC). NAT makes the translated TCP
 * port the client's call id. nf_conntrack_pptp, nf_nat_pptp.
 */
final class PptpHelper implements ConntrackHelper {
  private static final ExpectationPolicy POLICY = ExpectationPolicy.of(2, 300);

  private static final int CONTROL = 1;
  private static final long MAGIC_COOKIE = 0x1a2b3c4d;

  /** Offsets of the message type and of what follows the headers. */
  private static final int MESSAGE_TYPE = 8;

  private static final int MESSAGE = 12;

  private static final int START_REQUEST = 1;
  private static final int START_REPLY = 2;
  private static final int STOP_REQUEST = 3;
  private static final int STOP_REPLY = 4;
  private static final int ECHO_REQUEST = 5;
  private static final int ECHO_REPLY = 6;
  private static final int OUT_CALL_REQUEST = 7;
  private static final int OUT_CALL_REPLY = 8;
  private static final int IN_CALL_REQUEST = 9;
  private static final int IN_CALL_REPLY = 10;
  private static final int IN_CALL_CONNECT = 11;
  private static final int CALL_CLEAR_REQUEST = 12;
  private static final int CALL_DISCONNECT_NOTIFY = 13;
  private static final int WAN_ERROR_NOTIFY = 14;
  private static final int SET_LINK_INFO = 15;

  /** The least length of each kind of message, headers not counted. */
  private static final int[] LENGTHS = {
    0, 144, 144, 4, 4, 0, 0, 156, 20, 208, 12, 16, 4, 136, 28, 12
  };

  /** What results of all messages say of success. */
  private static final int GOOD = 1;

  private final Conntrack conntrack;
  private final NatHelper mangler;
  private final Nat nat;

  PptpHelper(HelperContext context) {
    conntrack = context.conntrack();
    mangler = new NatHelper(context);
    nat = context.nat();
  }

  /** In the order that comparisons rely on. */
  private enum Session {
    NONE,
    ERROR,
    STOP_REQUESTED,
    REQUESTED,
    CONFIRMED
  }

  private enum Call {
    NONE,
    OUT_REQUESTED,
    OUT_CONFIRMED,
    IN_REQUESTED,
    IN_REPLIED,
    IN_CONFIRMED,
    CLEAR_REQUESTED
  }

  /** What is known of a control connection. */
  private static final class Control {
    Session session = Session.NONE;
    Call call = Call.NONE;

    /** Call ids as the server knows them. */
    int pac;

    int pns;

    /** As they were before NAT. */
    int natPac;

    int natPns;

    /** Entries of the GRE keymap by direction. */
    final Tuple[] keys = new Tuple[2];
  }

  private static Control control(Connection ct) {
    if (ct.help.data == null) {
      ct.help.data = new Control();
    }
    return (Control) ct.help.data;
  }

  @Override
  public String name() {
    return "pptp";
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
    int at = NatHelper.tcpPayload(p);
    if (!p.has(at, MESSAGE) || p.u16(at + 2) != CONTROL || p.u32(at + 4) != MAGIC_COOKIE) {
      return Conntrack.ACCEPT;
    }
    int type = p.u16(at + MESSAGE_TYPE);
    int message = at + MESSAGE;
    if (type == 0 || type >= LENGTHS.length || !p.has(message, LENGTHS[type])) {
      return Conntrack.ACCEPT;
    }
    Control c = control(ct);
    boolean original = info == CtInfo.ESTABLISHED;
    boolean valid = original ? outbound(p, c, type, message) : inbound(p, ct, c, type, message);
    if (!valid || !NatHelper.isTranslated(ct)) {
      return Conntrack.ACCEPT;
    }
    boolean good = original ? translateOutbound(p, ct, c, type) : translateInbound(p, ct, c, type);
    return good ? Conntrack.ACCEPT : Conntrack.DROP;
  }

  // -- the client's messages ---------------------------------------------------------------------

  private static boolean outbound(Packet p, Control c, int type, int at) {
    switch (type) {
      case START_REQUEST:
        if (c.session != Session.NONE) {
          return false;
        }
        c.session = Session.REQUESTED;
        return true;
      case STOP_REQUEST:
        c.session = Session.STOP_REQUESTED;
        return true;
      case OUT_CALL_REQUEST:
        if (c.session != Session.CONFIRMED) {
          return false;
        }
        c.call = Call.OUT_REQUESTED;
        c.pns = p.u16(at);
        return true;
      case IN_CALL_REPLY:
        return inCallReply(p, c, at);
      case CALL_CLEAR_REQUEST:
        if (c.session != Session.CONFIRMED) {
          return false;
        }
        c.call = Call.CLEAR_REQUESTED;
        return true;
      default:
        return type == SET_LINK_INFO || type == ECHO_REQUEST || type == ECHO_REPLY;
    }
  }

  private static boolean inCallReply(Packet p, Control c, int at) {
    boolean asked = c.call == Call.IN_REQUESTED || c.call == Call.IN_REPLIED;
    if (!asked || c.pac != p.u16(at + 2)) {
      return false;
    }
    if (p.u8(at + 4) == GOOD) {
      c.call = Call.IN_REPLIED;
      c.pns = p.u16(at);
    } else {
      c.call = Call.NONE;
    }
    return true;
  }

  private boolean translateOutbound(Packet p, Connection ct, Control c, int type) {
    switch (type) {
      case OUT_CALL_REQUEST:
        c.natPns = c.pns;
        c.pns = ct.reply.destinationPort;
        return writeId(p, ct, CtInfo.ESTABLISHED, 0, c.pns);
      case IN_CALL_REPLY, CALL_CLEAR_REQUEST:
        return writeId(p, ct, CtInfo.ESTABLISHED, 0, c.pns);
      default:
        return true;
    }
  }

  private boolean writeId(Packet p, Connection ct, int info, int offset, int id) {
    byte[] with = {(byte) (id >> 8), (byte) id};
    return mangler.mangleTcp(p, ct, info, MESSAGE + offset, with.length, with);
  }

  // -- the server's messages ---------------------------------------------------------------------

  private boolean inbound(Packet p, Connection ct, Control c, int type, int at) {
    switch (type) {
      case START_REPLY:
        if (c.session.compareTo(Session.REQUESTED) < 0) {
          return false;
        }
        c.session = p.u8(at + 2) == GOOD ? Session.CONFIRMED : Session.ERROR;
        return true;
      case STOP_REPLY:
        if (c.session.compareTo(Session.STOP_REQUESTED) > 0) {
          return false;
        }
        c.session = p.u8(at) == GOOD ? Session.NONE : Session.ERROR;
        return true;
      case OUT_CALL_REPLY:
        return outCallReply(p, ct, c, at);
      case IN_CALL_REQUEST:
        if (c.session != Session.CONFIRMED) {
          return false;
        }
        c.call = Call.IN_REQUESTED;
        c.pac = p.u16(at);
        return true;
      case IN_CALL_CONNECT:
        return inCallConnect(p, ct, c, at);
      case CALL_DISCONNECT_NOTIFY:
        c.call = Call.NONE;
        destroySiblings(ct, c);
        return true;
      default:
        return type == WAN_ERROR_NOTIFY
            || type == SET_LINK_INFO
            || type == ECHO_REQUEST
            || type == ECHO_REPLY;
    }
  }

  private boolean outCallReply(Packet p, Connection ct, Control c, int at) {
    boolean asked = c.call == Call.OUT_REQUESTED || c.call == Call.OUT_CONFIRMED;
    if (c.session != Session.CONFIRMED || !asked || c.pns != p.u16(at + 2)) {
      return false;
    }
    if (p.u8(at + 4) == GOOD) {
      c.call = Call.OUT_CONFIRMED;
      c.pac = p.u16(at);
      expectGre(p, ct, c);
    } else {
      c.call = Call.NONE;
    }
    return true;
  }

  private boolean inCallConnect(Packet p, Connection ct, Control c, int at) {
    boolean asked = c.call == Call.IN_REPLIED || c.call == Call.IN_CONFIRMED;
    if (c.session != Session.CONFIRMED || !asked || c.pns != p.u16(at)) {
      return false;
    }
    c.call = Call.IN_CONFIRMED;
    expectGre(p, ct, c);
    return true;
  }

  private boolean translateInbound(Packet p, Connection ct, Control c, int type) {
    switch (type) {
      case OUT_CALL_REPLY:
        return writeId(p, ct, CtInfo.ESTABLISHED_REPLY, 2, c.natPns);
      case IN_CALL_CONNECT, WAN_ERROR_NOTIFY, CALL_DISCONNECT_NOTIFY, SET_LINK_INFO:
        return writeId(p, ct, CtInfo.ESTABLISHED_REPLY, 0, c.natPns);
      default:
        return true;
    }
  }

  // -- GRE ---------------------------------------------------------------------------------------

  /** Waits for the packets of both directions; the first that comes calls the other off. */
  private void expectGre(Packet p, Connection ct, Control c) {
    Expectation original = gre(ct, ct.original, c.pns, c.pac);
    Expectation reply = gre(ct, ct.reply, c.pac, c.pns);
    int message = NatHelper.tcpPayload(p) + MESSAGE;
    original.announced(p.buffer, message, p.end);
    reply.announced(p.buffer, message, p.end);
    if (NatHelper.isTranslated(ct)) {
      c.natPac = c.pac;
      original.savedPort = c.pns;
      original.fromPort(c.natPns);
      original.direction = Connection.ORIGINAL;
      reply.savedPort = c.natPns;
      reply.fromPort(c.natPac);
      reply.direction = Connection.REPLY;
    }
    Expectations all = conntrack.expectations();
    if (all.expect(original) != Expectations.EXPECTED) {
      return;
    }
    if (all.expect(reply) != Expectations.EXPECTED) {
      all.remove(original);
      return;
    }
    boolean kept = note(c, Connection.ORIGINAL, original.tuple);
    if (kept && !note(c, Connection.REPLY, reply.tuple)) {
      forgetKeys(c);
      kept = false;
    }
    if (!kept) {
      all.remove(reply);
      all.remove(original);
    }
  }

  private Expectation gre(Connection ct, Tuple t, int source, int destination) {
    Expectation e =
        new Expectation(ct, 0, Protocols.GRE)
            .from(t.sourceHi, t.sourceLo)
            .fromPort(source)
            .to(t.destinationHi, t.destinationLo, destination);
    e.function = this::expected;
    return e;
  }

  /** Whether the key is noted, or was for the same packets. */
  private boolean note(Control c, int direction, Tuple t) {
    if (c.keys[direction] != null) {
      return GreKeymap.matches(c.keys[direction], t);
    }
    Tuple key = new Tuple();
    key.set(t);
    c.keys[direction] = key;
    conntrack.greKeymap().add(key);
    return true;
  }

  private void forgetKeys(Control c) {
    for (int i = 0; i < c.keys.length; i++) {
      if (c.keys[i] != null) {
        conntrack.greKeymap().remove(c.keys[i]);
        c.keys[i] = null;
      }
    }
  }

  private void expected(Connection ct, Expectation e) {
    Connection master = ct.master;
    Tuple other = new Tuple();
    if (!NatHelper.isTranslated(master)) {
      TupleReader.invert(e.tuple, other);
      callOff(other);
      return;
    }
    Control c = control(master);
    other.set(master.tuple(1 - e.direction));
    other.protocol = Protocols.GRE;
    // From the server Linux takes ids that it has noted nowhere: the other direction stays
    // expected.
    other.sourcePort = e.direction == Connection.ORIGINAL ? c.pac : 0;
    other.destinationPort = e.direction == Connection.ORIGINAL ? c.pns : 0;
    callOff(other);
    translate(ct, e);
  }

  private void callOff(Tuple t) {
    Expectation e = conntrack.expectations().find(t);
    if (e != null) {
      conntrack.expectations().remove(e);
    }
  }

  private void translate(Connection ct, Expectation e) {
    Tuple answer = ct.master.tuple(1 - e.direction);
    boolean original = e.direction == Connection.ORIGINAL;
    nat.setup(ct, range(answer.destinationHi, answer.destinationLo, e, original), Nat.SOURCE);
    nat.setup(ct, range(answer.sourceHi, answer.sourceLo, e, !original), Nat.DESTINATION);
  }

  private static NatRange range(long hi, long lo, Expectation e, boolean key) {
    return key ? NatRange.of(hi, lo, e.savedPort) : NatRange.of(hi, lo);
  }

  // -- the end -----------------------------------------------------------------------------------

  @Override
  public void destroyed(Connection ct) {
    destroySiblings(ct, control(ct));
  }

  @Override
  public void childDestroyed(Connection master, Connection child) {
    if (child.original.protocol == Protocols.GRE) {
      forgetKeys(control(master));
    }
  }

  private void destroySiblings(Connection ct, Control c) {
    forgetKeys(c);
    destroy(ct.original, c.pns, c.pac);
    destroy(ct.reply, c.pac, c.pns);
  }

  private void destroy(Tuple of, int source, int destination) {
    Tuple t = new Tuple();
    t.set(of);
    t.protocol = Protocols.GRE;
    t.sourcePort = source;
    t.destinationPort = destination;
    Tuple sibling = conntrack.find(t);
    if (sibling != null) {
      conntrack.kill(sibling.connection());
    } else {
      callOff(t);
    }
  }
}
