package org.fwreplay.xt.target;

import java.util.List;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessTarget;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j IDLETIMER}: starts a timer anew that tells programs when no packet came for a while.
 * The packet goes on. xt_IDLETIMER, libxt_IDLETIMER revision 1.
 *
 * @param timeout seconds
 * @param label the timer's name in sysfs
 * @param alarm whether the timer wakes a sleeping system
 */
public record IdletimerTarget(int timeout, String label, boolean alarm) implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "IDLETIMER";
    }

    @Override
    public String summary() {
      return "starts a timer anew that tells when packets stay away";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("timeout", "seconds").required(),
          Option.of("label", "name").required(),
          Option.flag("alarm"));
    }

    /** The kernel counts in milliseconds of 31 bits. */
    private static final int MAX_TIMEOUT = Integer.MAX_VALUE / 1000 - 1;

    private static final int MAX_LABEL = 27;

    @Override
    public IdletimerTarget parse(Arguments arguments) {
      int timeout = (int) arguments.get("timeout").unsigned(1, MAX_TIMEOUT);
      Argument label = arguments.get("label");
      if (label.text().isEmpty()) {
        throw label.fail("--label: the label is empty");
      }
      String text = label.text().substring(0, Math.min(label.text().length(), MAX_LABEL));
      if (text.indexOf('/') >= 0) {
        throw label.fail("--label: \"" + text + "\" cannot be a file in /sys/class/xt_idletimer");
      }
      return new IdletimerTarget(timeout, text, arguments.has("alarm"));
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("timeout", timeout).option("label", label);
    if (alarm) {
      out.flag("alarm");
    }
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    return Verdict.CONTINUE;
  }
}
