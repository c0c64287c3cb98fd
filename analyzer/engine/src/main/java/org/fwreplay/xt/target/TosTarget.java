package org.fwreplay.xt.target;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
 * {@code -j TOS}: changes IPv4's TOS byte or IPv6's traffic class: clears the bits of {@code mask},
 * XORs {@code value} in. xt_DSCP, libxt_TOS revision 1.
 */
public record TosTarget(int value, int mask) implements StatelessTarget {

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    private static final String OPERATION = "operation";

    /** A name leaves the two upper bits of the precedence alone. */
    private static final int NAME_MASK = 0x3f;

    /** RFC 1349 section 4. */
    private static final Map<String, Integer> NAMES = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    static {
      NAMES.put("Minimize-Delay", 0x10);
      NAMES.put("Maximize-Throughput", 0x08);
      NAMES.put("Maximize-Reliability", 0x04);
      NAMES.put("Minimize-Cost", 0x02);
      NAMES.put("Normal-Service", 0x00);
    }

    @Override
    public String name() {
      return "TOS";
    }

    @Override
    public String summary() {
      return "changes the type of service byte or traffic class";
    }

    @Override
    public Set<String> tables() {
      return Set.of("mangle");
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("set-tos", "value[/mask]|name").excluding(OPERATION),
          Option.of("and-tos", "bits").excluding(OPERATION),
          Option.of("or-tos", "bits").excluding(OPERATION),
          Option.of("xor-tos", "bits").excluding(OPERATION));
    }

    @Override
    public TosTarget parse(Arguments arguments) {
      for (Argument a : arguments.all()) {
        switch (a.option()) {
          case "set-tos" -> {
            return set(a);
          }
          case "and-tos" -> {
            return new TosTarget(0, ~(int) a.unsigned(0, 255) & 255);
          }
          case "or-tos" -> {
            int bits = (int) a.unsigned(0, 255);
            return new TosTarget(bits, bits);
          }
          case "xor-tos" -> {
            return new TosTarget((int) a.unsigned(0, 255), 0);
          }
          default -> throw new AssertionError(a.option());
        }
      }
      throw arguments.fail("TOS: one of --set-tos, --and-tos, --or-tos, --xor-tos is required");
    }

    private static TosTarget set(Argument a) {
      String text = a.text();
      if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
        Integer named = NAMES.get(text);
        if (named == null) {
          throw a.fail(
              "--set-tos: \"" + text + "\" is neither a number nor one of " + NAMES.keySet());
        }
        return new TosTarget(named, NAME_MASK);
      }
      int cut = text.indexOf('/');
      if (cut < 0) {
        return new TosTarget((int) a.number(text, 0, 255), 255);
      }
      return new TosTarget(
          (int) a.number(text.substring(0, cut), 0, 255),
          (int) a.number(text.substring(cut + 1), 0, 255));
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("set-tos", String.format("0x%02x/0x%02x", value, mask));
  }

  @Override
  public int apply(Packet packet, Evaluation evaluation) {
    packet.setTos((packet.tos() & ~mask & 255) ^ value);
    return Verdict.CONTINUE;
  }
}
