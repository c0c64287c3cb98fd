package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.fwreplay.legacy.Trigger;
import org.fwreplay.legacy.Triggers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Port triggering as home routers had it, in the dialects of 2003 and 2008. */
class TriggerTest {
  private static final String FIRST = "192.168.1.10";
  private static final String SECOND = "192.168.1.11";
  private int port = 2000;

  /** The rules of a firmware, with one trigger or more. */
  private static Scenario router(String... triggers) {
    Scenario scenario =
        new Scenario()
            .rules(
                "*nat",
                "-A PREROUTING -d 203.0.113.1 -j TRIGGER --trigger-type dnat",
                "-A POSTROUTING -o wan -j MASQUERADE",
                "*filter",
                ":FORWARD DROP",
                ":out -",
                "-A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT",
                "-A FORWARD -i wan -o lan -j TRIGGER --trigger-type in",
                "-A FORWARD -i lan -o wan -j out");
    for (String trigger : triggers) {
      scenario.rules("-A out " + trigger);
    }
    return scenario.rules("-A out -j ACCEPT");
  }

  private static final String BITTORRENT =
      "-p tcp --dport 6969 -j TRIGGER --trigger-type out --trigger-proto tcp"
          + " --trigger-match 6969 --trigger-relate 6881-6889";

  /** Connections that nobody answers are kept longer than a trigger. */
  private static Scenario patient(Scenario scenario) {
    return scenario
        .sysctl("net.netfilter.nf_conntrack_tcp_timeout_syn_sent", "2000")
        .sysctl("net.netfilter.nf_conntrack_tcp_timeout_max_retrans", "2000")
        .sysctl("net.netfilter.nf_conntrack_tcp_timeout_unacknowledged", "2000");
  }

  private void goesOut(Scenario scenario, String from, int to) {
    String packet = "tcp " + from + ":" + port++ + " > 198.51.100.7:" + to + " S";
    assertThat(scenario.arrives("lan", packet)).hasSize(1);
  }

  /** The host that a new connection from outside comes to, or null. */
  private String comesIn(Scenario scenario, String protocol, int to) {
    String flags = protocol.equals("tcp") ? " S" : " len 4";
    String packet = protocol + " 198.51.100.9:" + port++ + " > 203.0.113.1:" + to + flags;
    List<String> left = scenario.arrives("wan", packet);
    List<String> forwarded = left.stream().filter(line -> line.startsWith("lan:")).toList();
    return forwarded.isEmpty() ? null : forwarded.get(0).split(" > |:" + to)[1];
  }

  private static List<Trigger> history(Scenario scenario) {
    return scenario.shared(Triggers.class, Triggers.SHARED).history();
  }

  @Test
  void aPortIsOpenedByAConnectionToAnother() {
    Scenario scenario = router(BITTORRENT);
    assertThat(comesIn(scenario, "tcp", 6881)).isNull();
    goesOut(scenario, FIRST, 6969);
    assertThat(comesIn(scenario, "tcp", 6881)).isEqualTo(FIRST);
    assertThat(comesIn(scenario, "tcp", 6889)).isEqualTo(FIRST);
    assertThat(comesIn(scenario, "tcp", 6890)).as("outside the range").isNull();
    assertThat(comesIn(scenario, "udp", 6881)).as("another protocol").isNull();
    assertThat(history(scenario).get(0).connections())
        .extracting(Trigger.Through::port)
        .containsExactly(6881, 6889);
  }

  @Test
  void withoutAProtocolPortsOfBothAreOpened() {
    String both = BITTORRENT.replace("--trigger-proto tcp", "--trigger-proto all");
    Scenario scenario = router(both);
    goesOut(scenario, FIRST, 6969);
    assertThat(comesIn(scenario, "udp", 6881)).isEqualTo(FIRST);
    assertThat(comesIn(scenario, "tcp", 6881)).isEqualTo(FIRST);
  }

  @Test
  void whatIsNeitherTcpNorUdpPasses() {
    Scenario scenario =
        router("-j TRIGGER --trigger-type out --trigger-match 8 --trigger-relate 1");
    assertThat(scenario.arrives("lan", "icmp 192.168.1.10 > 198.51.100.7 8/0 id 8")).hasSize(1);
    assertThat(history(scenario)).isEmpty();
  }

