package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fwreplay.legacy.IpchainsParser;
import org.fwreplay.legacy.PacketListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of ipchains on the packet path of Linux 2.2. */
class IpchainsTest {
  private static final String PC = "192.168.1.10:1000";
  private static final String WEB = "198.51.100.7:80";
  private static final String SYN = "tcp " + PC + " > " + WEB + " S seq 9";

  @Test
  void whatIsForwardedMeetsAllThreeChains() {
    Scenario scenario =
        new Scenario()
            .ipchains(
                "-A input -i lan", "-A forward -i wan", "-A output -i wan", "-A input -i wan");
    assertThat(scenario.arrives("lan", SYN)).containsExactly("wan: " + SYN + " ttl 63");
    assertThat(scenario.ipchainsCounters())
        .containsExactly(
            "[1:40] :input ACCEPT",
            "[1:40] :forward ACCEPT",
            "[1:40] :output ACCEPT",
            "[1:40] -A input -i lan",
            "[1:40] -A forward -i wan",
            "[1:40] -A output -i wan");
  }

  @Test
  void whatIsForTheHostMeetsInputAndWhatItSendsOutput() {
    Scenario scenario = new Scenario().ipchains("-P forward DENY", "-A output -p icmp -j DENY");
    assertThat(scenario.arrives("lan", "udp 192.168.1.10:1 > 192.168.1.1:99")).isEmpty();
    assertThat(scenario.fates()).containsExactly("DELIVERED at INPUT", "DROPPED at OUTPUT");
  }

  private static Scenario masquerading() {
    return new Scenario()
        .ipchains(
            "ipchains -P forward DENY",
            "ipchains -A forward -s 192.168.1.0/24 -d 0.0.0.0/0 -j MASQ",
            "ipchains -A input -i wan -d 203.0.113.0/24",
            "ipchains -A output -i wan -s 203.0.113.0/24");
  }

  @Test
  void masqueradingGivesPortsByTurnsAndAnswersSkipForward() {
    Scenario scenario = masquerading();
    assertThat(scenario.arrives("lan", SYN))
        .containsExactly("wan: tcp 203.0.113.1:61000 > " + WEB + " S seq 9 ttl 63");
    assertThat(scenario.arrives("lan", SYN.replace(":1000", ":1001")).get(0)).contains(":61001");
    assertThat(scenario.arrives("lan", SYN).get(0)).contains(":61000");
    assertThat(scenario.arrives("wan", "tcp " + WEB + " > 203.0.113.1:61000 S. seq 5 ack 10"))
        .containsExactly("lan: tcp " + WEB + " > " + PC + " S. seq 5 ack 10 ttl 63");
    assertThat(scenario.ipchainsCounters())
        .contains(
            "[1:40] ipchains -A input -i wan -d 203.0.113.0/24",
            "[3:120] ipchains -A output -i wan -s 203.0.113.0/24",
            "[3:120] ipchains -A forward -s 192.168.1.0/24 -d 0.0.0.0/0 -j MASQ")
        .noneMatch(line -> line.contains(":forward DENY"));
  }

  @Test
  void overUdpAnybodyMayAnswerOverTcpOnlyThePeer() {
    Scenario scenario = masquerading();
    scenario.arrives("lan", "udp " + PC + " > 198.51.100.7:53 len 4");
    scenario.arrives("lan", SYN);
    assertThat(scenario.arrives("wan", "udp 192.0.2.9:7 > 203.0.113.1:61000 len 4"))
        .containsExactly("lan: udp 192.0.2.9:7 > " + PC + " len 4 ttl 63");
    scenario.arrives("wan", "tcp 192.0.2.9:80 > 203.0.113.1:61001 S. seq 5 ack 10");
    assertThat(scenario.fates()).contains("DELIVERED at INPUT");
  }

