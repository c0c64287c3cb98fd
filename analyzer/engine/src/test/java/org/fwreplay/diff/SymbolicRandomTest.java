package org.fwreplay.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.CtInfo;
import org.fwreplay.hook.Netfilter;
import org.fwreplay.hook.Sockets;
import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.region.Box;
import org.fwreplay.region.Witness;
import org.fwreplay.replay.ReplayListener;
import org.fwreplay.rule.BindingContext;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random rulesets that ask for all that is modelled, over few values each, against brute force. */
class SymbolicRandomTest {
  private static final Extensions EXTENSIONS = Extensions.load();
  private static final int PROBES = 400;
  private static final int RULES = 10;
  private static final String[] STATES = {"NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"};
  private static final String[] INTERFACES = {"eth0", "eth1", "tun0"};
  private static final int[] PORTS = {22, 80, 443};
  private static final int[] FLAGS = {2, 16, 18, 4};

  private final Host host = host();

  /** For REJECT, whose answers nobody waits for. */
  private final Netfilter services =
      new Netfilter(host, host.newRouter(), null, null, new Sockets(), 0, new ReplayListener() {});

  private static Host host() {
    HostBuilder builder = Host.builder();
    builder.add("lo", 0);
    for (String name : INTERFACES) {
      builder.add(name, -1);
    }
    return builder.build();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 24);
  }

  private static Ruleset rules(Family family, List<String> lines) {
    String text = "*filter\n" + String.join("\n", lines) + "\nCOMMIT\n";
    var result = RulesetParser.parse(family, "rules", text, EXTENSIONS);
    assertThat(result.isValid()).as(text + result.diagnostics()).isTrue();
    return result.ruleset();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void regionsEqualBruteForceInEveryDimension(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Family family = seed % 4 == 0 ? Family.IPV6 : Family.IPV4;
    Hook hook = List.of(Hook.FORWARD, Hook.INPUT, Hook.OUTPUT).get((int) (seed % 3));
    List<String> lines = new ArrayList<>();
    lines.add(":" + hook + (random.nextBoolean() ? " DROP" : " ACCEPT") + " [0:0]");
    lines.add(":a - [0:0]");
    lines.add(":b - [0:0]");
    for (int i = 0; i < RULES; i++) {
      lines.add(rule(random, family, hook));
    }
    List<String> edited = new ArrayList<>(lines);
    for (int i = 0; i < 2; i++) {
      edited.set(3 + random.nextInt(RULES), rule(random, family, hook));
    }
    edited.add(3 + random.nextInt(RULES), edited.remove(3 + random.nextInt(RULES)));
    Ruleset old = rules(family, lines);
    Ruleset now = rules(family, edited);
    List<Probe> probes = new ArrayList<>();
    for (int i = 0; i < PROBES; i++) {
      probes.add(Probe.random(random, family, hook));
    }
    Ruleset asked = rules(family, probes.stream().map(each -> each.text(hook)).toList());

    SymbolicDiff diff = SymbolicDiff.of(family, List.of(old, now, asked));
    SymbolicDiff.Result result = diff.compare(old, now);

    assertThat(result.complete()).isTrue();
    assertThat(result.unmodelled()).isEmpty();
    BoundRuleset before = BoundRuleset.bind(old, new BindingContext(host, host.newRouter(), 0));
    BoundRuleset after = BoundRuleset.bind(now, new BindingContext(host, host.newRouter(), 0));
    List<Rule> points = asked.table("filter").chain(hook.name()).rules();
    for (int i = 0; i < PROBES; i++) {
      Box point = diff.space().region(points.get(i)).boxes().get(0);
      long regions = result.differences().stream().filter(d -> meets(d, point)).count();
      Probe probe = probes.get(i);
      boolean differs = !fate(before, probe, hook).equals(fate(after, probe, hook));
      assertThat(regions > 0).as("seed %d: %s", seed, points.get(i).text()).isEqualTo(differs);
    }
    assertThat(result.differences()).as("seed %d", seed).allMatch(d -> isApart(d, result));
    assertShown(seed, family, old, now, result);
  }

  private static boolean meets(SymbolicDiff.Difference d, Box point) {
    return d.box().intersects(point);
  }

  /** No packet is in two regions. */
  private static boolean isApart(SymbolicDiff.Difference d, SymbolicDiff.Result result) {
    return result.differences().stream()
        .allMatch(e -> e == d || e.hook() != d.hook() || !e.box().intersects(d.box()));
  }

  /** Each region is shown by a packet, unless all of its packets are expected connections'. */
  private static void assertShown(
      long seed, Family family, Ruleset old, Ruleset now, SymbolicDiff.Result result) {
    WitnessCheck check = new WitnessCheck(family, old, now, SetFile.EMPTY, SetFile.EMPTY);
    List<String> doubtful = new ArrayList<>();
    for (SymbolicDiff.Difference each : result.differences()) {
      WitnessCheck.Answer answer = check.check(each);
      boolean known = answer.confirmed() || isOutOfReach(each);
      if (!known) {
        doubtful.add(each.hook() + " " + each.words() + ": " + answer.why());
      }
    }
    assertThat(doubtful).as("seed %d", seed).isEmpty();
  }

  private static boolean isOutOfReach(SymbolicDiff.Difference d) {
    return d.witnesses().stream().allMatch(w -> isOutOfReach(d.hook(), w));
  }

  private static boolean isOutOfReach(Hook hook, Witness w) {
    return w.isState("RELATED")
        || w.laterFragment()
        || w.in().equals("lo")
        || w.out().equals("lo")
        || hook == Hook.OUTPUT && w.isState("INVALID")
        || w.state().contains("SNAT");
  }

  private static String rule(SplittableRandom random, Family family, Hook hook) {
    int chain = random.nextInt(5);
    boolean user = chain < 2;
    StringBuilder text = new StringBuilder("-A ");
    text.append(user ? chain == 0 ? "a" : "b" : hook.name());
    if (random.nextInt(3) == 0) {
      String not = random.nextInt(4) == 0 ? " !" : "";
      text.append(not).append(" -s ").append(address(random.nextInt(8), family));
      text.append(family == Family.IPV6 ? "/126" : "/30");
    }
    if (random.nextInt(3) == 0) {
      String not = random.nextInt(4) == 0 ? " !" : "";
      text.append(not).append(" -d ").append(address(random.nextInt(8), family));
    }
    if (random.nextInt(3) == 0 && hook != Hook.OUTPUT && !user) {
      text.append(" -i ").append(name(random));
    }
    if (random.nextInt(3) == 0 && hook != Hook.INPUT && !user) {
      text.append(" -o ").append(name(random));
    }
    text.append(transport(random, family));
    if (random.nextInt(3) == 0) {
      String not = random.nextInt(4) == 0 ? " !" : "";
      text.append(" -m conntrack").append(not).append(" --ctstate ");
      text.append(STATES[random.nextInt(5)]).append(',').append(STATES[random.nextInt(5)]);
    }
    if (random.nextInt(5) == 0) {
      text.append(" -m mark --mark ").append(random.nextInt(3));
    }
    List<String> targets =
        user
            ? List.of("-j ACCEPT", "-j DROP", "-j RETURN", "-j REJECT")
            : List.of("-j ACCEPT", "-j DROP", "-j REJECT", "-j a", "-j b", "-g a", "-j RETURN");
    return text.append(' ').append(targets.get(random.nextInt(targets.size()))).toString();
  }

  private static String name(SplittableRandom random) {
    return List.of("eth0", "eth1", "eth+", "tun0").get(random.nextInt(4));
  }

  private static String transport(SplittableRandom random, Family family) {
    int port = PORTS[random.nextInt(PORTS.length)];
    return switch (random.nextInt(6)) {
      case 0 -> " -p tcp -m tcp --dport " + port;
      case 1 -> " -p udp -m udp --sport " + port + ":65535";
      case 2 -> " -p tcp -m tcp --tcp-flags SYN,ACK SYN";
      case 3 ->
          family == Family.IPV6
              ? " -p ipv6-icmp -m icmp6 --icmpv6-type 128"
              : " -p icmp -m icmp --icmp-type 8";
      default -> "";
    };
  }

  private static String address(int n, Family family) {
    return family == Family.IPV6 ? "2001:db8::" + n : "10.0.0." + n;
  }

  /** One packet. */
  private record Probe(
      Family family,
      int source,
      int destination,
      String in,
      String out,
      int protocol,
      int sport,
      int dport,
      int flags,
      int type,
      String state,
      int mark) {

    static Probe random(SplittableRandom random, Family family, Hook hook) {
      boolean six = family == Family.IPV6;
      return new Probe(
          family,
          random.nextInt(8),
          random.nextInt(8),
          hook == Hook.OUTPUT ? "" : INTERFACES[random.nextInt(3)],
          hook == Hook.INPUT ? "" : INTERFACES[random.nextInt(3)],
          List.of(6, 17, six ? 58 : 1).get(random.nextInt(3)),
          PORTS[random.nextInt(3)],
          PORTS[random.nextInt(3)],
          FLAGS[random.nextInt(FLAGS.length)],
          random.nextBoolean() ? six ? 128 : 8 : six ? 129 : 0,
          STATES[random.nextInt(5)],
          random.nextInt(3));
    }

    /** A rule that only this packet fits, so that the space knows the point. */
    String text(Hook hook) {
      String flagNames =
          switch (flags) {
            case 2 -> "SYN";
            case 16 -> "ACK";
            case 18 -> "SYN,ACK";
            default -> "RST";
          };
      String transport =
          switch (protocol) {
            case 6 ->
                " -p tcp -m tcp --sport "
                    + sport
                    + " --dport "
                    + dport
                    + " --tcp-flags ALL "
                    + flagNames;
            case 17 -> " -p udp -m udp --sport " + sport + " --dport " + dport;
            case 1 -> " -p icmp -m icmp --icmp-type " + type + "/0";
            default -> " -p ipv6-icmp -m icmp6 --icmpv6-type " + type + "/0";
          };
      return "-A "
          + hook
          + " -s "
          + address(source, family)
          + " -d "
          + address(destination, family)
          + (in.isEmpty() ? "" : " -i " + in)
          + (out.isEmpty() ? "" : " -o " + out)
          + transport
          + " -m conntrack --ctstate "
          + state
          + " -m mark --mark "
          + mark;
    }

    Packet packet() {
      boolean six = family == Family.IPV6;
      long hi = six ? 0x2001_0db8_0000_0000L : 0;
      long base = six ? 0 : 0x0a00_0000L;
      Witness w =
          new Witness(
              hi,
              base + source,
              hi,
              base + destination,
              sport,
              dport,
              protocol,
              in,
              out,
              state,
              mark,
              type << 8,
              flags,
              false,
              "");
      Packet p = new Packet();
      WitnessPackets.make(six, w, p);
      p.mark = mark;
      p.trackInfo = state.equals("UNTRACKED") ? CtInfo.UNTRACKED : 0;
      if (!state.equals("UNTRACKED") && !state.equals("INVALID")) {
        p.tracked = new Connection();
        p.trackInfo =
            state.equals("NEW")
                ? CtInfo.NEW
                : state.equals("RELATED") ? CtInfo.RELATED : CtInfo.ESTABLISHED;
      }
      return p;
    }
  }

  /** ACCEPT, or the target of the rule that dropped it, or DROP. */
  private String fate(BoundRuleset rules, Probe probe, Hook hook) {
    var filter = rules.table("filter");
    Evaluation e = new Evaluation(services);
    e.family = probe.family;
    e.in = probe.in.isEmpty() ? -1 : host.interfaceByName(probe.in).id();
    e.out = probe.out.isEmpty() ? -1 : host.interfaceByName(probe.out).id();
    if (filter.run(hook, probe.packet(), e) == Verdict.ACCEPT) {
      return "ACCEPT";
    }
    int place = filter.lastDecision();
    return rules.isRule(place) ? rules.rule(place).rule().target().name() : "DROP";
  }
}
