package org.fwreplay.xt.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Names;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m ipvs}: tests the IPVS connection of the packet, which a capture does not tell. xt_ipvs,
 * libxt_ipvs.
 *
 * @param tests in the order in which they are saved
 */
public record IpvsMatch(List<Test> tests) implements StatelessMatch {
  private static final List<String> ORDER =
      List.of("vproto", "vaddr", "vport", "vdir", "vmethod", "vportctl");

  /**
   * A test.
   *
   * @param value as it is saved; empty for none
   */
  public record Test(String option, boolean inverted, String value) {}

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "ipvs";
    }

    @Override
    public String summary() {
      return "tests the IPVS connection";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.flag("ipvs").withInversion(),
          Option.of("vproto", "protocol").withInversion(),
          Option.of("vaddr", "address[/mask]").withInversion(),
          Option.of("vport", "port").withInversion(),
          Option.of("vdir", "ORIGINAL|REPLY"),
          Option.of("vmethod", "GATE|IPIP|MASQ").withInversion(),
          Option.of("vportctl", "port").withInversion());
    }

    @Override
    public IpvsMatch parse(Arguments arguments) {
      if (arguments.all().isEmpty()) {
        throw arguments.fail("ipvs needs at least one option");
      }
      List<Test> tests = new ArrayList<>();
      for (String option : ORDER) {
        Argument argument = arguments.find(option);
        if (argument != null) {
          tests.add(new Test(option, argument.inverted(), value(arguments, argument)));
        }
      }
      if (tests.isEmpty()) {
        tests.add(new Test("ipvs", arguments.inverted("ipvs"), ""));
      } else if (arguments.inverted("ipvs")) {
        throw arguments.fail("ipvs: \"! --ipvs\" goes with no other option");
      }
      return new IpvsMatch(List.copyOf(tests));
    }

    private static String value(Arguments arguments, Argument argument) {
      String text = argument.text();
      return switch (argument.option()) {
        case "vproto" -> String.valueOf(protocol(argument));
        case "vaddr" -> network(argument, arguments.family());
        case "vdir" -> choice(argument, List.of("ORIGINAL", "REPLY"));
        case "vmethod" -> choice(argument, List.of("GATE", "IPIP", "MASQ"));
        default -> String.valueOf(PortRange.resolved(arguments, argument, text));
      };
    }

    private static int protocol(Argument argument) {
      String text = argument.text();
      if (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
        return (int) argument.number(text, 0, 255);
      }
      int protocol = Names.protocol(text);
      if (protocol < 0) {
        throw argument.fail("--vproto: unknown protocol \"" + text + "\"");
      }
      return protocol;
    }

    private static String network(Argument argument, Family family) {
      String text = argument.text();
      int cut = text.indexOf('/');
      AddressText.Address address = argument.host(family, cut < 0 ? text : text.substring(0, cut));
      AddressText.Address mask =
          cut < 0
              ? AddressText.Address.hostMask(family)
              : argument.mask(family, text.substring(cut + 1));
      return AddressText.format(family, address.hi(), address.lo())
          + AddressText.formatMask(family, mask.hi(), mask.lo());
    }

    private static String choice(Argument argument, List<String> values) {
      String value = argument.text().toUpperCase(Locale.ROOT);
      if (!values.contains(value)) {
        throw argument.fail(
            "--"
                + argument.option()
                + ": \""
                + argument.text()
                + "\" is none of "
                + String.join(", ", values));
      }
      return value;
    }
  }

  @Override
  public void save(RuleWriter out) {
    for (Test test : tests) {
      out.flag(test.option, test.inverted);
      if (!test.value.isEmpty()) {
        out.word(test.value);
      }
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return evaluation.undecided(packet);
  }
}
