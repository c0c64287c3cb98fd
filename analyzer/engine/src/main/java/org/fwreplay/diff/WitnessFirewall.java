package org.fwreplay.diff;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.hook.Fate;
import org.fwreplay.hook.Netfilter;
import org.fwreplay.hook.PathListener;
import org.fwreplay.hook.Sockets;
import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.host.NextHop;
import org.fwreplay.host.PolicyRule;
import org.fwreplay.host.Prefix;
import org.fwreplay.host.Route;
import org.fwreplay.host.RouteType;
import org.fwreplay.host.Router;
import org.fwreplay.ipset.IpSets;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.region.Witness;
import org.fwreplay.rule.BindingContext;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.BoundTable;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.rule.Table;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.LogRequest;

/**
 * A firewall with the table filter of a ruleset, made so that packets of one hook and one pair of
 * interfaces come to it. Further tables bring marks and states about.
 */
final class WitnessFirewall implements PathListener {
  private static final long BETWEEN_NS = 10L * 24 * 3600 * 1_000_000_000L;
  private static final long STEP_NS = 1_000_000;
  private static final int INWARDS = 100;
  private static final Extensions EXTENSIONS = Extensions.load();

  /** What firewalls are the same by. */
  record Key(Hook hook, String in, String out, String setup) {}

  private final boolean six;
  private final Hook hook;
  private final Host host;
  private final BoundRuleset rules;
  private final boolean tracks;
  private final Netfilter netfilter;
  private final Packet packet = new Packet();
  private long nowNs;
  private Fate fate;
  private Hook endedAt;
  private int place;

  /**
   * A firewall.
   *
   * @param ruleset null for none
   */
  WitnessFirewall(Family family, Key key, Ruleset ruleset, SetFile sets) {
    six = family == Family.IPV6;
    hook = key.hook;
    host = host(key);
    Router router = host.newRouter();
    BindingContext context = new BindingContext(host, router, 0);
    context.share(IpSets.class, IpSets.SHARED, sets.newSets());
    rules = BoundRuleset.bind(with(family, key, ruleset), context);
    tracks = rules.needsConntrack();
    Sockets sockets = new Sockets();
    sockets.openAll();
    netfilter =
        new Netfilter(host, router, six ? null : rules, six ? rules : null, sockets, 0, this);
    netfilter.wantFrames(false);
  }

  /** Default ways: in by one interface, out by the other, and back. */
  private Host host(Key key) {
    HostBuilder builder = Host.builder();
    int lo = builder.add("lo", 0, "127.0.0.1/8", "::1/128");
    int in = key.in.isEmpty() ? lo : builder.add(key.in, -1);
    int out = key.out.isEmpty() ? lo : key.out.equals(key.in) ? in : builder.add(key.out, -1);
    Prefix any = Prefix.any(six);
    // Who comes by the outer interface goes inwards; all others go outwards.
    builder.rule(PolicyRule.toTable(six, 0, Route.TABLE_LOCAL));
    int outer = hook == Hook.INPUT ? in : out;
    builder.rule(PolicyRule.toTable(six, INWARDS, INWARDS).withInput(outer));
    builder.rule(PolicyRule.toTable(six, INWARDS + 1, Route.TABLE_MAIN));
    Route inwards = Route.unicast(any, NextHop.dev(hook == Hook.FORWARD ? in : lo));
    boolean here = hook != Hook.FORWARD;
    builder.route((here ? inwards.withType(RouteType.LOCAL) : inwards).inTable(INWARDS));
    builder.route(Route.unicast(any, NextHop.dev(outer)));
    for (String each : new String[] {"all", "default"}) {
      builder.sysctl("net.ipv4.conf." + each + ".accept_local", "1");
      builder.sysctl("net.ipv4.conf." + each + ".rp_filter", "0");
      builder.sysctl("net.ipv4.conf." + each + ".send_redirects", "0");
      builder.sysctl("net.ipv6.conf." + each + ".forwarding", "1");
    }
    builder.sysctl("net.ipv4.ip_forward", "1");
    return builder.build();
  }

  /** The ruleset's table filter, in which what leads to a state passes, and the setup's tables. */
  private static Ruleset with(Family family, Key key, Ruleset ruleset) {
    Ruleset more = RulesetParser.parse(family, "setup", key.setup, EXTENSIONS).ruleset();
    List<Table> tables = new ArrayList<>();
    Table filter = ruleset == null ? null : ruleset.table("filter");
    for (Table each : more.tables()) {
      boolean isFilter = each.name().equals("filter");
      if (!isFilter) {
        tables.add(each);
      } else if (filter != null) {
        tables.add(new WitnessTable(filter, key).behind(each));
      }
    }
    return new Ruleset(family, tables, "witness");
  }

