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
 * IRC's DCC: {@code PRIVMSG nick :^ADCC SEND file ADDRESS PORT ...}, the address as one decimal
 * number. nf_conntrack_irc, nf_nat_irc.
 */
final class IrcHelper implements ConntrackHelper {
  private static final int SEARCHED = 4095;

  /** The least there can be behind the word PRIVMSG, and from the text's colon on. */
  private static final int MIN_TARGET = 10;

  private static final int MIN_TEXT = 26;

  private static final byte[] PRIVMSG = NatHelper.bytes("PRIVMSG ");
  private static final byte[] TEXT = NatHelper.bytes(" :");
  private static final byte[] DCC = NatHelper.bytes("\001DCC ");
  private static final byte[][] KINDS = {
    NatHelper.bytes("SEND "),
    NatHelper.bytes("CHAT "),
    NatHelper.bytes("MOVE "),
    NatHelper.bytes("TSEND "),
    NatHelper.bytes("SCHAT "),
  };

  private final Conntrack conntrack;
  private final NatHelper nat;
  private final ExpectationPolicy policy;

  // The announcement at hand; offsets into the packet's buffer.
  private long address;
  private int port;
  private int start;
  private int behind;

  IrcHelper(HelperContext context) {
    conntrack = context.conntrack();
    nat = new NatHelper(context);
    policy =
        ExpectationPolicy.of(
            context.host().sysctls().getInt("nf_conntrack_irc.max_dcc_channels", 8),
            context.host().sysctls().getInt("nf_conntrack_irc.dcc_timeout", 300));
  }

  @Override
  public String name() {
    return "irc";
  }

  @Override
  public ExpectationPolicy policy(int expectationClass) {
    return policy;
  }

  @Override
  public int help(Packet p, Connection ct, int info) {
    if (info != CtInfo.ESTABLISHED) {
      return Conntrack.ACCEPT;
    }
    int payload = NatHelper.tcpPayload(p);
    if (payload >= p.end || !find(p.buffer, payload, Math.min(p.end, payload + SEARCHED))) {
      return Conntrack.ACCEPT;
    }
    if (port == 0 || address != ct.original.sourceLo && address != ct.reply.destinationLo) {
      return Conntrack.ACCEPT;
    }
    return expect(p, ct, info, payload) ? Conntrack.ACCEPT : Conntrack.DROP;
  }

  private boolean find(byte[] b, int from, int limit) {
    int at = from;
    while (at < limit - MIN_TARGET && (b[at] == ' ' || b[at] == '\r' || b[at] == '\n')) {
      at++;
    }
    if (at < limit - MIN_TARGET) {
      if (!Text.startsWithIgnoringCase(b, at, PRIVMSG)) {
        return false;
      }
      at += PRIVMSG.length;
    }
    while (at < limit - MIN_TEXT) {
      if (!Text.startsWith(b, at, TEXT)) {
        at++;
        continue;
      }
      at += TEXT.length;
      if (!Text.startsWith(b, at, DCC)) {
        return false;
      }
      at += DCC.length;
      for (byte[] kind : KINDS) {
        if (Text.startsWith(b, at, kind)) {
          return parse(b, at + kind.length, limit);
        }
      }
    }
    return false;
  }

  /** File name, address and port; {@code parse_dcc}. */
  private boolean parse(byte[] b, int from, int limit) {
    int at = from;
    while (b[at++] != ' ') {
      if (at > limit - 12) {
        return false;
      }
    }
    if (Text.indexOf(b, at, limit, '\n') < 0) {
      return false;
    }
    start = at;
    at = Text.skipDigits(b, at, limit);
    address = Text.number(b, start, at) & 0xffffffffL;
    while (b[at] == ' ') {
      at++;
    }
    behind = Text.skipDigits(b, at, limit);
    port = (int) Text.number(b, at, behind) & 0xffff;
    return true;
  }

  private boolean expect(Packet p, Connection ct, int info, int payload) {
    Tuple reply = ct.reply;
    Expectation e =
        new Expectation(ct, 0, Protocols.TCP).to(reply.destinationHi, reply.destinationLo, port);
    Text.announce(e, p.buffer, payload, start, p.end);
    if (!NatHelper.isTranslated(ct)) {
      return conntrack.expectations().expect(e) == Expectations.EXPECTED;
    }
    e.savedPort = port;
    e.direction = Connection.REPLY;
    e.function = nat::followMaster;
    int free = nat.expectAtFreePort(e, port);
    if (free == 0) {
      return false;
    }
    byte[] text = NatHelper.bytes(reply.destinationLo + " " + free);
    if (!nat.mangleTcp(p, ct, info, start - payload, behind - start, text)) {
      conntrack.expectations().remove(e);
      return false;
    }
    return true;
  }
}
