package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m ecn}: tests explicit congestion notification (RFC 3168). xt_ecn, libxt_ecn.
 *
 * @param tcpMask which of ECE and CWR are looked at
 * @param tcpFlags those of them that must be set, the others must not
 * @param codePoint of the IP header; -1 where it is not looked at
 */
public record EcnMatch(int tcpMask, int tcpFlags, int codePoint, boolean codePointInverted)
    implements StatelessMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "ecn";
    }

    @Override
    public String summary() {
      return "tests explicit congestion notification";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.flag("ecn-tcp-cwr").withInversion(),
          Option.flag("ecn-tcp-ece").withInversion(),
          Option.of("ecn-ip-ect", "0..3").withInversion());
    }

    @Override
    public EcnMatch parse(Arguments arguments) {
      if (arguments.all().isEmpty()) {
        throw arguments.fail("ecn needs an option");
      }
      int mask = 0;
      int flags = 0;
      if (arguments.has("ecn-tcp-cwr")) {
        mask |= Tcp.CWR;
        flags |= arguments.inverted("ecn-tcp-cwr") ? 0 : Tcp.CWR;
      }
      if (arguments.has("ecn-tcp-ece")) {
        mask |= Tcp.ECE;
        flags |= arguments.inverted("ecn-tcp-ece") ? 0 : Tcp.ECE;
      }
      if (mask != 0 && (arguments.protocol() != Protocols.TCP || arguments.protocolInverted())) {
        throw arguments.fail("ecn: --ecn-tcp-ece and --ecn-tcp-cwr need \"-p tcp\"");
      }
      Argument ect = arguments.find("ecn-ip-ect");
      return new EcnMatch(
          mask,
          flags,
          ect == null ? -1 : (int) ect.unsigned(0, 3),
          arguments.inverted("ecn-ip-ect"));
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    String ip = "ECN " + (packet.tos() & 3);
    if (tcpMask == 0 || !packet.has(evaluation.transport, Tcp.MIN_LENGTH)) {
      return ip;
    }
    int flags = packet.u8(evaluation.transport + Tcp.FLAGS);
    return ip + flag(flags, Tcp.ECE, "ECE") + flag(flags, Tcp.CWR, "CWR");
  }

  private static String flag(int flags, int flag, String name) {
    return (flags & flag) != 0 ? ", " + name : ", no " + name;
  }

  @Override
  public void save(RuleWriter out) {
    if ((tcpMask & Tcp.ECE) != 0) {
      out.flag("ecn-tcp-ece", (tcpFlags & Tcp.ECE) == 0);
    }
    if ((tcpMask & Tcp.CWR) != 0) {
      out.flag("ecn-tcp-cwr", (tcpFlags & Tcp.CWR) == 0);
    }
    if (codePoint >= 0) {
      out.option("ecn-ip-ect", codePointInverted, codePoint);
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    if (codePoint >= 0 && (packet.tos() & 3) == codePoint == codePointInverted) {
      return false;
    }
    int at = evaluation.transport;
    return tcpMask == 0
        || packet.has(at, Tcp.MIN_LENGTH) && (packet.u8(at + Tcp.FLAGS) & tcpMask) == tcpFlags;
  }
}
