package org.fwreplay.xt.target;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.legacy.Trigger;
import org.fwreplay.legacy.TriggerRanges;
import org.fwreplay.legacy.Triggers;
import org.fwreplay.nat.Nat;
import org.fwreplay.nat.NatRange;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Protocols;
import org.fwreplay.packet.Udp;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j TRIGGER}: port triggering of home routers; a connection to one port opens others from
 * outside for a while. ipt_TRIGGER of CyberTAN (2003), libipt_TRIGGER; with the changes of Delta
 * Networks (2008) where asked for.
 *
 * @param year2008 whether it behaves as in 2008
 */
public record TriggerTarget(Type type, TriggerRanges ranges, boolean year2008)
    implements PacketTarget {
  /** The name of the dialect; its values are {@code 2003} and {@code 2008}. */
  public static final String DIALECT = "TRIGGER";

  /** What a rule does. */
  public enum Type {
    /** Nothing was said: the rule does nothing. */
    NONE,
    /** Leads new connections from outside to the host that set a trigger off. */
    DNAT,
    /** Accepts what comes in through a trigger. */
    IN,
    /** Sets triggers off. */
    OUT
  }

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    private static final int MAX_PORT = 0xffff;

    @Override
    public String name() {
      return "TRIGGER";
    }

    @Override
    public String summary() {
      return "opens ports from outside once another port was used from inside";
    }

    @Override
    public Set<Family> families() {
      return EnumSet.of(Family.IPV4);
    }

    @Override
    public Set<String> tables() {
      return Set.of("filter", "nat", "raw");
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.of("trigger-type", "[dnat|in|out]"),
          Option.of("trigger-proto", "[tcp|udp|all]"),
          Option.of("trigger-match", "port[-port]"),
          Option.of("trigger-relate", "port[-port]"));
    }

    @Override
    public Set<String> gluedOptions() {
      return Set.of("trigger-proto");
    }

    @Override
    public TriggerTarget parse(Arguments arguments) {
      Argument.Range match = ports(arguments.find("trigger-match"));
      Argument.Range relate = ports(arguments.find("trigger-relate"));
      Type type = type(arguments.find("trigger-type"));
      if (type == Type.OUT && (match.low() == 0 || relate.low() == 0)) {
        throw arguments.fail(
            "TRIGGER: --trigger-type out needs --trigger-match and --trigger-relate");
      }
      TriggerRanges ranges =
          new TriggerRanges(
              protocol(arguments.find("trigger-proto")),
              (int) match.low(),
              (int) match.high(),
              (int) relate.low(),
              (int) relate.high());
      return new TriggerTarget(type, ranges, arguments.dialect(DIALECT).equals("2008"));
    }

    private static Type type(Argument argument) {
      String text = argument == null ? "" : argument.text().toLowerCase(Locale.ROOT);
      return switch (text) {
        case "" -> Type.NONE;
        case "dnat" -> Type.DNAT;
        case "in" -> Type.IN;
        case "out" -> Type.OUT;
        default -> throw argument.fail("--trigger-type: \"" + text + "\" is none of dnat, in, out");
      };
    }

    private static int protocol(Argument argument) {
      String text = argument == null ? "" : argument.text().toLowerCase(Locale.ROOT);
      return switch (text) {
        case "", "all" -> 0;
        case "tcp" -> Protocols.TCP;
        case "udp" -> Protocols.UDP;
        default ->
            throw argument.fail("--trigger-proto: \"" + text + "\" is none of tcp, udp, all");
      };
    }

    /** {@code 0-0} is what libipt_TRIGGER saves where there was no such option. */
    private static Argument.Range ports(Argument argument) {
      if (argument == null || argument.text().equals("0-0")) {
        return new Argument.Range(0, 0);
      }
      String text = argument.text();
      int dash = text.indexOf('-');
      long low = argument.number(dash < 0 ? text : text.substring(0, dash), 1, MAX_PORT);
      long high = dash < 0 ? low : argument.number(text.substring(dash + 1), 1, MAX_PORT);
      if (high < low) {
        throw argument.fail(
            "--" + argument.option() + ": " + text + " is a range that ends before it starts");
      }
      return new Argument.Range(low, high);
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (type != Type.NONE) {
      out.option("trigger-type", type.name().toLowerCase(Locale.ROOT));
    }
    if (ranges.protocol() != 0) {
      out.option("trigger-proto", ranges.protocol() == Protocols.TCP ? "tcp" : "udp");
    }
    if (ranges.matchLow() != 0) {
      out.option("trigger-match", ranges.matchLow() + "-" + ranges.matchHigh());
    }
    if (ranges.relateLow() != 0) {
      out.option("trigger-relate", ranges.relateLow() + "-" + ranges.relateHigh());
    }
  }

  @Override
  public Set<Hook> hooks() {
    return year2008
        ? EnumSet.of(Hook.PREROUTING, Hook.FORWARD)
        : EnumSet.of(Hook.PREROUTING, Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING);
  }

  @Override
  public boolean needsConntrack() {
    return type == Type.DNAT || type == Type.IN && year2008;
  }

  @Override
  public Action bind(Binding binding) {
    Triggers triggers = binding.shared(Triggers.class, Triggers.SHARED, Triggers::new);
    triggers.flush();
    return (packet, evaluation) -> {
      int ports = packet.transport + Udp.DESTINATION_PORT;
      boolean known = packet.protocol == Protocols.TCP || packet.protocol == Protocols.UDP;
      if (!known || ports + 2 > packet.end) {
        return Verdict.CONTINUE;
      }
      evaluation.services.keepTime(triggers::advance, Triggers.SHARED);
      int port = packet.u16(ports);
      return switch (type) {
        case NONE -> Verdict.CONTINUE;
        case OUT -> out(packet, evaluation, triggers, port);
        case IN -> in(packet, triggers, port);
        case DNAT -> dnat(packet, evaluation, triggers, port);
      };
    };
  }

  private int out(Packet p, Evaluation e, Triggers triggers, int port) {
    if (year2008) {
      triggers.killWith(e.services.conntrack());
    }
    if (triggers.out(p, port, ranges, year2008) != null) {
      String host = AddressText.of(false, 0, p.sourceLo());
      String opened = ranges.relateLow() + "-" + ranges.relateHigh();
      e.services.note(p, "trigger set off: ports " + opened + " opened for " + host);
    }
    return Verdict.CONTINUE;
  }

  private int in(Packet p, Triggers triggers, int port) {
    Connection ct = Connection.of(p);
    if (year2008 && (ct == null || !ct.is(Connection.TRIGGERED))) {
      return Verdict.CONTINUE;
    }
    Trigger found = triggers.find(p.protocol, port);
    if (found == null) {
      return Verdict.CONTINUE;
    }
    triggers.in(found, p);
    return Verdict.ACCEPT;
  }

  /** Outside table nat there is nothing to set up: the original's behaviour there is undefined. */
  private int dnat(Packet p, Evaluation e, Triggers triggers, int port) {
    Trigger found = triggers.find(p.protocol, port);
    Connection ct = Connection.of(p);
    if (found == null || found.source() == 0 || ct == null || !e.table.equals("nat")) {
      return Verdict.CONTINUE;
    }
    triggers.led(found, p, p.u16(p.transport), port);
    if (year2008) {
      ct.status |= Connection.TRIGGERED;
    }
    e.services.note(p, "led to " + AddressText.of(false, 0, found.source()) + " by a trigger");
    return NatSetup.verdict(e, ct, NatRange.of(0, found.source()), Nat.manipOf(e.hook));
  }
}
