package org.fwreplay.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.xt.Action;
import org.fwreplay.xt.Binding;
import org.fwreplay.xt.Evaluation;
import org.fwreplay.xt.Matcher;
import org.fwreplay.xt.PacketMatch;
import org.fwreplay.xt.PacketTarget;
import org.fwreplay.xt.RuleWriter;
import org.fwreplay.xt.Verdict;
import org.junit.jupiter.api.Test;

/** The walk through a table: ip_tables.c and ip6_tables.c of Linux 6.12. */
class BoundTableTest {
  private static final int ETH0 = 1;
  private static final int ETH1 = 2;

  private final Evaluation evaluation = Rules.evaluation(ETH0, -1);

  private record FakeMatch(Matcher matcher) implements PacketMatch {
    @Override
    public void save(RuleWriter out) {}

    @Override
    public Matcher bind(Binding binding) {
      return matcher;
    }
  }

  private record FakeTarget(Action action) implements PacketTarget {
    @Override
    public void save(RuleWriter out) {}

    @Override
    public Action bind(Binding binding) {
      return action;
    }
  }

  private static Packet udp(String source) {
    return Packets.udp(source + ":1000", "192.0.2.1:53").payload("0123456789").build();
  }

  private int input(BoundRuleset ruleset, Packet packet) {
    return ruleset.table("filter").run(Hook.INPUT, packet, evaluation);
  }

  /** A filter table whose chain INPUT has one rule for each target. */
  private static BoundRuleset withTargets(Family family, IpMatch ip, RuleTarget... targets) {
    return with(family, ip, List.of(), targets);
  }

  private static BoundRuleset with(
      Family family, IpMatch ip, List<MatchUse> matches, RuleTarget... targets) {
    List<Rule> rules = new ArrayList<>();
    for (RuleTarget target : targets) {
      SourcePosition nowhere = new SourcePosition("rules", 1, 1);
      rules.add(new Rule(rules.size() + 1, ip, matches, target, 0, 0, nowhere, "", null));
    }
    Chain input = new Chain("INPUT", "ACCEPT", 0, 0, rules, null);
    Chain own = new Chain("OWN", null, 0, 0, List.of(), null);
    Table table = new Table("filter", List.of(input, own));
    return Rules.bind(new Ruleset(family, List.of(table), "rules"));
  }

  private static RuleTarget target(Action action) {
    return new RuleTarget.Extension("FAKE", new FakeTarget(action));
  }

  @Test
  void countsAndDecidesAsTheKernelDid() {
    BoundRuleset ruleset =
        Rules.bind(
            Rules.parse(
                "*filter",
                ":INPUT DROP [0:0]",
                ":A - [0:0]",
                ":B - [0:0]",
                ":C - [0:0]",
                ":D - [0:0]",
                "-A INPUT",
                "-A INPUT -p icmp -m icmp --icmp-type 8 -j A",
                "-A INPUT -p icmp -m icmp --icmp-type 0 -j ACCEPT",
                "-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT",
                "-A INPUT -p udp -m udp --dport 1000 -j RETURN",
                "-A INPUT -p udp -m udp --dport 1001 -g D",
                "-A INPUT -p udp -j DROP",
                "-A A -s 127.0.0.1/32 -g B",
                "-A A -j DROP",
                "-A B",
                "-A B -j C",
                "-A B -p icmp -j RETURN",
                "-A B -j DROP",
                "-A C -m mark --mark 1 -j ACCEPT",
                "-A C -j RETURN",
                "-A C -j DROP",
                "-A D",
                "COMMIT"));

    for (int i = 0; i < 3; i++) {
      input(ruleset, echo(8));
      input(ruleset, echo(0));
    }
    input(ruleset, datagram(1000));
    input(ruleset, datagram(1001));
    input(ruleset, datagram(1001));
    input(ruleset, datagram(1002));

    assertThat(ruleset.save())
        .isEqualTo(
            """
            *filter
            :INPUT DROP [3:114]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :A - [0:0]
            :B - [0:0]
            :C - [0:0]
            :D - [0:0]
            [10:656] -A INPUT
            [3:252] -A INPUT -p icmp -m icmp --icmp-type 8 -j A
            [3:252] -A INPUT -p icmp -m icmp --icmp-type 0 -j ACCEPT
            [3:252] -A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT
            [1:38] -A INPUT -p udp -m udp --dport 1000 -j RETURN
            [2:76] -A INPUT -p udp -m udp --dport 1001 -g D
            [1:38] -A INPUT -p udp -j DROP
            [3:252] -A A -s 127.0.0.1/32 -g B
            [0:0] -A A -j DROP
            [3:252] -A B
            [3:252] -A B -j C
            [3:252] -A B -p icmp -j RETURN
            [0:0] -A B -j DROP
            [0:0] -A C -m mark --mark 0x1 -j ACCEPT
            [3:252] -A C -j RETURN
            [0:0] -A C -j DROP
            [2:76] -A D
            COMMIT
            """);
  }

