package org.fwreplay.region;

import org.fwreplay.rule.RuleTarget;
import org.fwreplay.xt.Verdict;

/**
 * What a target does to the walk of a packet.
 *
 * @param ends whether no packet goes on behind it, in this chain or elsewhere
 * @param returns whether it leads back to the calling chain
 * @param accepts whether it may let a packet pass
 * @param isKnown whether the target is known to do no more than that
 * @param changes the dimensions in which packets that go on may have another value
 */
public record TargetEffect(
    boolean ends, boolean returns, boolean accepts, boolean isKnown, int changes) {
  /** Nobody changes the interfaces or the place in the whole packet. */
  private static final int ANYTHING =
      Dimension.ALL & ~(Dimension.IN.bit() | Dimension.OUT.bit() | Dimension.FRAGMENT.bit());

  private static final TargetEffect PASS = new TargetEffect(false, false, false, true, 0);
  private static final TargetEffect ACCEPT = new TargetEffect(true, false, true, true, 0);
  private static final TargetEffect DROP = new TargetEffect(true, false, false, true, 0);
  private static final TargetEffect RETURN = new TargetEffect(false, true, false, true, 0);

  /** The effect of a target; of one that is not known, the worst. Jumps by themselves have none. */
  public static TargetEffect of(RuleTarget target) {
    if (target instanceof RuleTarget.Standard standard) {
      return switch (standard.verdict()) {
        case Verdict.RETURN -> RETURN;
        case Verdict.DROP -> DROP;
        default -> ACCEPT;
      };
    }
    return target instanceof RuleTarget.Extension ? extension(target.name()) : PASS;
  }

  private static TargetEffect extension(String name) {
    int opaque = Dimension.OPAQUE;
    return switch (name) {
      case "REJECT" -> DROP;
      case "DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP", "NFQUEUE", "TPROXY" -> ACCEPT;
      case "LOG", "NFLOG", "ULOG", "TRACE", "AUDIT" -> PASS;
      case "MARK", "CONNMARK", "HMARK" -> changing(Dimension.MARK.bit() | opaque);
      case "CT", "NOTRACK" -> changing(Dimension.STATE.bit() | opaque);
      case "TOS",
          "DSCP",
          "ECN",
          "TTL",
          "HL",
          "TCPMSS",
          "TCPOPTSTRIP",
          "CHECKSUM",
          "CLASSIFY",
          "SECMARK",
          "CONNSECMARK",
          "TEE",
          "LED",
          "IDLETIMER",
          "RATEEST" ->
          changing(opaque);
      default -> new TargetEffect(false, false, true, false, ANYTHING);
    };
  }

  private static TargetEffect changing(int dimensions) {
    return new TargetEffect(false, false, false, true, dimensions);
  }
}
