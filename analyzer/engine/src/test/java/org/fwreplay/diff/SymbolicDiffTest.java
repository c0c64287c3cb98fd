package org.fwreplay.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.fwreplay.host.Host;
import org.fwreplay.host.HostBuilder;
import org.fwreplay.ipset.SetFile;
import org.fwreplay.packet.Bytes;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.PacketBuilder;
import org.fwreplay.region.Box;
import org.fwreplay.rule.BindingContext;
import org.fwreplay.rule.BoundRuleset;
import org.fwreplay.rule.Chain;
import org.fwreplay.rule.Rule;
import org.fwreplay.rule.Ruleset;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Extensions;
import org.fwreplay.xt.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymbolicDiffTest {
  private static final Extensions EXTENSIONS = Extensions.load();
  private static final int[] PORTS = {22, 80, 443};

  private static Ruleset rules(String... lines) {
    String text = "*filter\n" + String.join("\n", lines) + "\nCOMMIT\n";
    var result = RulesetParser.parse(Family.IPV4, "rules", text, EXTENSIONS);
    assertThat(result.isValid()).as(text + result.diagnostics()).isTrue();
    return result.ruleset();
  }

  private static List<String> differences(SymbolicDiff.Result result) {
    return result.differences().stream()
        .map(d -> d.hook() + " " + d.words() + ": " + d.old().verdict() + " " + d.now().verdict())
        .toList();
  }

  @Test
  void theWholeRegionIsNamed() {
    Ruleset old =
        rules("-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT", "-A INPUT -j DROP");
    Ruleset now =
        rules("-A INPUT -s 10.0.0.0/9 -p tcp -m tcp --dport 22 -j ACCEPT", "-A INPUT -j DROP");

    SymbolicDiff.Result result = SymbolicDiff.compare(Family.IPV4, old, now);

    assertThat(result.complete()).isTrue();
    assertThat(differences(result))
        .singleElement()
        .asString()
        .startsWith("INPUT src 10.128.0.0-10.255.255.255, dport 22, proto tcp, in others (other)")
        .endsWith(": ACCEPT DROP");
  }

  @Test
  void anEarlierRuleHidesAnEdit() {
    Ruleset old = rules("-A FORWARD -j DROP", "-A FORWARD -p tcp -j ACCEPT");
    Ruleset now = rules("-A FORWARD -j DROP", "-A FORWARD -p udp -j ACCEPT");

    assertThat(SymbolicDiff.compare(Family.IPV4, old, now).differences()).isEmpty();
  }

  @Test
  void whatIsNotModelledIsNamed() {
    Ruleset old = rules("-A INPUT -m limit --limit 1/s -j ACCEPT", "-A INPUT -p tcp -j DROP");
    Ruleset now = rules("-A INPUT -m limit --limit 1/s -j ACCEPT", "-A INPUT -p udp -j DROP");

    SymbolicDiff.Result result = SymbolicDiff.compare(Family.IPV4, old, now);

    assertThat(result.unmodelled()).extracting(Rule::number).containsExactly(1);
    assertThat(result.differences()).hasSizeGreaterThanOrEqualTo(2);
  }

  /** Random rulesets over few addresses and ports, and every packet there is of these. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void regionsEqualBruteForce(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> lines = new ArrayList<>(List.of(":FORWARD DROP [0:0]", ":a - [0:0]"));
    lines.add("-A FORWARD -s 10.0.0.0/30 -j a");
    for (int i = 0; i < 12; i++) {
      lines.add(rule(random));
    }
    List<String> edited = new ArrayList<>(lines);
    for (int i = 0; i < 3; i++) {
      edited.set(3 + random.nextInt(12), rule(random));
    }
    edited.add(3 + random.nextInt(10), rule(random));
    Ruleset old = rules(lines.toArray(String[]::new));
    Ruleset now = rules(edited.toArray(String[]::new));
    List<String> probes = new ArrayList<>();
    for (int s = 0; s < 8; s++) {
      for (int d = 0; d < 8; d++) {
        for (int port : PORTS) {
          probes.add(
              "-A FORWARD -s 10.0.0."
                  + s
                  + " -d 10.0.0."
                  + d
                  + " -i eth0 -o eth1 -p udp -m udp"
                  + " --sport 1000 --dport "
                  + port);
        }
      }
    }
    Ruleset probe = rules(probes.toArray(String[]::new));
    SymbolicDiff diff = SymbolicDiff.of(Family.IPV4, List.of(old, now, probe));
    SymbolicDiff.Result result = diff.compare(old, now);

    Chain forward = probe.table("filter").chain("FORWARD");
    int found = 0;
    for (Rule each : forward.rules()) {
      Box box = diff.space().region(each).boxes().get(0);
      long in = result.differences().stream().filter(d -> d.box().intersects(box)).count();
      boolean differs = passes(old, each) != passes(now, each);
      assertThat(in > 0).as("seed %d: %s", seed, each.text()).isEqualTo(differs);
      found += differs ? 1 : 0;
    }
    assertConfirmed(result, old, now);
    assertThat(found == 0 || !result.differences().isEmpty()).isTrue();
  }

  private static void assertConfirmed(SymbolicDiff.Result result, Ruleset old, Ruleset now) {
    WitnessCheck check = new WitnessCheck(Family.IPV4, old, now, SetFile.EMPTY, SetFile.EMPTY);
    List<String> doubtful =
        result.differences().stream()
            .filter(each -> !check.check(each).confirmed())
            .map(each -> each.hook() + " " + each.words() + ": " + check.check(each).why())
            .toList();
    assertThat(doubtful).isEmpty();
  }

  private static String rule(SplittableRandom random) {
    String chain = random.nextInt(3) == 0 ? "a" : "FORWARD";
    String source =
        random.nextBoolean() ? " -s 10.0.0." + random.nextInt(8) + "/3" + random.nextInt(3) : "";
    String destination = random.nextBoolean() ? " -d 10.0.0." + random.nextInt(8) : "";
    int port = PORTS[random.nextInt(PORTS.length)];
    String udp = random.nextBoolean() ? " -p udp -m udp --dport " + port : "";
    String[] targets = {"ACCEPT", "DROP", "RETURN"};
    return "-A " + chain + source + destination + udp + " -j " + targets[random.nextInt(3)];
  }

  private static boolean passes(Ruleset rules, Rule probe) {
    HostBuilder builder = Host.builder();
    builder.add("lo", 0);
    builder.add("eth0", -1);
    builder.add("eth1", -1);
    Host host = builder.build();
    BoundRuleset bound = BoundRuleset.bind(rules, new BindingContext(host, host.newRouter(), 0));
    String[] words = probe.text().split(" ");
    int port = Integer.parseInt(words[words.length - 1]);
    Packet p = new Packet();
    long source = probe.ip().source().lo();
    PacketBuilder.ipv4(p, 0, 1, false, 64, 17, source, probe.ip().destination().lo(), 8);
    Bytes.put16(p.buffer, p.transport, 1000);
    Bytes.put16(p.buffer, p.transport + 2, port);
    Evaluation e = new Evaluation(null);
    e.in = 1;
    e.out = 2;
    return bound.table("filter").run(Hook.FORWARD, p, e) == Verdict.ACCEPT;
  }
}
