package org.fwreplay.xt.match;

import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m l2tp}: tests tunnel, session, version and kind of L2TP packets (RFC 2661, RFC 3931), in
 * UDP or in IP. xt_l2tp; iptables itself has no half of it.
 *
 * @param tunnel -1 where it was not given
 * @param session -1 where it was not given
 * @param version 2 or 3, -1 where it was not given
 * @param control whether it must be a control packet; null where it was not given
 */
public record L2tpMatch(long tunnel, long session, int version, Boolean control)
    implements StatelessMatch {
  private static final long MAX_ID = 0xffff_ffffL;
  private static final long MAX_ID_OF_2 = 0xffff;
  private static final int CONTROL_BIT = 0x8000;
  private static final int LENGTH_BIT = 0x4000;
  private static final int VERSION_BITS = 0xf;

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "l2tp";
    }

    @Override
    public String summary() {
      return "tests tunnel and session of L2TP";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.UDP, Protocols.L2TP);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("tid", "tunnel"),
          Option.of("sid", "session"),
          Option.of("pversion", "2|3"),
          Option.of("type", "control|data"));
    }

    @Override
    public L2tpMatch parse(Arguments arguments) {
      Argument type = arguments.find("type");
      if (type != null && !type.text().equals("control") && !type.text().equals("data")) {
        throw type.fail("--type: \"" + type.text() + "\" is none of control, data");
      }
      Argument version = arguments.find("pversion");
      int v = version == null ? -1 : (int) version.number(version.text(), 2, 3);
      if (v == 2 && arguments.protocol() == Protocols.L2TP) {
        throw version.fail("--pversion 2: only version 3 comes in IP without UDP");
      }
      Boolean control = type == null ? null : type.text().equals("control");
      long tunnel = id(arguments.find("tid"), v);
      long session = id(arguments.find("sid"), v);
      if (tunnel < 0 && session < 0 && !Boolean.TRUE.equals(control)) {
        throw arguments.fail("l2tp needs \"--tid\", \"--sid\" or \"--type control\"");
      }
      return new L2tpMatch(tunnel, session, v, control);
    }

    private static long id(Argument argument, int version) {
      long max = version == 2 ? MAX_ID_OF_2 : MAX_ID;
      return argument == null ? -1 : argument.number(argument.text(), 0, max);
    }
  }

  @Override
  public void save(RuleWriter out) {
    save(out, "tid", tunnel);
    save(out, "sid", session);
    save(out, "pversion", version);
    if (control != null) {
      out.option("type", false, control ? "control" : "data");
    }
  }

  private static void save(RuleWriter out, String name, long value) {
    if (value >= 0) {
      out.option(name, false, String.valueOf(value));
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    int at = evaluation.transport;
    return packet.protocol == Protocols.UDP
        ? evaluation.fragmentOffset == 0 && inUdp(packet, at + Udp.LENGTH)
        : inIp(packet, at, packet.ipv6 ? evaluation.fragmentOffset : 0);
  }

  private boolean inUdp(Packet p, int at) {
    if (!p.has(at, 2)) {
      return false;
    }
    int flags = p.u16(at);
    boolean isControl = (flags & CONTROL_BIT) != 0;
    int found = flags & VERSION_BITS;
    if (found == 2) {
      int ids = at + 2 + ((flags & LENGTH_BIT) != 0 ? 2 : 0);
      return p.has(ids, 4) && holds(found, isControl, p.u16(ids), p.u16(ids + 2));
    }
    if (found != 3 || !p.has(at + 4, 4)) {
      return false;
    }
    long id = p.u32(at + 4) & MAX_ID;
    return holds(found, isControl, isControl ? id : 0, isControl ? 0 : id);
  }

  /** In IP, a session of 0 tells a control packet. */
  private boolean inIp(Packet p, int at, int fragmentOffset) {
    if (fragmentOffset != 0 || !p.has(at, 4)) {
      return false;
    }
    long id = p.u32(at) & MAX_ID;
    if (id != 0) {
      return holds(3, false, 0, id);
    }
    return p.has(at + 8, 4) && holds(3, true, p.u32(at + 8) & MAX_ID, 0);
  }

  /** Version 3 has the tunnel in control packets only, and sessions are those of data. */
  private boolean holds(int v, boolean isControl, long tid, long sid) {
    return (control == null || control == isControl)
        && (version < 0 || version == v)
        && (tunnel < 0 || !isControl && v != 2 || tunnel == tid)
        && (session < 0 || isControl || session == sid);
  }
}
