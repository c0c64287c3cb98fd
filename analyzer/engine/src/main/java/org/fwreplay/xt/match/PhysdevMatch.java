package org.fwreplay.xt.match;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fwreplay.host.Host;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.MatchExtension;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.RuleWriter;

/**
 * {@code -m physdev}: tests the ports of a bridge that the packet came in and goes out by.
 * xt_physdev, libxt_physdev.
 *
 * <p>A packet that did not come by a bridge has no such ports. Which port one came by that did, a
 * capture on the bridge does not tell.
 */
public record PhysdevMatch(Test isIn, Test in, Test isOut, Test out, Test isBridged)
    implements PacketMatch {

  private static final int MAX_NAME = 15;

  /**
   * A test.
   *
   * @param name of the port; empty where it does not matter
   */
  public record Test(String name, boolean inverted) {}

  /** The extension's options and parsing. */
  public static final class Extension implements MatchExtension {
    @Override
    public String name() {
      return "physdev";
    }

    @Override
    public String summary() {
      return "tests the ports of a bridge";
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("physdev-in", "name[+]").withInversion(),
          Option.of("physdev-out", "name[+]").withInversion(),
          Option.flag("physdev-is-in").withInversion(),
          Option.flag("physdev-is-out").withInversion(),
          Option.flag("physdev-is-bridged").withInversion());
    }

    @Override
    public PhysdevMatch parse(Arguments arguments) {
      if (arguments.all().isEmpty()) {
        throw arguments.fail(
            "physdev needs one of --physdev-in, --physdev-out, --physdev-is-in, --physdev-is-out"
                + " and --physdev-is-bridged");
      }
      return new PhysdevMatch(
          test(arguments.find("physdev-is-in")),
          test(arguments.find("physdev-in")),
          test(arguments.find("physdev-is-out")),
          test(arguments.find("physdev-out")),
          test(arguments.find("physdev-is-bridged")));
    }

    private static Test test(Argument argument) {
      if (argument == null) {
        return null;
      }
      if (argument.text().length() > MAX_NAME) {
        throw argument.fail(
            "--"
                + argument.option()
                + ": interface name \""
                + argument.text()
                + "\" is longer than "
                + MAX_NAME
                + " characters");
      }
      return new Test(argument.text(), argument.inverted());
    }
  }

  @Override
  public Set<Hook> hooks() {
    boolean needsPort = (out != null || isOut != null) && !is(isBridged);
    return needsPort ? EnumSet.complementOf(EnumSet.of(Hook.OUTPUT)) : EnumSet.allOf(Hook.class);
  }

  /** Whether something is asked that only a port of a bridge can answer with yes. */
  private static boolean is(Test test) {
    return test != null && !test.inverted;
  }

  @Override
  public void save(RuleWriter writer) {
    flag(writer, "physdev-is-in", isIn);
    option(writer, "physdev-in", in);
    flag(writer, "physdev-is-out", isOut);
    option(writer, "physdev-out", out);
    flag(writer, "physdev-is-bridged", isBridged);
  }

  private static void flag(RuleWriter writer, String name, Test test) {
    if (test != null) {
      writer.flag(name, test.inverted);
    }
  }

  private static void option(RuleWriter writer, String name, Test test) {
    if (test != null) {
      writer.option(name, test.inverted, test.name);
    }
  }

  @Override
  public Matcher bind(Binding binding) {
    boolean without = !is(isIn) && !is(in) && !is(isOut) && !is(out) && !is(isBridged);
    boolean[] bridges = bridges(binding.host(), binding.family());
    return (packet, evaluation) ->
        packet.in >= 0 && bridges[packet.in] ? evaluation.undecided(packet) : without;
  }

  /** Interfaces whose packets netfilter knows the port of: bridges, where br_netfilter is there. */
  private static boolean[] bridges(Host host, Family family) {
    String tables = family == Family.IPV6 ? "ip6tables" : "iptables";
    boolean on = host.sysctls().getInt("net.bridge.bridge-nf-call-" + tables, 0) != 0;
    boolean[] bridges = new boolean[host.interfaces().size()];
    for (int i = 0; i < bridges.length; i++) {
      bridges[i] = on && host.interfaces().get(i).kind().equals("bridge");
    }
    return bridges;
  }
}
