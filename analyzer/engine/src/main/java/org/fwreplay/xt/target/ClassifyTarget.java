package org.fwreplay.xt.target;

import java.math.BigInteger;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fwreplay.packet.Hook;
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
 * {@code -j CLASSIFY}: puts the packet into a traffic class. Queueing disciplines look at it, no
 * rule does. xt_CLASSIFY, libxt_CLASSIFY.
 *
 * @param priority {@code skb->priority}: major number in the upper 16 bits, minor in the lower
 */
public record ClassifyTarget(int priority) implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    @Override
    public String name() {
      return "CLASSIFY";
    }

    @Override
    public String summary() {
      return "puts the packet into a traffic class";
    }

    @Override
    public Set<Hook> hooks() {
      return EnumSet.of(Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("set-class", "major:minor").required());
    }

    /** As C's {@code sscanf} reads {@code %x:%x}: signs, {@code 0x} and what follows are passed. */
    private static final Pattern CLASS =
        Pattern.compile(
            "\\s*([+-]?)(?:0[xX])?([0-9a-fA-F]+):\\s*([+-]?)(?:0[xX])?([0-9a-fA-F]+).*");

    @Override
    public ClassifyTarget parse(Arguments arguments) {
      Argument value = arguments.get("set-class");
      Matcher m = CLASS.matcher(value.text());
      if (!m.matches()) {
        throw value.fail(
            "--set-class: \"" + value.text() + "\" is not MAJOR:MINOR, both hexadecimal");
      }
      int major = number(m.group(1), m.group(2));
      return new ClassifyTarget(major << 16 | number(m.group(3), m.group(4)) & 0xffff);
    }

    private static int number(String sign, String digits) {
      BigInteger most = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
      int value = new BigInteger(digits, 16).min(most).intValue();
      return sign.equals("-") ? -value : value;
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("set-class", String.format("%04x:%04x", priority >>> 16, priority & 0xffff));
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    return Verdict.CONTINUE;
  }
}
