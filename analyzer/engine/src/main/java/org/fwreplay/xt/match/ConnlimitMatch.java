package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.AddressText;
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
 * {@code -m connlimit}: tests how many connections a host or network has. xt_connlimit,
 * libxt_connlimit.
 *
 * @param limit unsigned
 * @param upTo whether it matches up to the limit; else above it
 * @param mask of the addresses that are counted together
 * @param destination whether connections are counted by destination, not by source
 */
public record ConnlimitMatch(int limit, boolean upTo, AddressText.Address mask, boolean destination)
    implements PacketMatch {

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "connlimit";
    }

    @Override
    public String summary() {
      return "tests how many connections a host or network has";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("connlimit-upto", "n").withInversion().excluding("limit"),
          Option.of("connlimit-above", "n").withInversion().excluding("limit"),
          Option.of("connlimit-mask", "prefix"),
          Option.flag("connlimit-saddr").excluding("address"),
          Option.flag("connlimit-daddr").excluding("address"));
    }

    @Override
    public ConnlimitMatch parse(Arguments arguments) {
      Argument upTo = arguments.find("connlimit-upto");
      Argument limit = upTo == null ? arguments.find("connlimit-above") : upTo;
      if (limit == null) {
        throw arguments.fail("connlimit needs \"--connlimit-above\" or \"--connlimit-upto\"");
      }
      Argument mask = arguments.find("connlimit-mask");
      return new ConnlimitMatch(
          (int) limit.unsigned(0, 0xffffffffL),
          upTo != null != limit.inverted(),
          mask == null
              ? AddressText.Address.hostMask(arguments.family())
              : mask.mask(arguments.family(), mask.text()),
          arguments.has("connlimit-daddr"));
    }
  }

  @Override
  public void save(RuleWriter out) {
    out.option(upTo ? "connlimit-upto" : "connlimit-above", Integer.toUnsignedString(limit));
    out.option("connlimit-mask", ones(out.family()));
    out.flag(destination ? "connlimit-daddr" : "connlimit-saddr");
  }

  /** How a mask with holes is written: by the ones that each 32 bits of it begin with. */
  private int ones(Family family) {
    int low = leadingOnes(mask.lo());
    return family == Family.IPV4
        ? low
        : leadingOnes(mask.hi() >>> 32)
            + leadingOnes(mask.hi())
            + leadingOnes(mask.lo() >>> 32)
            + low;
  }

  private static int leadingOnes(long word) {
    return Integer.numberOfLeadingZeros(~(int) word);
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public Matcher bind(Binding binding) {
    ConnectionCounter counter = new ConnectionCounter();
    return (packet, evaluation) -> matches(counter, packet, evaluation);
  }

  private boolean matches(ConnectionCounter counter, Packet packet, Evaluation evaluation) {
    long hi = (destination ? packet.destinationHi() : packet.sourceHi()) & mask.hi();
    long lo = (destination ? packet.destinationLo() : packet.sourceLo()) & mask.lo();
    Connection connection = Connection.of(packet);
    int zone = connection == null ? 0 : connection.zone;
    int count = counter.count(packet, evaluation.services.conntrack(), hi, lo, zone);
    if (count == 0) {
      evaluation.hotDrop = true;
      return false;
    }
    return Integer.compareUnsigned(count, limit) > 0 != upTo;
  }
}
