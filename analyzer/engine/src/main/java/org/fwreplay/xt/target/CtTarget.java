package org.fwreplay.xt.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.helper.Helpers;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Packet;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Argument;
import org.fwreplay.xt.Arguments;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Option;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.TargetExtension;
import org.fwreplay.xt.Verdict;

/**
 * {@code -j CT}: says how the packet is to be tracked, by a template that conntrack copies from.
 * xt_CT, libxt_CT revision 2.
 *
 * @param notrack whether it is not to be tracked at all
 * @param zone 0 to 65535; not looked at with {@code zoneFromMark}
 * @param zoneFromMark whether the packet mark is the zone
 * @param zoneDirections {@code 1 << direction} for those in which the zone counts
 * @param events {@code 1 << IPCT_*} of the events to report, 0 for no choice
 * @param expectationEvents the same of expectations, {@code 1 << IPEXP_*}
 * @param helper name of the helper to follow the connection, or empty
 * @param timeout name of the timeout policy to use, or empty
 */
public record CtTarget(
    boolean notrack,
    int zone,
    boolean zoneFromMark,
    int zoneDirections,
    int events,
    int expectationEvents,
    String helper,
    String timeout)
    implements PacketTarget {
  private static final int ORIGINAL = 1 << Connection.ORIGINAL;
  private static final int REPLY = 1 << Connection.REPLY;

  /** In the order of {@code enum ip_conntrack_events}. */
  private static final List<String> EVENTS =
      List.of(
          "new",
          "related",
          "destroy",
          "reply",
          "assured",
          "protoinfo",
          "helper",
          "mark",
          "natseqinfo",
          "secmark");

  private static final List<String> EXPECTATION_EVENTS = List.of("new");

  /** The extension's options and parsing. */
  public static final class Extension implements TargetExtension {
    private static final int MAX_HELPER = 15;
    private static final int MAX_TIMEOUT = 31;

    @Override
    public String name() {
      return "CT";
    }

    @Override
    public String summary() {
      return "says how the packet is to be tracked";
    }

    @Override
    public Set<String> tables() {
      return Set.of("raw");
    }

    @Override
    public List<Option> options() {
      return List.of(
          Option.flag("notrack"),
          Option.of("helper", "name"),
          Option.of("timeout", "policy"),
          Option.of("ctevents", "event[,event...]"),
          Option.of("expevents", "event[,event...]"),
          Option.of("zone", "number|mark"),
          Option.of("zone-orig", "number|mark"),
          Option.of("zone-reply", "number|mark"));
    }

    /** Of several zones the last counts, but directions and {@code mark} add up, as in iptables. */
    @Override
    public CtTarget parse(Arguments arguments) {
      int zone = 0;
      boolean fromMark = false;
      int directions = 0;
      int events = 0;
      int expectationEvents = 0;
      for (Argument a : arguments.all()) {
        switch (a.option()) {
          case "zone", "zone-orig", "zone-reply" -> {
            boolean mark = a.text().equalsIgnoreCase("mark");
            fromMark |= mark;
            zone = mark ? 0 : (int) a.unsigned(0, 0xffff);
            directions |= direction(a.option());
          }
          case "ctevents" -> events = events(a, EVENTS);
          case "expevents" -> expectationEvents = events(a, EXPECTATION_EVENTS);
          default -> {}
        }
      }
      return new CtTarget(
          arguments.has("notrack"),
          zone,
          fromMark,
          directions == 0 ? ORIGINAL | REPLY : directions,
          events,
          expectationEvents,
          helper(arguments),
          timeout(arguments));
    }

    private static String helper(Arguments arguments) {
      Argument a = arguments.find("helper");
      if (a == null) {
        return "";
      }
      String name = a.text().substring(0, Math.min(a.text().length(), MAX_HELPER));
      if (name.isEmpty() || arguments.has("notrack")) {
        return name;
      }
      needsProtocol(arguments, a);
      if (!Helpers.names().contains(name)) {
        String known = String.join(", ", Helpers.names());
        throw a.fail("--helper: \"" + name + "\" is none of " + known);
      }
      if (!Helpers.exists(name, arguments.family() == Family.IPV6, arguments.protocol())) {
        throw a.fail("--helper " + name + " does not follow this protocol of this family");
      }
      return name;
    }

    private static String timeout(Arguments arguments) {
      Argument a = arguments.find("timeout");
      if (a == null || a.text().isEmpty()) {
        return "";
      }
      if (!arguments.has("notrack")) {
        needsProtocol(arguments, a);
      }
      return a.text().substring(0, Math.min(a.text().length(), MAX_TIMEOUT));
    }

    private static void needsProtocol(Arguments arguments, Argument a) {
      if (arguments.protocol() == 0 || arguments.protocolInverted()) {
        throw a.fail("--" + a.option() + " needs the rule to name its protocol with -p");
      }
    }

    private static int direction(String option) {
      return switch (option) {
        case "zone-orig" -> ORIGINAL;
        case "zone-reply" -> REPLY;
        default -> 0;
      };
    }

    private static int events(Argument a, List<String> known) {
      int events = 0;
      for (String word : a.text().split(",", -1)) {
        int bit = known.indexOf(word);
        if (bit < 0) {
          throw a.fail(
              "--" + a.option() + ": \"" + word + "\" is none of " + String.join(", ", known));
        }
        events |= 1 << bit;
      }
      return events;
    }
  }

  @Override
  public void save(RuleWriter out) {
    if (notrack) {
      out.flag("notrack");
    }
    if (!helper.isEmpty()) {
      out.option("helper", helper);
    }
    if (!timeout.isEmpty()) {
      out.option("timeout", timeout);
    }
    saveEvents(out, "ctevents", events, EVENTS);
    saveEvents(out, "expevents", expectationEvents, EXPECTATION_EVENTS);
    if (zoneFromMark || zone != 0) {
      String option =
          switch (zoneDirections) {
            case ORIGINAL -> "zone-orig";
            case REPLY -> "zone-reply";
            default -> "zone";
          };
      out.option(option, zoneFromMark ? "mark" : zone);
    }
  }

  private static void saveEvents(RuleWriter out, String option, int events, List<String> known) {
    if (events == 0) {
      return;
    }
    List<String> words = new ArrayList<>();
    for (int bit = 0; bit < known.size(); bit++) {
      if ((events & 1 << bit) != 0) {
        words.add(known.get(bit));
      }
    }
    out.option(option, String.join(",", words));
  }

  @Override
  public boolean needsConntrack() {
    return !notrack;
  }

  @Override
  public String assumption() {
    boolean known = notrack || timeout.isEmpty();
    return known ? "" : "CT: timeout policy " + timeout + " is not known";
  }

  @Override
  public Action bind(Binding binding) {
    if (notrack) {
      return (packet, evaluation) -> NotrackTarget.untrack(packet);
    }
    Connection template = template();
    boolean known = timeout.isEmpty();
    return (packet, evaluation) -> {
      if (!known) {
        evaluation.undecided(packet);
      }
      return attach(packet, template);
    };
  }

  private Connection template() {
    Connection template = new Connection();
    template.status = Connection.TEMPLATE | Connection.CONFIRMED;
    template.helper = helper.isEmpty() ? null : helper;
    template.zone = zone;
    template.extend().zoneFromMark = zoneFromMark;
    template.extend().zoneDirections = zoneDirections;
    if (events != 0 || expectationEvents != 0) {
      template.extend().eventMask = events;
    }
    return template;
  }

  private static int attach(Packet packet, Connection template) {
    if (!NotrackTarget.isTaken(packet)) {
      packet.tracked = template;
      packet.trackInfo = CtInfo.NEW;
    }
    return Verdict.CONTINUE;
  }
}
