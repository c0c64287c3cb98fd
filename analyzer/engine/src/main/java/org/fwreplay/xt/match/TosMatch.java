package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;
import org.fwreplay.xt.Validity;

/** {@code -m tos}: tests IPv4's TOS byte or IPv6's traffic class. xt_dscp, libxt_tos. */
public record TosMatch(int value, int mask, boolean inverted) implements StatelessMatch {

  /** Symbolic values (RFC 1349); they leave out the two bits that are ECN's today. */
  private enum Symbol {
    NORMAL_SERVICE(0),
    MINIMIZE_COST(0x02),
    MAXIMIZE_RELIABILITY(0x04),
    MAXIMIZE_THROUGHPUT(0x08),
    MINIMIZE_DELAY(0x10);

    private static final int MASK = 0x3f;
    private final int value;

    Symbol(int value) {
      this.value = value;
    }

    private String text() {
      return name().replace('_', '-');
    }
  }

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "tos";
    }

    @Override
    public String summary() {
      return "tests the type of service or traffic class";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("tos", "value[/mask]|symbol").withInversion().required());
    }

    @Override
    public TosMatch parse(Arguments arguments) {
      Argument argument = arguments.get("tos");
      String text = argument.text();
      for (Symbol symbol : Symbol.values()) {
        if (symbol.text().equalsIgnoreCase(text)) {
          return new TosMatch(symbol.value, Symbol.MASK, argument.inverted());
        }
      }
      if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
        throw argument.fail(
            "--tos: \""
                + text
                + "\" is neither VALUE[/MASK] nor Normal-Service, Minimize-Cost,"
                + " Maximize-Reliability, Maximize-Throughput or Minimize-Delay");
      }
      int cut = text.indexOf('/');
      long value = argument.number(cut < 0 ? text : text.substring(0, cut), 0, 255);
      long mask = cut < 0 ? 255 : argument.number(text.substring(cut + 1), 0, 255);
      return new TosMatch((int) value, (int) mask, argument.inverted());
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return "TOS 0x" + Integer.toHexString(packet.tos());
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    out.option("tos", inverted, String.format("0x%02x/0x%02x", value, mask));
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return (packet.tos() & mask) == value != inverted;
  }
}