  @Test
  void aTriggerEndsAfter600SecondsUnlessItIsRefreshed() {
    Scenario scenario = router(BITTORRENT);
    goesOut(scenario, FIRST, 6969);
    scenario.waits(599);
    goesOut(scenario, FIRST, 6969);
    scenario.waits(599);
    assertThat(comesIn(scenario, "tcp", 6881)).as("type in refreshes").isEqualTo(FIRST);
    scenario.waits(599);
    assertThat(comesIn(scenario, "tcp", 6881)).isEqualTo(FIRST);
    scenario.waits(600);
    assertThat(comesIn(scenario, "tcp", 6881)).isNull();
    assertThat(history(scenario)).hasSize(1);
    assertThat(history(scenario).get(0).end()).isEqualTo(Trigger.End.EXPIRED);
    assertThat(history(scenario).get(0).refreshes()).isEqualTo(3);
  }

  @Test
  void leadingAConnectionInsideAloneRefreshesNothing() {
    Scenario scenario =
        new Scenario()
            .rules("*nat", "-A PREROUTING -i wan -j TRIGGER --trigger-type dnat")
            .rules("*filter", "-A FORWARD -i lan " + BITTORRENT);
    goesOut(scenario, FIRST, 6969);
    scenario.waits(300);
    assertThat(comesIn(scenario, "tcp", 6881)).isEqualTo(FIRST);
    scenario.waits(300);
    assertThat(comesIn(scenario, "tcp", 6881)).isNull();
  }

  @Test
  void in2003ASecondHostTakesATriggerOverOnlyAfterAConnectionCameIn() {
    Scenario scenario = router(BITTORRENT);
    goesOut(scenario, FIRST, 6969);
    goesOut(scenario, SECOND, 6969);
    assertThat(comesIn(scenario, "tcp", 6881)).isEqualTo(FIRST);
    goesOut(scenario, SECOND, 6969);
    assertThat(comesIn(scenario, "tcp", 6881)).isEqualTo(SECOND);
    goesOut(scenario, FIRST, 6969);
    assertThat(comesIn(scenario, "tcp", 6881)).as("reply is never cleared").isEqualTo(FIRST);
    assertThat(history(scenario).get(0).hosts()).hasSize(3);
  }

  @Test
  void in2008TheLastHostHasIt() {
    Scenario scenario = router(BITTORRENT).dialect("TRIGGER", "2008");
    goesOut(scenario, FIRST, 6969);
    goesOut(scenario, SECOND, 6969);
    assertThat(comesIn(scenario, "tcp", 6881)).isEqualTo(SECOND);
  }

  @Test
  void in2003APortThatSetATriggerOffNeverSetsOffAnother() {
    String first = "-p tcp --dport 6801 -j TRIGGER --trigger-type out --trigger-match 6801";
    String[] two = {
      first + " --trigger-relate 3000 --trigger-proto tcp",
      first + " --trigger-relate 4000 --trigger-proto udp"
    };
    Scenario scenario = router(two);
    goesOut(scenario, FIRST, 6801);
    assertThat(comesIn(scenario, "tcp", 3000)).isEqualTo(FIRST);
    assertThat(comesIn(scenario, "udp", 4000)).isNull();
    Scenario later = router(two).dialect("TRIGGER", "2008");
    goesOut(later, FIRST, 6801);
    assertThat(comesIn(later, "tcp", 3000)).isEqualTo(FIRST);
    assertThat(comesIn(later, "udp", 4000)).isEqualTo(FIRST);
  }

  @Test
  void theTargetDoesNotCompareItsOwnRangeWithThePacket() {
    Scenario scenario =
        router("-j TRIGGER --trigger-type out --trigger-match 6969 --trigger-relate 6881");
    goesOut(scenario, FIRST, 80);
    assertThat(comesIn(scenario, "tcp", 6881)).as("set off by port 80").isEqualTo(FIRST);
    goesOut(scenario, SECOND, 80);
    assertThat(history(scenario)).as("not found again at port 80").hasSize(2);
  }

