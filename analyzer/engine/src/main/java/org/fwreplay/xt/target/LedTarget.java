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
 * {@code -j LED}: lights a lamp; the packet goes on. xt_LED, libxt_LED.
 *
 * @param trigger the name of the LED trigger behind {@code netfilter-}
 * @param delay milliseconds that the lamp stays lit; -1 for ever
 * @param alwaysBlink whether the lamp blinks though it is lit
 */
public record LedTarget(String trigger, int delay, boolean alwaysBlink) implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "LED";
    }

    @Override
    public String summary() {
      return "lights a lamp";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("led-trigger-id", "name").required(),
          Option.of("led-delay", "milliseconds|inf"),
          Option.flag("led-always-blink"));
    }

    /** What {@code netfilter-} leaves of the kernel's 27 bytes. */
    private static final int MAX_ID = 16;

    @Override
    public LedTarget parse(Arguments arguments) {
      Argument id = arguments.get("led-trigger-id");
      if (id.text().length() > MAX_ID) {
        throw id.fail("--led-trigger-id: \"" + id.text() + "\" has more than 16 characters");
      }
      Argument delay = arguments.find("led-delay");
      return new LedTarget(id.text(), delay(delay), arguments.has("led-always-blink"));
    }

    private static int delay(Argument delay) {
      if (delay == null) {
        return 0;
      }
      boolean forever = delay.text().regionMatches(true, 0, "inf", 0, 3);
      return forever ? -1 : (int) delay.unsigned(0, 0xffffffffL);
    }
  }

  /** The delay is unsigned in the kernel: iptables never comes to print {@code inf}. */
  @Override
  public void save(RuleWriter out) {
    String escaped = trigger.replace("\\", "\\\\").replace("\"", "\\\"");
    out.option("led-trigger-id", "\"" + escaped + "\"");
    if (delay != 0) {
      out.option("led-delay", delay);
    }
    if (alwaysBlink) {
      out.flag("led-always-blink");
    }
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    return Verdict.CONTINUE;
  }
}
