package org.fwreplay.xt.match;

import java.util.List;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;
import org.fwreplay.xt.Validity;

/**
 * {@code -m iprange}: tests addresses against ranges. xt_iprange, libxt_iprange.
 *
 * @param source null where it is not looked at
 * @param destination null where it is not looked at
 */
public record IprangeMatch(Range source, Range destination) implements StatelessMatch {

  /** Addresses from {@code low} to {@code high}, both included; one that is reversed is empty. */
  public record Range(AddressText.Address low, AddressText.Address high, boolean inverted) {

    private static Range parse(Argument argument, Family family) {
      if (argument == null) {
        return null;
      }
      String text = argument.text();
      int cut = text.indexOf('-');
      AddressText.Address low = address(argument, family, cut < 0 ? text : text.substring(0, cut));
      AddressText.Address high = cut < 0 ? low : address(argument, family, text.substring(cut + 1));
      return new Range(low, high, argument.inverted());
    }

    /** Unlike elsewhere, an IPv4 address that is cut short goes on with zeros. */
    private static AddressText.Address address(Argument argument, Family family, String text) {
      String whole = text;
      if (family == Family.IPV4 && !text.isEmpty()) {
        for (long dots = text.chars().filter(c -> c == '.').count(); dots < 3; dots++) {
          whole += ".0";
        }
      }
      return argument.address(family, whole);
    }

    private void save(RuleWriter out, String option) {
      Family family = out.family();
      String from = AddressText.format(family, low.hi(), low.lo());
      String to = AddressText.format(family, high.hi(), high.lo());
      out.option(option, inverted, from + "-" + to);
    }

    private boolean matches(long hi, long lo) {
      return (compare(hi, lo, low) >= 0 && compare(hi, lo, high) <= 0) != inverted;
    }

    private static int compare(long hi, long lo, AddressText.Address other) {
      int first = Long.compareUnsigned(hi, other.hi());
      return first != 0 ? first : Long.compareUnsigned(lo, other.lo());
    }
  }

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "iprange";
    }

    @Override
    public String summary() {
      return "tests addresses against ranges";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("src-range", "address[-address]").withInversion(),
          Option.of("dst-range", "address[-address]").withInversion());
    }

    @Override
    public IprangeMatch parse(Arguments arguments) {
      if (arguments.all().isEmpty()) {
        throw arguments.fail("iprange needs \"--src-range\" or \"--dst-range\"");
      }
      return new IprangeMatch(
          Range.parse(arguments.find("src-range"), arguments.family()),
          Range.parse(arguments.find("dst-range"), arguments.family()));
    }
  }

  @Override
  public String seen(Packet packet, Evaluation evaluation) {
    return Seen.source(packet) + ", " + Seen.destination(packet);
  }

  @Override
  public Validity validity() {
    return Validity.FLOW;
  }

  @Override
  public void save(RuleWriter out) {
    if (source != null) {
      source.save(out, "src-range");
    }
    if (destination != null) {
      destination.save(out, "dst-range");
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return (source == null || source.matches(packet.sourceHi(), packet.sourceLo()))
        && (destination == null
            || destination.matches(packet.destinationHi(), packet.destinationLo()));
  }
}
