package com.example.fwreplay;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;
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
 * {@code -m entropy}: tests how random the payload of a UDP datagram looks. Encrypted and
 * compressed data come near 8 bits a byte, text stays below 5.
 *
 * @param threshold bits a byte
 * @param inverted whether {@code !} stood before {@code --above}
 */
public record EntropyMatch(double threshold, boolean inverted) implements PacketMatch {
  private static final int MOST = 8;

  /** What a rule may say, and where. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "entropy";
    }

    @Override
    public String summary() {
      return "tests how random the payload of a datagram looks";
    }

    @Override
    public Set<Integer> protocols() {
      return Set.of(Protocols.UDP);
    }

    @Override
    public List<Option> options() {
      return List.of(Option.of("above", "bits").withInversion().required());
    }

    @Override
    public EntropyMatch parse(Arguments arguments) {
      Argument above = arguments.get("above");
      double bits;
      try {
        bits = Double.parseDouble(above.text());
      } catch (NumberFormatException e) {
        throw above.fail("--above: \"" + above.text() + "\" is not a number of bits");
      }
      if (bits < 0 || bits > MOST) {
        throw above.fail("--above: " + above.text() + " is not between 0 and 8");
      }
      return new EntropyMatch(bits, above.inverted());
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option("above", inverted, String.format(Locale.ROOT, "%.2f", threshold));
  }

  /** What works on packets is made here, once for each run; it may keep what it needs. */
  @Override
  public Matcher bind(Binding binding) {
    return new Meter();
  }

  private final class Meter implements Matcher {
    private final int[] counts = new int[256];

    /** A later fragment has no UDP header; it does not match, whatever is asked. */
    @Override
    public boolean matches(Packet packet, Evaluation evaluation) {
      if (evaluation.fragmentOffset != 0) {
        return false;
      }
      int payload = evaluation.transport + Udp.LENGTH;
      if (payload > packet.end) {
        evaluation.hotDrop = true;
        return false;
      }
      return entropy(packet, payload) > threshold != inverted;
    }

    private double entropy(Packet packet, int from) {
      Arrays.fill(counts, 0);
      for (int at = from; at < packet.end; at++) {
        counts[packet.u8(at)]++;
      }
      double bits = 0;
      for (int count : counts) {
        if (count > 0) {
          double share = (double) count / (packet.end - from);
          bits -= share * Math.log(share) / Math.log(2);
        }
      }
      return bits;
    }
  }
}