  @Test
  void masqueradedConnectionsAreForgotten() {
    Scenario scenario = masquerading();
    scenario.arrives("lan", "udp " + PC + " > 198.51.100.7:53 len 4");
    scenario.arrives("lan", SYN);
    scenario.waits(299);
    String answer = "udp 198.51.100.7:53 > 203.0.113.1:61000 len 4";
    assertThat(scenario.arrives("wan", answer).get(0)).startsWith("lan:");
    scenario.waits(301);
    scenario.arrives("wan", answer);
    assertThat(scenario.fates()).contains("DELIVERED at INPUT");
    String ack = "tcp " + WEB + " > 203.0.113.1:61001 . seq 5 ack 10";
    assertThat(scenario.arrives("wan", ack).get(0)).startsWith("lan:");
    scenario.arrives("wan", ack.replace(" . ", " F. "));
    scenario.waits(121);
    scenario.arrives("wan", ack);
    assertThat(scenario.fates()).contains("DELIVERED at INPUT");
  }

  @Test
  void pingsAndErrorsFindTheirWayBackOtherProtocolsAreDropped() {
    Scenario scenario = masquerading();
    assertThat(scenario.arrives("lan", "icmp 192.168.1.10 > 198.51.100.7 8/0 id 77 seq 3"))
        .containsExactly("wan: icmp 203.0.113.1 > 198.51.100.7 8/0 id 61000 seq 3 ttl 63");
    assertThat(scenario.arrives("wan", "icmp 198.51.100.7 > 203.0.113.1 0/0 id 61000 seq 3"))
        .containsExactly("lan: icmp 198.51.100.7 > 192.168.1.10 0/0 id 77 seq 3 ttl 63");
    scenario.arrives("lan", "udp " + PC + " > 198.51.100.7:53 len 4");
    assertThat(
            scenario.arrives(
                "wan",
                "icmp 198.51.100.7 > 203.0.113.1 3/3 (udp 203.0.113.1:61001 > 198.51.100.7:53 len"
                    + " 4)"))
        .singleElement()
        .asString()
        .contains("> 192.168.1.10 3/3", "udp " + PC + " > 198.51.100.7:53");
    assertThat(scenario.arrives("lan", "47 192.168.1.10 > 198.51.100.7 len 20")).isEmpty();
    assertThat(scenario.fates()).containsExactly("NAT at FORWARD");
  }

  @ParameterizedTest
  @CsvSource({"input, 3/3", "forward, 3/1", "output, 3/1"})
  void rejectAnswersAsTheChainHasIt(String chain, String code) {
    Scenario scenario = new Scenario().ipchains("-A " + chain + " -p tcp -j REJECT");
    assertThat(scenario.arrives("lan", SYN))
        .singleElement()
        .asString()
        .startsWith("lan: icmp 192.168.1.1 > 192.168.1.10 " + code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-s 192.168.1.0/24 | true",
        "-s ! 192.168.1.0/24 | false",
        "-d 198.51.100.7 80 -p tcp | true",
        "-d 198.51.100.7 ! 80 -p tcp | false",
        "-s 0/0 | refused",
        "-s 0.0.0.0/0 1024: -p tcp | false",
        "-s 0.0.0.0/0 :1024 -p tcp | true",
        "-p tcp -y | true",
        "-p tcp ! -y | false",
        "-p udp | false",
        "-p ! udp | true",
        "-i lan | true",
        "-i l+ | true",
        "-i ! lan | false",
        "-i wan | false",
        "-f | false",
        "! -f | true",
        "-p 6 | true",
        "-s any | true"
      })
  void aRuleMatches(String rule, String matches) {
    String line = "-A input " + rule + " -j DENY";
    if (matches.equals("refused")) {
      assertThat(IpchainsParser.parse("rules", line).ruleset()).isNull();
      return;
    }
    Scenario scenario = new Scenario().ipchains(line);
    assertThat(scenario.arrives("lan", SYN).isEmpty()).isEqualTo(Boolean.parseBoolean(matches));
  }

  @Test
  void synIsSynWithoutAckAndRstWhateverElseIsSet() {
    Scenario scenario = new Scenario().ipchains("-A input -p tcp -y -j DENY");
    assertThat(scenario.arrives("lan", SYN.replace(" S ", " SF "))).as("SYN and FIN").isEmpty();
    assertThat(scenario.arrives("lan", SYN.replace(" S ", " SR "))).isNotEmpty();
  }

