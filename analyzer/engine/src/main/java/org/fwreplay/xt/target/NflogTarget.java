package org.fwreplay.xt.target;

import java.util.List;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.LogRequest;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j NFLOG}: hands the packet to a logging program. xt_NFLOG, libxt_NFLOG.
 *
 * @param length bytes of the packet to copy
 * @param copyLength whether {@code length} came from {@code --nflog-size}; {@code --nflog-range}
 *     has no effect
 * @param threshold packets that the kernel collects before it hands them over
 */
public record NflogTarget(LogRequest request, long length, boolean copyLength, int threshold)
    implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    /** {@code sizeof(prefix) - 1} of {@code struct xt_nflog_info}. */
    private static final int MAX_PREFIX = 63;

    @Override
    public String name() {
      return "NFLOG";
    }

    @Override
    public String summary() {
      return "hands the packet to a logging program";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("nflog-group", "number"),
          Option.of("nflog-prefix", "prefix"),
          Option.of("nflog-range", "bytes").excluding("length"),
          Option.of("nflog-size", "bytes").excluding("length"),
          Option.of("nflog-threshold", "packets"));
    }

    @Override
    public NflogTarget parse(Arguments arguments) {
      String prefix = "";
      int group = 0;
      long length = 0;
      int threshold = 0;
      for (Argument a : arguments.all()) {
        switch (a.option()) {
          case "nflog-group" -> group = (int) a.unsigned(0, 0xffff);
          case "nflog-prefix" -> prefix = LogPrefix.of(a, MAX_PREFIX);
          case "nflog-threshold" -> threshold = (int) a.unsigned(0, 0xffff);
          default -> length = a.unsigned(0, 0xffffffffL);
        }
      }
      return new NflogTarget(
          new LogRequest(prefix, -1, 0, group), length, arguments.has("nflog-size"), threshold);
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (!request.prefix().isEmpty()) {
      out.quoted("nflog-prefix", false, request.prefix());
    }
    if (request.group() != 0) {
      out.option("nflog-group", request.group());
    }
    if (copyLength) {
      out.option("nflog-size", length);
    } else if (length != 0) {
      out.option("nflog-range", length);
    }
    if (threshold != 0) {
      out.option("nflog-threshold", threshold);
    }
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    evaluation.services.log(packet, evaluation, request);
    return Verdict.CONTINUE;
  }
}