  /** The tables that bring a witness's mark and state about, as iptables-save writes them. */
  static String setup(boolean six, Witness w) {
    String leading =
        (six ? " -m hl --hl-gt " : " -m ttl --ttl-gt ") + WitnessPackets.TTL + " -j ACCEPT\n";
    StringBuilder text = new StringBuilder("*filter\n");
    for (Hook each : List.of(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT)) {
      text.append("-A ").append(each).append(leading);
    }
    text.append("COMMIT\n");
    if (w.isState("UNTRACKED")) {
      both(text, "raw", "CT --notrack");
    }
    if (w.mark() != 0) {
      both(text, "mangle", "MARK --set-xmark 0x" + Long.toHexString(w.mark()) + "/0xffffffff");
    }
    if (w.state().endsWith(",DNAT")) {
      String to = AddressText.of(six, w.destinationHi(), w.destinationLo());
      both(text, "nat", "DNAT --to-destination " + to);
    }
    return text.toString();
  }

  private static void both(StringBuilder text, String table, String target) {
    text.append('*').append(table).append("\n-A PREROUTING -j ").append(target);
    text.append("\n-A OUTPUT -j ").append(target).append("\nCOMMIT\n");
  }

  /** Sends a witness through; null where it fares as a decision says, else why not. */
  String differs(Witness w, SymbolicDiff.Decision expected) {
    nowNs += BETWEEN_NS;
    netfilter.advance(nowNs);
    // What the setup translates has another destination before.
    boolean translated = w.state().endsWith(",DNAT");
    Witness first = translated ? w.towards(w.destinationHi(), w.destinationLo() ^ 1) : w;
    if (w.isState("ESTABLISHED")) {
      WitnessPackets.lead(six, first, false, packet);
      send(w, false);
      WitnessPackets.lead(six, w, true, packet);
      send(w, true);
    }
    WitnessPackets.make(six, first, packet);
    send(w, false);
    return judge(w, expected);
  }

  private void send(Witness w, boolean reply) {
    boolean fromHost = hook != Hook.FORWARD && (hook == Hook.OUTPUT) != reply;
    nowNs += STEP_NS;
    packet.timeNs = nowNs;
    packet.local = fromHost;
    fate = null;
    netfilter.advance(nowNs);
    if (fromHost) {
      netfilter.send(packet);
    } else {
      packet.in = host.interfaceByName(reply ? w.out() : w.in()).id();
      netfilter.receive(packet);
    }
  }

  private String judge(Witness w, SymbolicDiff.Decision expected) {
    boolean decided = fate != null && (fate.passed() || fate.byRule() && endedAt == hook);
    if (!decided) {
      return "does not come to the table: " + (fate == null ? "held" : fate.text());
    }
    String state = state();
    if (!state.isEmpty() && !w.isState(state)) {
      return "connection tracking says " + state;
    }
    BoundTable filter = rules.table("filter");
    boolean byRule = filter != null && place >= 0 && rules.isRule(place);
    Rule rule = byRule ? rules.rule(place).rule() : null;
    boolean passes = expected.verdict().equals("ACCEPT");
    boolean same = isSame(rule, expected.rule()) && fate.passed() == passes;
    return same ? null : "the engine decides otherwise";
  }

  private static boolean isSame(Rule rule, Rule expected) {
    return rule == null || expected == null
        ? rule == expected
        : rule.position().equals(expected.position()) && rule.isSameAs(expected);
  }

  /** The state that the packet had; empty where connections are not tracked. */
  private String state() {
    if (!tracks) {
      return "";
    }
    if (packet.tracked == null) {
      return packet.trackInfo == CtInfo.UNTRACKED ? "UNTRACKED" : "INVALID";
    }
    return switch (packet.trackInfo) {
      case CtInfo.NEW -> "NEW";
      case CtInfo.RELATED, CtInfo.RELATED_REPLY -> "RELATED";
      default -> "ESTABLISHED";
    };
  }

  @Override
  public void ended(Packet p, Fate how, Hook where, int rule) {
    if (p == packet) {
      fate = how;
      endedAt = where;
      place = rule;
    }
  }

  @Override
  public void left(Packet p) {}

  @Override
  public void logged(Packet p, Evaluation e, LogRequest request) {}
}