  @Test
  void laterFragmentsFailEveryTestOfPortsEvenInverted() {
    String fragment = "17 192.168.1.10 > 198.51.100.7 len 40 frag 80";
    for (String ports : List.of("53", "! 53")) {
      Scenario scenario =
          new Scenario().ipchains("-A input -p udp -d 0.0.0.0/0 " + ports + " -j DENY");
      assertThat(scenario.arrives("lan", fragment)).hasSize(1);
    }
    Scenario scenario = new Scenario().ipchains("-A input -f -j DENY");
    assertThat(scenario.arrives("lan", fragment)).isEmpty();
  }

  @Test
  void fragmentsThatHideAHeaderAreDenied() {
    Scenario scenario = new Scenario().ipchains("-P input ACCEPT");
    assertThat(scenario.arrives("lan", "6 192.168.1.10 > 198.51.100.7 len 40 frag 8")).isEmpty();
    assertThat(scenario.arrives("lan", "6 192.168.1.10 > 198.51.100.7 len 8 frag 0+")).isEmpty();
    assertThat(scenario.arrives("lan", "6 192.168.1.10 > 198.51.100.7 len 16 frag 0+")).hasSize(1);
  }

  @Test
  void bothDirectionsMakeTwoRules() {
    Scenario scenario =
        new Scenario().ipchains("-A input -b -p tcp -s 192.168.1.10 -d 198.51.100.7 80 -j DENY");
    assertThat(scenario.arrives("lan", SYN)).isEmpty();
    assertThat(scenario.arrives("wan", "tcp " + WEB + " > " + PC + " . seq 1 ack 1")).isEmpty();
    assertThat(scenario.arrives("lan", SYN.replace(":80", ":81"))).hasSize(1);
  }

  @Test
  void chainsOfOnesOwnReturnAndPoliciesDecide() {
    Scenario scenario =
        new Scenario()
            .ipchains(
                ":input DENY",
                ":mine -",
                "-A input -j mine",
                "-A input -p udp -j ACCEPT",
                "-A mine -p udp -j RETURN",
                "-A mine -p tcp -j ACCEPT");
    assertThat(scenario.arrives("lan", SYN)).hasSize(1);
    assertThat(scenario.arrives("lan", "udp " + PC + " > " + WEB)).hasSize(1);
    assertThat(scenario.arrives("lan", "icmp 192.168.1.10 > 198.51.100.7 8/0 id 1")).isEmpty();
    assertThat(scenario.notes()).containsExactly("DENY by input policy");
  }

  @Test
  void aCircleOfChainsDenies() {
    Scenario scenario =
        new Scenario().ipchains("-N a", "-N b", "-A input -j a", "-A a -j b", "-A b -j a");
    assertThat(scenario.arrives("lan", SYN)).isEmpty();
    assertThat(scenario.notes()).containsExactly("DENY by a: chains lead in a circle");
  }

  @Test
  void tosMarkAndLog() {
    Scenario scenario =
        new Scenario()
            .ipchains("-A input -p tcp -t 0x01 0x10 -m 5 -l", "-A output -p tcp -l -j ACCEPT");
    assertThat(scenario.arrives("lan", SYN).get(0)).contains("tos 0x10");
    assertThat(scenario.left().get(0).mark).isEqualTo(5);
    assertThat(scenario.notes())
        .containsExactly(
            "log \"Packet log: input - lan PROTO=6 192.168.1.10:1000 198.51.100.7:80 L=40 S=0x00"
                + " I=77 F=0x0000 T=64 (#1)\"",
            "log \"Packet log: output ACCEPT wan PROTO=6 192.168.1.10:1000 198.51.100.7:80 L=40"
                + " S=0x10 I=77 F=0x0000 T=63 (#1)\"");
  }

  @Test
  void redirectDeliversToTheHost() {
    Scenario scenario =
        new Scenario()
            .ipchains("-A input -p tcp -d 0.0.0.0/0 80 -j REDIRECT 3128", "-P forward DENY");
    assertThat(scenario.arrives("lan", SYN)).isEmpty();
    assertThat(scenario.fates()).containsExactly("DELIVERED at INPUT");
    assertThat(scenario.notes()).containsExactly("redirected to port 3128 of the host");
  }

