package org.fwreplay.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import org.fwreplay.packet.Family;
import org.fwreplay.rule.RulesetParser;
import org.fwreplay.xt.Extensions;
import org.junit.jupiter.api.Test;

/** Each kind of finding by an example; those of codes that an example is not about are left out. */
class LinterTest {
  private static final Extensions EXTENSIONS = Extensions.load();

  /** {@code LINE CODE} of all findings about table filter; the first line given is line 2. */
  private static List<String> filter(String... lines) {
    return table("filter", lines);
  }

  private static List<String> table(String table, String... lines) {
    return findings(table, lines).stream()
        .map(finding -> finding.position().line() + " " + finding.code())
        .toList();
  }

  private static List<Finding> findings(String table, String... lines) {
    List<String> all = new ArrayList<>(List.of("*" + table));
    all.addAll(List.of(lines));
    all.add("COMMIT");
    String text = String.join("\n", all) + "\n";
    return Linter.lint(RulesetParser.parse(Family.IPV4, "rules", text, EXTENSIONS));
  }

  @Test
  void aRuleBehindAWiderOneIsUnreachableAndSaysWhoTakesItsPackets() {
    List<Finding> findings =
        findings(
            "filter", "-A FORWARD -s 10.0.0.0/8 -j DROP", "-A FORWARD -s 10.1.0.0/16 -j ACCEPT");

    assertThat(findings)
        .singleElement()
        .hasToString(
            "rules:3:1: warning: no packet gets here: line 2 takes all that could match"
                + " [unreachable]");
    assertThat(findings.get(0).related())
        .singleElement()
        .satisfies(
            related -> {
              assertThat(related.position()).hasToString("rules:2:1");
              assertThat(related.message()).isEqualTo("takes: -A FORWARD -s 10.0.0.0/8 -j DROP");
            });
  }

  @Test
  void severalRulesTogetherCanTakeAll() {
    List<Finding> findings =
        findings(
            "filter",
            "-A FORWARD -s 10.0.0.0/9 -j DROP",
            "-A FORWARD -p udp -j DROP",
            "-A FORWARD -s 10.128.0.0/9 -j ACCEPT",
            "-A FORWARD -s 10.0.0.0/8 -p tcp -j ACCEPT");

    assertThat(findings)
        .singleElement()
        .asString()
        .contains(":5:1:")
        .contains("lines 2, 4 together");
  }

  @Test
  void whatAChainTakesIsGoneForItsCallerAndWhatItReturnsIsNot() {
    assertThat(
            filter(
                ":A - [0:0]",
                "-A FORWARD -j A",
                "-A FORWARD -s 10.0.0.1/32 -j ACCEPT",
                "-A FORWARD -s 10.0.0.2/32 -j ACCEPT",
                "-A A -s 10.0.0.1/32 -j RETURN",
                "-A A -s 10.0.0.0/8 -j DROP"))
        .containsExactly("5 unreachable");
  }

  @Test
  void aRuleIsUnreachableOnlyIfItIsSoFromAllJumps() {
    assertThat(
            filter(
                ":A - [0:0]",
                "-A INPUT -p tcp -j A",
                "-A FORWARD -p udp -j A",
                "-A A -p icmp -j ACCEPT",
                "-A A -p udp -j ACCEPT",
                "-A A -p tcp -j ACCEPT"))
        .containsExactly("5 unreachable");
  }

  @Test
  void limitsAndChangedMarksProveNothing() {
    assertThat(
            filter(
                "-A FORWARD -m limit --limit 1/sec -j ACCEPT",
                "-A FORWARD -m limit --limit 1/sec -j ACCEPT",
                "-A FORWARD -m mark --mark 0x1 -j ACCEPT",
                "-A FORWARD -j MARK --set-xmark 0x1/0xffffffff",
                "-A FORWARD -m mark --mark 0x1 -j ACCEPT",
                "-A FORWARD -m length --length 100 -j ACCEPT",
                "-A FORWARD -m length --length 100 -p tcp -j DROP"))
        .containsExactly("8 unreachable");
  }

  @Test
  void aMatchThatSetsALabelHasAllOthersAskedAnew() {
    assertThat(
            filter(
                "-A FORWARD -m connlabel --label 7 -j ACCEPT",
                "-A FORWARD -m connlabel --label 7 -j DROP",
                "-A FORWARD -p udp -m connlabel --label 7 --set",
                "-A FORWARD -m connlabel --label 7 -j DROP"))
        .containsExactly("3 unreachable");
  }

