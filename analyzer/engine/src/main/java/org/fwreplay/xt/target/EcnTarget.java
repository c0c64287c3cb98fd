package org.fwreplay.xt.target;

import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Checksums;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j ECN}: changes the ECN bits (RFC 3168) of IPv4 and of its TCP. ipt_ECN, libipt_ECN.
 *
 * @param ect codepoint for the IP header, -1 to leave it
 * @param tcpMask the TCP flags that are replaced, of {@link Tcp#ECE} and {@link Tcp#CWR}
 * @param tcpFlags what they are replaced with
 */
public record EcnTarget(int ect, int tcpMask, int tcpFlags) implements StatelessTarget {
  private static final int BOTH = Tcp.ECE | Tcp.CWR;

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "ECN";
    }

    @Override
    public String summary() {
      return "changes the bits of explicit congestion notification";
    }

    @Override
    public Set<Family> families() {
      return Set.of(Family.IPV4);
    }

    @Override
    public Set<String> tables() {
      return Set.of("mangle");
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.flag("ecn-tcp-remove"),
          Option.of("ecn-tcp-cwr", "0|1"),
          Option.of("ecn-tcp-ece", "0|1"),
          Option.of("ecn-ip-ect", "0..3"));
    }

    @Override
    public EcnTarget parse(Arguments arguments) {
      boolean single = arguments.has("ecn-tcp-cwr") || arguments.has("ecn-tcp-ece");
      if (single && arguments.has("ecn-tcp-remove")) {
        throw arguments.fail(
            "ECN: --ecn-tcp-remove cannot be used together with --ecn-tcp-cwr or --ecn-tcp-ece");
      }
      int ect = -1;
      int mask = 0;
      int flags = 0;
      for (Argument a : arguments.all()) {
        switch (a.option()) {
          case "ecn-tcp-remove" -> {
            mask = BOTH;
            // iptables forgets an --ecn-ip-ect that stands before
            ect = -1;
          }
          case "ecn-tcp-cwr" -> {
            mask |= Tcp.CWR;
            flags |= a.unsigned(0, 1) == 1 ? Tcp.CWR : 0;
          }
          case "ecn-tcp-ece" -> {
            mask |= Tcp.ECE;
            flags |= a.unsigned(0, 1) == 1 ? Tcp.ECE : 0;
          }
          default -> ect = (int) a.unsigned(0, 3);
        }
      }
      if (mask == 0 && ect < 0) {
        throw arguments.fail(
            "ECN: one of --ecn-tcp-remove, --ecn-tcp-cwr, --ecn-tcp-ece, --ecn-ip-ect is required");
      }
      if (mask != 0 && !arguments.names(Protocols.TCP)) {
        throw arguments.fail("ECN: changing TCP flags needs -p tcp in the rule");
      }
      return new EcnTarget(ect, mask, flags);
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (ect < 0 && tcpMask == BOTH && tcpFlags == 0) {
      out.flag("ecn-tcp-remove");
      return;
    }
    if ((tcpMask & Tcp.ECE) != 0) {
      out.option("ecn-tcp-ece", (tcpFlags & Tcp.ECE) != 0 ? 1 : 0);
    }
    if ((tcpMask & Tcp.CWR) != 0) {
      out.option("ecn-tcp-cwr", (tcpFlags & Tcp.CWR) != 0 ? 1 : 0);
    }
    if (ect >= 0) {
      out.option("ecn-ip-ect", ect);
    }
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    if (ect >= 0) {
      packet.setTos(packet.tos() & ~3 | ect);
    }
    if (tcpMask == 0 || packet.protocol != Protocols.TCP) {
      return Verdict.CONTINUE;
    }
    // like the kernel, this takes a later fragment's payload for a header
    int tcp = packet.transport;
    if (!packet.has(tcp, Tcp.MIN_LENGTH)) {
      return Verdict.DROP;
    }
    int before = packet.u16(tcp + Tcp.DATA_OFFSET);
    int after = before & ~tcpMask | tcpFlags;
    if (after != before) {
      Bytes.put16(packet.buffer, tcp + Tcp.DATA_OFFSET, after);
      int sum = tcp + Tcp.CHECKSUM;
      Bytes.put16(packet.buffer, sum, Checksums.update32(packet.u16(sum), before, after));
    }
    return Verdict.CONTINUE;
  }
}