  @Test
  void divertGivesPacketsToAListenerOnce() {
    Scenario scenario =
        new Scenario()
            .ipchains("-A input -p tcp -j DIVERT 1234", "-A output -p udp -j DIVERT 9")
            .divert(1234, PacketListener.PASS)
            .divert(9, PacketListener.NONE);
    assertThat(scenario.arrives("lan", SYN)).containsExactly("wan: " + SYN + " ttl 63");
    assertThat(scenario.fates()).containsExactly("STOLEN at INPUT", "FORWARDED at POSTROUTING");
    assertThat(scenario.sends("udp 203.0.113.1:1 > 198.51.100.7:53")).isEmpty();
    assertThat(scenario.fates()).containsExactly("DROPPED at OUTPUT");
  }

  @Test
  void whereNobodyListensPassThroughGoesOnWithTheNextRule() {
    Scenario scenario =
        new Scenario()
            .ipchains(
                "-N away",
                "-A away -j DIVERT 1234",
                "-A away -p tcp",
                "-A input -j away",
                "-A input -p tcp -j DENY")
            .divert(1234, PacketListener.NONE)
            .ipchainsCompiledWith(true, false);
    assertThat(scenario.arrives("lan", SYN)).isEmpty();
    assertThat(scenario.fates()).containsExactly("DROPPED at INPUT");
    assertThat(scenario.ipchainsCounters())
        .containsExactly(
            "[1:40] -A input -j away",
            "[1:40] -A input -p tcp -j DENY",
            "[1:40] -A away -j DIVERT 1234",
            "[1:40] -A away -p tcp");
  }

  @Test
  void compiledWithPassThroughAndToDefragment() {
    Scenario scenario =
        new Scenario()
            .ipchains("-A input -p tcp -j DIVERT 1234", "-A input -p udp -s 0.0.0.0/0 7 -j DENY")
            .divert(1234, PacketListener.NONE)
            .ipchainsCompiledWith(true, true);
    assertThat(scenario.arrives("lan", SYN)).hasSize(1);
    String cut = "udp 192.168.1.10:7 > 198.51.100.7:53 len 2000 cut 1000";
    assertThat(scenario.arrives("lan", cut)).as("no fragment passes").isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-A inptu -j DENY | rules:1:4 | no such chain",
        "-A input -j NOWHERE | rules:1:1 | no target and no chain",
        "-A input -j MASQ | rules:1:13 | MASQ has its place in forward",
        "-A forward -j REDIRECT 80 | rules:1:15 | REDIRECT has its place in input",
        "-A input -j DIVERT 0 | rules:1:20 | expected a number from 1 to 65535",
        "-A input -j DIVERT | rules:1:13 | expected a port after this",
        "-A input -j forward | rules:1:13 | chains of your own only",
        "-A input -p tcp -d 1.2.3.4 9:5 | rules:1:28 | ends before it starts",
        "-A input -p tcp -d 1.2.3.4 65536 | rules:1:28 | expected a number from 0 to 65535",
        "-A input -s 1.2.3 | rules:1:13 | is no address",
        "-A input -y -j DENY | rules:1:1 | -y needs -p tcp",
        "-A input -d 1.2.3.4 80 | rules:1:1 | ports need -p tcp, udp or icmp",
        "-A input --state NEW | rules:1:10 | no option of an ipchains rule",
        "-P input MASQ | rules:1:10 | a policy is ACCEPT, DENY or REJECT",
        "-P mine DENY | rules:1:4 | only input, forward and output",
        "-N ninechars | rules:1:4 | at most 8 characters",
        "-N input | rules:1:4 | already",
        "iptables -L | rules:1:1 | expected :chain"
      })
  void badRulesAreRefused(String line, String place, String why) {
    var result = IpchainsParser.parse("rules", line);
    assertThat(result.ruleset()).isNull();
    assertThat(result.diagnostics().get(0).toString()).contains(place, why);
  }

  @Test
  void allErrorsAreTold() {
    assertThat(IpchainsParser.parse("rules", "-A x\n\n# fine\n-P y DENY\n").diagnostics())
        .hasSize(2);
  }
}
