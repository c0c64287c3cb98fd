package org.fwreplay.xt.match;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Names;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.AddressText;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.StatelessMatch;

/**
 * {@code -m policy}: tests which IPsec policy was or will be applied. xt_policy, libxt_policy.
 *
 * <p>The host of a replay has no IPsec, so that no policy applies ({@code --pol none}); whether one
 * did ({@code --pol ipsec}) cannot be decided.
 *
 * @param in whether decapsulation is meant, not encapsulation
 * @param none whether no policy must apply
 * @param strict whether the elements are all of the policy
 */
public record PolicyMatch(boolean in, boolean none, boolean strict, List<Element> elements)
    implements StatelessMatch {

  private static final int MAX_ELEMENTS = 4;

  /** A test of one transformation. */
  private enum Test {
    REQID("reqid"),
    SPI("spi"),
    PROTO("proto"),
    MODE("mode"),
    DESTINATION("tunnel-dst"),
    SOURCE("tunnel-src");

    private final String option;

    Test(String option) {
      this.option = option;
    }
  }

  /** A test, with what is asked as it is saved. */
  record Demand(Test test, boolean inverted, String value) {}

  /** Tests of one transformation, in the order in which they are saved. */
  record Element(List<Demand> demands) {}

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "policy";
    }

    @Override
    public String summary() {
      return "tests the IPsec policy";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("dir", "in|out"),
          Option.of("pol", "none|ipsec"),
          Option.flag("strict"),
          Option.of("reqid", "number").withInversion().multiple(),
          Option.of("spi", "number").withInversion().multiple(),
          Option.of("tunnel-src", "address[/mask]").withInversion().multiple(),
          Option.of("tunnel-dst", "address[/mask]").withInversion().multiple(),
          Option.of("proto", "ah|esp|ipcomp").withInversion().multiple(),
          Option.of("mode", "transport|tunnel").withInversion().multiple(),
          Option.flag("next").multiple());
    }

    @Override
    public PolicyMatch parse(Arguments arguments) {
      Argument dir = arguments.find("dir");
      if (dir == null) {
        throw arguments.fail("policy needs \"--dir in\" or \"--dir out\"");
      }
      boolean in = oneOf(dir, "in", "out");
      Argument pol = arguments.find("pol");
      boolean none = pol != null && oneOf(pol, "none", "ipsec");
      boolean strict = arguments.has("strict");
      List<Element> elements = elements(arguments);
      if (elements.size() > 1 && !strict) {
        throw arguments.fail("policy: --next needs --strict");
      }
      if (none) {
        if (strict || elements.size() > 1) {
          throw arguments.fail("policy: --pol none goes neither with --strict nor with --next");
        }
        return new PolicyMatch(in, true, false, List.of());
      }
      for (int i = 0; strict && i < elements.size(); i++) {
        if (elements.get(i).demands.isEmpty()) {
          throw arguments.fail(
              "policy: element " + (i + 1) + " is empty, with --strict something must be asked");
        }
      }
      return new PolicyMatch(in, false, strict, elements);
    }

    private static List<Element> elements(Arguments arguments) {
      List<Element> elements = new ArrayList<>();
      List<Argument> of = new ArrayList<>();
      for (Argument argument : arguments.all()) {
        if (argument.option().equals("next")) {
          elements.add(element(of, arguments.family()));
          of.clear();
          if (elements.size() == MAX_ELEMENTS) {
            throw argument.fail("policy: more than " + MAX_ELEMENTS + " elements");
          }
        } else {
          of.add(argument);
        }
      }
      elements.add(element(of, arguments.family()));
      return List.copyOf(elements);
    }

    private static Element element(List<Argument> arguments, Family family) {
      List<Demand> demands = new ArrayList<>();
      for (Test test : Test.values()) {
        List<Argument> same =
            arguments.stream().filter(a -> a.option().equals(test.option)).toList();
        if (same.size() > 1) {
          throw same.get(1).fail("policy: --" + test.option + " twice in one element");
        }
        same.forEach(a -> demands.add(new Demand(test, a.inverted(), value(test, a, family))));
      }
      checkTunnel(arguments, demands);
      return new Element(List.copyOf(demands));
    }

    /** Addresses are those of a tunnel, and transport is the mode where none is given. */
    private static void checkTunnel(List<Argument> arguments, List<Demand> demands) {
      boolean tunnel =
          demands.stream()
              .anyMatch(d -> d.test == Test.MODE && d.value.equals("tunnel") != d.inverted);
      for (Argument argument : arguments) {
        if (argument.option().startsWith("tunnel-") && !tunnel) {
          throw argument.fail("policy: --" + argument.option() + " needs --mode tunnel");
        }
      }
    }

    private static String value(Test test, Argument argument, Family family) {
      return switch (test) {
        case REQID -> String.valueOf(argument.unsigned(0, 0xffffffffL));
        case SPI -> RuleWriter.hex((int) argument.unsigned(0, 0xffffffffL));
        case PROTO -> protocol(argument);
        case MODE -> oneOf(argument, "tunnel", "transport") ? "tunnel" : "transport";
        default -> network(argument, family);
      };
    }

    private static String protocol(Argument argument) {
      String text = argument.text();
      boolean number = !text.isEmpty() && Character.isDigit(text.charAt(0));
      int protocol = number ? (int) argument.number(text, 0, 255) : Names.protocol(text);
      return switch (protocol) {
        case Protocols.AH, Protocols.ESP, Protocols.IPCOMP -> Names.protocolName(protocol);
        default -> throw argument.fail("--proto: \"" + text + "\" is none of ah, esp and ipcomp");
      };
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

    private static boolean oneOf(Argument argument, String yes, String no) {
      if (!argument.text().equals(yes) && !argument.text().equals(no)) {
        throw argument.fail(
            "--"
                + argument.option()
                + ": \""
                + argument.text()
                + "\" is neither "
                + yes
                + " nor "
                + no);
      }
      return argument.text().equals(yes);
    }
  }

  @Override
  public Set<Hook> hooks() {
    return in
        ? EnumSet.of(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD)
        : EnumSet.of(Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING);
  }

  @Override
  public void save(RuleWriter out) {
    out.option("dir", in ? "in" : "out").option("pol", none ? "none" : "ipsec");
    if (strict) {
      out.flag("strict");
    }
    for (int i = 0; i < elements.size(); i++) {
      if (i > 0) {
        out.flag("next");
      }
      elements.get(i).demands.forEach(d -> out.option(d.test.option, d.inverted, d.value));
    }
  }

  @Override
  public boolean matches(Packet packet, Evaluation evaluation) {
    return none || evaluation.undecided(packet);
  }
}
