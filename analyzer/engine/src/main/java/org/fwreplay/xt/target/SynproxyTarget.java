package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.conntrack.TransportChecksums;
import org.fwreplay.packet.Hook;
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
 * {@code -j SYNPROXY}: answers connection requests in the server's place, with a cookie for a
 * sequence number that no replay can know. The packets are taken, as Linux takes them, and are
 * undecided; nothing is sent in their place. ipt_SYNPROXY, ip6t_SYNPROXY, libxt_SYNPROXY.
 *
 * @param wscale -1 for none
 * @param mss -1 for none
 */
public record SynproxyTarget(boolean sackPerm, boolean timestamp, int wscale, int mss, boolean ecn)
    implements StatelessTarget {
  private static final int ROLE = Tcp.SYN | Tcp.ACK | Tcp.FIN | Tcp.RST;

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "SYNPROXY";
    }

    @Override
    public String summary() {
      return "answers connection requests in the place of the server";
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.INPUT, Hook.FORWARD);
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.TCP);
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.flag("sack-perm"),
          Option.flag("timestamp"),
          Option.of("wscale", "shift"),
          Option.of("mss", "bytes"),
          Option.flag("ecn"));
    }

    /** The kernel keeps 8 bits of the scale and 16 of the segment size. */
    @Override
    public SynproxyTarget parse(Arguments arguments) {
      return new SynproxyTarget(
          arguments.has("sack-perm"),
          arguments.has("timestamp"),
          value(arguments.find("wscale"), 0xff),
          value(arguments.find("mss"), 0xffff),
          arguments.has("ecn"));
    }

    private static int value(Argument a, int kept) {
      return a == null ? -1 : (int) a.unsigned(0, 0xffffffffL) & kept;
    }
  }

  @Override
  public void save(RuleWriter out) {
    flag(out, sackPerm, "sack-perm");
    flag(out, timestamp, "timestamp");
    value(out, wscale, "wscale");
    value(out, mss, "mss");
    flag(out, ecn, "ecn");
  }

  private static void flag(RuleWriter out, boolean set, String name) {
    if (set) {
      out.flag(name);
    }
  }

  private static void value(RuleWriter out, int value, String name) {
    if (value >= 0) {
      out.option(name, value);
    }
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public String assumption() {
    return "SYNPROXY: its cookies cannot be known; what it takes is undecided and answered by"
        + " nothing";
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    if (!isSound(packet, evaluation.transport)) {
      return Verdict.DROP;
    }
    int flags = packet.u8(evaluation.transport + Tcp.FLAGS) & ROLE;
    if (flags != Tcp.SYN && flags != Tcp.ACK) {
      return Verdict.CONTINUE;
    }
    evaluation.undecided(packet);
    return Verdict.STOLEN;
  }

  /** Whether the checksum is right, and the header there with all its options. */
  private static boolean isSound(Packet packet, int at) {
    if (!packet.has(at, Tcp.MIN_LENGTH) || !TransportChecksums.good(packet)) {
      return false;
    }
    int length = (packet.u8(at + Tcp.DATA_OFFSET) >> 4) * 4;
    return length >= Tcp.MIN_LENGTH && packet.has(at, length);
  }
}