  private static Packet echo(int type) {
    return Packets.icmp("127.0.0.1", "127.0.0.1", type, 0).payload(new byte[56]).build();
  }

  private static Packet datagram(int port) {
    return Packets.udp("127.0.0.1:999", "127.0.0.1:" + port).payload(new byte[10]).build();
  }

  @Test
  void aReturnInABuiltinChainLeadsToThePolicyAndSaysSo() {
    BoundRuleset ruleset =
        Rules.bind(Rules.filter(Family.IPV4, "-P INPUT DROP", "-A INPUT -j RETURN"));
    BoundTable filter = ruleset.table("filter");

    assertThat(input(ruleset, udp("192.0.2.7"))).isEqualTo(Verdict.DROP);
    assertThat(ruleset.isRule(filter.lastDecision())).isFalse();
    assertThat(ruleset.chain(filter.lastDecision()).chain().name()).isEqualTo("INPUT");
    assertThat(ruleset.packets(0)).isEqualTo(1);
    assertThat(ruleset.packets(filter.lastDecision())).isEqualTo(1);
  }

  @Test
  void theDecidingRuleAndAllHitsAreKnown() {
    BoundRuleset ruleset =
        Rules.bind(
            Rules.filter(
                Family.IPV4, "-A INPUT -j A", "-A INPUT -j ACCEPT", "-A A -p udp -j DROP"));
    List<String> hits = new ArrayList<>();
    ruleset.record(place -> hits.add(ruleset.rule(place).rule().text()));

    assertThat(input(ruleset, udp("192.0.2.7"))).isEqualTo(Verdict.DROP);

    assertThat(hits).containsExactly("-A INPUT -j A", "-A A -p udp -j DROP");
    int decided = ruleset.table("filter").lastDecision();
    assertThat(ruleset.rule(decided).rule().position()).hasToString("rules:6:1");
    assertThat(ruleset.rule(decided).chain().name()).isEqualTo("A");
  }

  @Test
  void addressesMatchUnderTheirMaskAndInverted() {
    BoundRuleset ruleset =
        Rules.bind(
            Rules.filter(
                Family.IPV4,
                "-A INPUT -s 10.0.2.0/255.0.255.0",
                "-A INPUT ! -s 10.0.2.0/255.0.255.0",
                "-A INPUT -d 192.0.2.1",
                "-A INPUT ! -d 192.0.2.1"));

    input(ruleset, udp("10.9.2.8"));
    input(ruleset, udp("10.9.3.8"));
    input(ruleset, udp("10.9.3.9"));

    assertThat(counts(ruleset)).containsExactly(1L, 2L, 3L, 0L);
  }

  @Test
  void interfacesMatchByNameAndBeginning() {
    BoundRuleset ruleset =
        Rules.bind(
            Rules.filter(
                Family.IPV4,
                "-A FORWARD -i eth0",
                "-A FORWARD -i eth+",
                "-A FORWARD ! -i eth1",
                "-A FORWARD ! -i eth+",
                "-A FORWARD -i elsewhere0",
                "-A FORWARD ! -o elsewhere0",
                "-A FORWARD -o eth1",
                "-A FORWARD ! -i +"));
    BoundTable filter = ruleset.table("filter");

    filter.run(Hook.FORWARD, udp("10.0.0.1"), Rules.evaluation(ETH0, ETH1));
    filter.run(Hook.FORWARD, udp("10.0.0.1"), Rules.evaluation(ETH1, ETH0));
    filter.run(Hook.FORWARD, udp("10.0.0.1"), Rules.evaluation(0, ETH0));

    assertThat(counts(ruleset)).containsExactly(1L, 2L, 2L, 1L, 0L, 3L, 1L, 0L);
  }