  @Test
  void ofOverlappingRangesTheNewestTriggerCounts() {
    String trigger = "-p tcp --dport %d -j TRIGGER --trigger-type out --trigger-match %d";
    Scenario scenario =
        router(
            trigger.formatted(1000, 1000) + " --trigger-relate 5000-5010",
            trigger.formatted(2000, 2000) + " --trigger-relate 5005-5020");
    goesOut(scenario, FIRST, 1000);
    goesOut(scenario, SECOND, 2000);
    assertThat(comesIn(scenario, "tcp", 5000)).isEqualTo(FIRST);
    assertThat(comesIn(scenario, "tcp", 5007)).isEqualTo(SECOND);
  }

  @Test
  void in2008OnlyWhatWasLedInsideIsAcceptedAndItEndsWithTheTrigger() {
    Scenario scenario = patient(router(BITTORRENT)).dialect("TRIGGER", "2008");
    goesOut(scenario, FIRST, 6969);
    assertThat(scenario.arrives("wan", "tcp 198.51.100.9:7 > 192.168.1.10:6881 S")).isEmpty();
    assertThat(comesIn(scenario, "tcp", 6881)).isEqualTo(FIRST);
    assertThat(scenario.connections()).anyMatch(ct -> ct.contains("203.0.113.1:6881"));
    scenario.waits(601);
    assertThat(scenario.connections()).noneMatch(ct -> ct.contains("203.0.113.1:6881"));
    assertThat(scenario.connections()).as("the one that set it off").hasSize(1);
  }

  @Test
  void in2003WhatIsNotTranslatedIsAcceptedAsWellAndConnectionsOutliveTheTrigger() {
    Scenario scenario = patient(router(BITTORRENT));
    goesOut(scenario, FIRST, 6969);
    assertThat(scenario.arrives("wan", "tcp 198.51.100.9:7 > 192.168.1.10:6881 S")).hasSize(1);
    assertThat(comesIn(scenario, "tcp", 6881)).isEqualTo(FIRST);
    scenario.waits(601);
    assertThat(scenario.connections()).anyMatch(ct -> ct.contains("203.0.113.1:6881"));
  }

  @Test
  void aCommitEmptiesTheList() {
    Scenario scenario = router(BITTORRENT);
    goesOut(scenario, FIRST, 6969);
    scenario.shared(Triggers.class, Triggers.SHARED).flush();
    assertThat(comesIn(scenario, "tcp", 6881)).isNull();
    assertThat(history(scenario).get(0).end()).isEqualTo(Trigger.End.FLUSHED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*mangle|-A FORWARD -j TRIGGER --trigger-type in",
        "*filter|-A INPUT -j TRIGGER --trigger-type in",
        "*filter|-A FORWARD -j TRIGGER --trigger-type out --trigger-match 5",
        "*filter|-A FORWARD -j TRIGGER --trigger-type out --trigger-match 0-0 --trigger-relate 5",
        "*filter|-A FORWARD -j TRIGGER --trigger-type in --trigger-match 0",
        "*filter|-A FORWARD -j TRIGGER --trigger-type in --trigger-match 65536",
        "*filter|-A FORWARD -j TRIGGER --trigger-type in --trigger-match 9-5",
        "*filter|-A FORWARD -j TRIGGER --trigger-type in --trigger-proto icmp",
        "*filter|-A FORWARD -j TRIGGER --trigger-type sideways"
      })
  void badRulesAreRefused(String rules) {
    Scenario scenario = new Scenario().rules(rules.split("\\|"));
    assertThatThrownBy(scenario::connections).hasMessageContaining("refused");
  }

  @Test
  void in2008OutputAndPostroutingAreRefused() {
    String rule = "-A OUTPUT -j TRIGGER --trigger-type out --trigger-match 1 --trigger-relate 1";
    new Scenario().rules("*filter", rule).connections();
    Scenario later = new Scenario().rules("*filter", rule).dialect("TRIGGER", "2008");
    assertThatThrownBy(later::connections).hasMessageContaining("PREROUTING, FORWARD");
  }
}