  @Test
  void theSameRuleTwiceIsADuplicate() {
    assertThat(
            filter(
                "-A FORWARD -p tcp -j LOG",
                "-A FORWARD -p tcp -j LOG",
                "-A FORWARD -p tcp -j ACCEPT",
                "-A FORWARD -p tcp -j ACCEPT"))
        .containsExactly("3 duplicate", "5 duplicate");
  }

  @Test
  void whatContradictsItselfIsAnErrorThatNamesTheTwo() {
    List<Finding> findings =
        findings(
            "filter",
            "-A FORWARD -s 10.0.0.0/8 -m iprange --src-range 11.0.0.1-11.0.0.9 -j DROP",
            "-A FORWARD -m state --state ESTABLISHED -m conntrack --ctstate NEW -j DROP");

    assertThat(findings)
        .extracting(Finding::toString)
        .containsExactly(
            "rules:2:1: error: no packet can match \"-s 10.0.0.0/8\" and \"-m iprange --src-range"
                + " 11.0.0.1-11.0.0.9\" at once [contradiction]",
            "rules:3:1: error: no packet can match \"-m state --state ESTABLISHED\" and \"-m"
                + " conntrack --ctstate NEW\" at once [contradiction]");
  }

  @Test
  void interfacesThatAHookDoesNotKnowAreNamed() {
    assertThat(
            filter(
                ":A - [0:0]",
                "-A OUTPUT -j A",
                "-A A -i eth0 -j DROP",
                "-A A ! -i eth0 -p tcp -j DROP"))
        .containsExactly("4 interface-never-set", "5 interface-never-set");
  }

  @Test
  void chainsWithoutUseAndWithoutRulesAreNamed() {
    assertThat(filter(":A - [0:0]", ":B - [0:0]", "-A FORWARD -j A", "-A B -p tcp -j DROP"))
        .containsExactly("3 unused-chain", "4 jump-to-empty-chain", "5 unreachable");
  }

  @Test
  void natSeesNoEstablishedConnectionsAndShouldNotDrop() {
    assertThat(
            table(
                "nat",
                ":PREROUTING DROP [0:0]",
                "-A PREROUTING -m conntrack --ctstate ESTABLISHED -j ACCEPT"))
        .containsExactly("2 nat-policy-drop", "3 never-in-nat");
  }

  @Test
  void answersAndTheHostItselfNeedRules() {
    assertThat(filter(":INPUT DROP [0:0]", "-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT"))
        .containsExactly("2 no-established", "2 no-loopback");
    assertThat(
            filter(
                ":INPUT DROP [0:0]",
                "-A INPUT -i lo -j ACCEPT",
                "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                "-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT"))
        .isEmpty();
  }

  @Test
  void newWithoutSynIsFoundUnlessItWasDroppedBefore() {
    String accept = "-A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT";
    assertThat(filter(accept)).containsExactly("2 new-without-syn");
    assertThat(filter("-A INPUT -p tcp ! --syn -m state --state NEW -j DROP", accept)).isEmpty();
  }

  @Test
  void aPolicyThatNeverAppliesIsWorseWhereItWouldHaveDropped() {
    assertThat(findings("filter", ":INPUT DROP [0:0]", "-A INPUT -j ACCEPT"))
        .singleElement()
        .asString()
        .contains("rules:2:1: warning: policy DROP of chain INPUT never applies: line 3");
    assertThat(findings("filter", ":INPUT DROP [0:0]", "-A INPUT -j REJECT"))
        .singleElement()
        .asString()
        .contains("rules:2:1: info:");
  }

  @Test
  void establishedConnectionsShouldNotPassManyRules() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      lines.add("-A FORWARD -s 10.0.0." + i + " -j DROP");
    }
    lines.add("-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT");

    assertThat(filter(lines.toArray(String[]::new))).containsExactly("14 established-late");
  }

  @Test
  void allThatRefusesATextIsFound() {
    assertThat(filter("-A INPUT -p nonsense -j DROP", "-A NOWHERE -j DROP", "-A INPUT --frob"))
        .containsExactly("2 rejected", "3 rejected", "4 rejected");
  }

  @Test
  void tenThousandRulesAreQuick() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      lines.add(
          "-A FORWARD -s 10." + i % 200 + "." + i / 200 + ".0/24 -p tcp --dport 80 -j ACCEPT");
    }
    lines.add("-A FORWARD -s 10.7.7.0/25 -p tcp --dport 80 -j DROP");
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long start = clock.getCurrentThreadCpuTime();

    assertThat(filter(lines.toArray(String[]::new))).containsExactly("10002 unreachable");
    assertThat(clock.getCurrentThreadCpuTime() - start).as("ns").isLessThan(6_000_000_000L);
  }
}