  @Test
  void noInterfaceIsLikeAnEmptyName() {
    BoundRuleset ruleset =
        Rules.bind(
            Rules.filter(
                Family.IPV4, "-A A -i eth0", "-A A ! -i eth0", "-A A -i +", "-A INPUT -j A"));

    ruleset.table("filter").run(Hook.INPUT, udp("10.0.0.1"), Rules.evaluation(-1, -1));

    assertThat(counts(ruleset)).containsExactly(1L, 0L, 1L, 1L);
  }

  @Test
  void fragmentRulesSeeLaterFragmentsOnly() {
    BoundRuleset ruleset =
        Rules.bind(Rules.filter(Family.IPV4, "-A INPUT -f", "-A INPUT ! -f", "-A INPUT -p udp"));

    input(ruleset, Packets.udp("10.0.0.1:1", "10.0.0.2:2").fragment(0, true).build());
    input(ruleset, Packets.udp("10.0.0.1:1", "10.0.0.2:2").fragment(8, false).build());

    assertThat(counts(ruleset)).containsExactly(1L, 1L, 2L);
  }

  private static List<Long> counts(BoundRuleset ruleset) {
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < ruleset.ruleCount(); i++) {
      counts.add(ruleset.packets(i));
    }
    return counts;
  }

  @Test
  void aTargetThatContinuesMayHaveChangedTheHeader() {
    Action rewrite =
        (packet, e) -> {
          packet.buffer[packet.network + 12] = 11;
          packet.makeOwn();
          return Verdict.CONTINUE;
        };
    AddressMatch eleven = AddressMatch.parse(Family.IPV4, "11.0.0.0/8", false);
    List<Rule> rules = new ArrayList<>();
    SourcePosition nowhere = new SourcePosition("rules", 1, 1);
    rules.add(new Rule(1, IpMatch.ANY, List.of(), target(rewrite), 0, 0, nowhere, "", null));
    rules.add(
        new Rule(
            2,
            IpMatch.ANY.with(eleven, AddressMatch.ANY),
            List.of(),
            RuleTarget.standard("DROP"),
            0,
            0,
            nowhere,
            "",
            null));
    Table table = new Table("filter", List.of(new Chain("INPUT", "ACCEPT", 0, 0, rules, null)));
    BoundRuleset ruleset = Rules.bind(new Ruleset(Family.IPV4, List.of(table), "rules"));

    assertThat(input(ruleset, udp("10.0.0.1"))).isEqualTo(Verdict.DROP);
    assertThat(evaluation.transport).isEqualTo(Packet.HEADROOM + 20);
  }

  @Test
  void aTargetsVerdictEndsTheWalk() {
    BoundRuleset ruleset =
        withTargets(
            Family.IPV4,
            IpMatch.ANY,
            target((p, e) -> Verdict.CONTINUE),
            target((p, e) -> Verdict.STOLEN),
            RuleTarget.standard("DROP"));

    assertThat(input(ruleset, udp("10.0.0.1"))).isEqualTo(Verdict.STOLEN);
    assertThat(counts(ruleset)).containsExactly(1L, 1L, 0L);
    assertThat(ruleset.table("filter").lastDecision()).isEqualTo(1);
  }

  @Test
  void aMatchThatCannotLookIntoThePacketDropsItUncounted() {
    MatchUse blind =
        new MatchUse(
            "blind",
            new FakeMatch(
                (p, e) -> {
                  e.hotDrop = true;
                  return false;
                }));
    BoundRuleset ruleset =
        with(
            Family.IPV4,
            IpMatch.ANY,
            List.of(blind),
            RuleTarget.standard("ACCEPT"),
            RuleTarget.standard("ACCEPT"));

    assertThat(input(ruleset, udp("10.0.0.1"))).isEqualTo(Verdict.DROP);
    assertThat(counts(ruleset)).containsExactly(0L, 0L);
    assertThat(ruleset.table("filter").lastDecision()).isZero();
  }

  @Test
  void aDropFromAMatchThatMatchedIsCountedAndStronger() {
    MatchUse dropping =
        new MatchUse(
            "dropping",
            new FakeMatch(
                (p, e) -> {
                  e.hotDrop = true;
                  return true;
                }));
    BoundRuleset ruleset =
        with(Family.IPV4, IpMatch.ANY, List.of(dropping), RuleTarget.standard("ACCEPT"));

    assertThat(input(ruleset, udp("10.0.0.1"))).isEqualTo(Verdict.DROP);
    assertThat(counts(ruleset)).containsExactly(1L);
  }

  @Test
  void ipv6KnowsTheTransportHeaderOnlyInRulesThatNameAProtocol() {
    List<Integer> seen = new ArrayList<>();
    MatchUse look =
        new MatchUse(
            "look",
            new FakeMatch(
                (p, e) -> {
                  seen.add(e.transport - p.network);
                  return true;
                }));
    Packet packet = Packets.udp("[2001:db8::2]:1", "[2001:db8::1]:2").build();

    input(with(Family.IPV6, IpMatch.ANY, List.of(look), new RuleTarget.None()), packet);
    input(with(Family.IPV6, protocol(17), List.of(look), new RuleTarget.None()), packet);
    input(with(Family.IPV6, protocol(0), List.of(look), new RuleTarget.None()), packet);

    assertThat(seen).containsExactly(0, 40, 40);
  }

  private static IpMatch protocol(int number) {
    return new IpMatch(
        AddressMatch.ANY, AddressMatch.ANY, null, null, true, number, false, false, false);
  }

  @Test
  void ipv6DropsABrokenHeaderChainWhereARuleAsksForTheProtocol() {
    Packet broken = Packets.udp("[2001:db8::2]:1", "[2001:db8::1]:2").build();
    broken.protocol = -1;
    BoundRuleset ruleset =
        Rules.bind(
            Rules.filter(Family.IPV6, "-A INPUT", "-A INPUT ! -p tcp", "-A INPUT -j ACCEPT"));

    assertThat(input(ruleset, broken)).isEqualTo(Verdict.DROP);
    assertThat(counts(ruleset)).containsExactly(1L, 0L, 0L);
  }

  @Test
  void ipv6AddressesMatchUnderTheirMask() {
    BoundRuleset ruleset =
        Rules.bind(
            Rules.filter(
                Family.IPV6,
                "-A INPUT -s 2001:db8::/33",
                "-A INPUT ! -s 2001:db8::/33",
                "-A INPUT -s 2001::2/ffff:0:0:0:0:0:0:f",
                "-A INPUT -d 2001:db8::1 -p udp",
                "-A INPUT ! -p udp"));

    input(ruleset, Packets.udp("[2001:db8::2]:1", "[2001:db8::1]:2").build());
    input(ruleset, Packets.udp("[2001:db8:8000::12]:1", "[2001:db8::3]:2").build());

    assertThat(counts(ruleset)).containsExactly(1L, 1L, 2L, 1L, 0L);
  }

  @Test
  void chainsAndHooksOfATableAreKnown() {
    BoundRuleset ruleset = Rules.bind(Rules.filter(Family.IPV4, "-A INPUT -j DROP"));
    BoundTable filter = ruleset.table("filter");

    assertThat(filter.has(Hook.INPUT)).isTrue();
    assertThat(filter.has(Hook.PREROUTING)).isFalse();
    assertThat(filter.hasRules(Hook.INPUT)).isTrue();
    assertThat(filter.hasRules(Hook.FORWARD)).isFalse();
    assertThat(ruleset.table("nat")).isNull();
    assertThat(ruleset.needsConntrack()).isFalse();
    assertThat(
            Rules.bind(Rules.filter(Family.IPV4, "-A INPUT -m conntrack --ctstate NEW"))
                .needsConntrack())
        .isTrue();
  }
}
