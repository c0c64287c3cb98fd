package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m quota}: matches until so many bytes have gone by. xt_quota, libxt_quota.
 *
 * @param bytes unsigned
 */
public record QuotaMatch(long bytes, boolean inverted) implements PacketMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "quota";
    }

    @Override
    public String summary() {
      return "matches until so many bytes have gone by";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("quota", "bytes").withInversion().required());
    }

    @Override
    public QuotaMatch parse(Arguments arguments) {
      Argument quota = arguments.get("quota");
      return new QuotaMatch(quota.unsigned(0, -1L), quota.inverted());
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("quota", inverted, Long.toUnsignedString(bytes));
  }

  @Override
  public Matcher bind(Binding binding) {
    return new Account(this);
  }

  /** What is left in one run. */
  private static final class Account implements Matcher {
    private final boolean inverted;
    private long left;

    Account(QuotaMatch match) {
      inverted = match.inverted;
      left = match.bytes;
    }

    @Override
    public boolean matches(Packet packet, Evaluation evaluation) {
      int length = packet.length();
      if (Long.compareUnsigned(left, length) >= 0) {
        left -= length;
        return !inverted;
      }
      // From the first packet that is too large on, small ones do not fit either.
      left = 0;
      return inverted;
    }
  }
}
