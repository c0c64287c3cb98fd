package org.fwreplay.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.packet.Family;
import org.fwreplay.xt.Extensions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts of iptables and ipset commands: what iptables-legacy-save prints after sh ran them. */
class ScriptTest {
  private static final Extensions EXTENSIONS = Extensions.load();

  private static ParseResult parse(String... lines) {
    return RulesetParser.parse(Family.IPV4, "fw.sh", String.join("\n", lines) + "\n", EXTENSIONS);
  }

  private static List<String> rules(String... lines) {
    ParseResult result = parse(lines);
    assertThat(result.diagnostics()).isEmpty();
    return RulesetWriter.write(result.ruleset())
        .lines()
        .filter(line -> line.startsWith("-A"))
        .toList();
  }

  private static List<String> told(String... lines) {
    return parse(lines).diagnostics().stream().map(Diagnostic::toString).toList();
  }

  @Test
  void commandsChangeTablesThatAreEmptyAtFirst() {
    String saved =
        RulesetWriter.write(
            parse(
                    "#!/bin/sh",
                    "# our firewall",
                    "iptables -P INPUT DROP",
                    "iptables -N web",
                    "iptables -A INPUT -p tcp --dport 80 -j web",
                    "iptables -I INPUT -i lo -j ACCEPT",
                    "iptables -A web -s 10.0.0.0/8 -j ACCEPT; iptables -A web -j DROP",
                    "iptables -R web 2 -j REJECT",
                    "iptables -E web www",
                    "iptables -t nat -A POSTROUTING -o wan -j MASQUERADE",
                    "iptables -D INPUT 1",
                    "iptables -L -n -v && iptables -S")
                .ruleset());

    assertThat(saved.lines())
        .containsExactly(
            "*nat",
            ":PREROUTING ACCEPT [0:0]",
            ":INPUT ACCEPT [0:0]",
            ":OUTPUT ACCEPT [0:0]",
            ":POSTROUTING ACCEPT [0:0]",
            "-A POSTROUTING -o wan -j MASQUERADE",
            "COMMIT",
            "*filter",
            ":INPUT DROP [0:0]",
            ":FORWARD ACCEPT [0:0]",
            ":OUTPUT ACCEPT [0:0]",
            ":www - [0:0]",
            "-A INPUT -p tcp -m tcp --dport 80 -j www",
            "-A www -s 10.0.0.0/8 -j ACCEPT",
            "-A www -j REJECT --reject-with icmp-port-unreachable",
            "COMMIT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      textBlock =
          """
          iptables -A INPUT -s '10.0.0.1'                => -s 10.0.0.1/32
          iptables -A "INPUT" -s 10."0".0.\\1            => -s 10.0.0.1/32
          /usr/sbin/iptables-legacy -A INPUT -i eth0     => -i eth0
          sudo -n iptables-nft -w 5 -A INPUT -i eth0     => -i eth0
          iptables -A INPUT -t filter --wait -i eth0     => -i eth0
          iptables --table=filter -A INPUT -i eth0 # why => -i eth0
          iptables -A INPUT -i eth0 >/dev/null 2>&1      => -i eth0
          IPT="iptables -w"; $IPT -A INPUT -i eth0       => -i eth0
          export A=eth0 B='eth1'; iptables -A INPUT -i ${B} => -i eth1
          X=a; iptables -A INPUT -m comment --comment "$X b" => -m comment --comment "a b"
          X=a; iptables -A INPUT -m comment --comment '$X b' => -m comment --comment "$X b"
          iptables -A INPUT -m comment --comment a\\ b   => -m comment --comment "a b"
          iptables -C INPUT -i eth0 || iptables -A INPUT -i eth0 => -i eth0
          iptables -N x && iptables -X x && iptables -A INPUT -i eth0 => -i eth0
          iptables -A INPUT -i eth0; exit; iptables -F   => -i eth0
          iptables -A INPUT -i eth0; ip6tables -F nosuch => -i eth0
          IPT=$(which iptables); $IPT -A INPUT -i eth0   => -i eth0
          IPT="`command -v iptables`"; $IPT -A INPUT -i eth0 => -i eth0
          ME=$(basename $0); iptables -A INPUT -i eth0   => -i eth0
          echo "$ME: $(date) ${0##*/} `id`"; iptables -A INPUT -i eth0 => -i eth0
          echo 1 > /proc/sys/net/$X; iptables -A INPUT -i eth0 => -i eth0
          iptables -A INPUT -i eth0 || { echo no; exit 1; } => -i eth0
          false || { iptables -A INPUT -i eth0; }; false && iptables -F => -i eth0
          true || { iptables -A INPUT -j $X; }; { iptables -A INPUT -i eth0; } => -i eth0
          """)
  void theShellIsReadAsShReadsIt(String line, String rule) {
    assertThat(rules(line)).containsExactly("-A INPUT " + rule);
  }

  @Test
  void aCommandMayGoOnInTheNextLine() {
    assertThat(rules("iptables -A INPUT \\", "  -p tcp \\", "  --dport 22"))
        .containsExactly("-A INPUT -p tcp -m tcp --dport 22");
    assertThat(told("iptables -A INPUT \\", "  -p tcp \\", "  --dprt 22"))
        .singleElement()
        .asString()
        .startsWith("fw.sh:3:3: error: unknown option --dprt");
  }

  @Test
  void setsAreMadeToo() {
    ParseResult result =
        parse(
            "ipset create friends hash:net",
            "for_net=10.0.0.0/8",
            "ipset -exist add friends $for_net",
            "iptables -A INPUT -m set --match-set friends src -j ACCEPT");

    assertThat(result.isValid()).isTrue();
    assertThat(result.sets().save()).endsWith("add friends 10.0.0.0/8\n");
    assertThat(SetCheck.run(result.ruleset(), result.sets())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      textBlock =
          """
          for i in 1 2; do iptables -A INPUT -s 10.0.0.$i; done => fw.sh:2:1: error: "for" needs
          if [ -f x ]; then iptables -F; fi     => fw.sh:2:1: error: "if" needs
          iptables -A INPUT -s $(hostname)      => fw.sh:2:22: error: "$(" needs
          iptables -A INPUT -s `hostname`       => fw.sh:2:22: error: "`" needs
          iptables -A INPUT -s ${A:-10.0.0.1}   => fw.sh:2:22: error: "${A:" needs
          iptables -A INPUT -s $1               => fw.sh:2:22: error: "$1" needs
          iptables -A INPUT -s $LAN             => fw.sh:2:22: error: variable $LAN has no value
          iptables -L | grep x                  => fw.sh:2:13: error: "|" needs
          iptables -A INPUT -p {tcp,udp}        => fw.sh:2:22: error: "{tcp,udp}" needs
          iptables-restore < rules              => fw.sh:2:1: error: "iptables-restore" needs
          iptables -A INPUT -m comment --comment 'a => fw.sh:2:40: error: a quote is not closed
          iptables -A INPUT -s ! 10.0.0.1       => fw.sh:2:22: warning: ! behind -s
          iptables -A INPUT -i ! eth0           => fw.sh:2:22: error: ! cannot stand behind -i
          iptables -t natt -F                   => fw.sh:2:13: error: no table "natt"; did you mean nat?
          iptables -A INPUTT -j ACCEPT          => fw.sh:2:13: error: no chain INPUTT
          ipset add nosuch 10.0.0.1             => fw.sh:2:11: error: no set nosuch
          iptables                              => fw.sh:2:1: error: no command
          """)
  void whatCannotBeFollowedIsTold(String line, String message) {
    assertThat(told("iptables -A OUTPUT -j ACCEPT", line))
        .singleElement()
        .asString()
        .startsWith(message);
  }

  @Test
  void whatIsInALoopIsNotJudgedButWhatFollowsIs() {
    assertThat(
            told(
                "for i in 1 2; do",
                "  iptables -A INPUT -s 10.0.0.$i",
                "done",
                "iptables -A INPUT -j ACEPT"))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("fw.sh:4:22: error: unknown target or chain \"ACEPT\"");
  }

  @Test
  void everyLineThatNeedsAShellIsToldOnceAndTheOthersAreJudged() {
    assertThat(
            told(
                "#!/bin/bash",
                "LAN=$(ip route)",
                "iptables -A INPUT -s $LAN -j ACCEPT",
                "block() {",
                "  iptables -A INPUT -s $1 -j NOSUCH",
                "}",
                "block 10.0.0.1",
                "function stop",
                "{",
                "  if true; then iptables -F nosuch; fi",
                "}",
                "iptables -A INPUT -p tpc -j DROP",
                "case \"$1\" in",
                "  start) for i in 1 2; do iptables -A INPUT -s $i; done ;;",
                "  *) stop ;;",
                "esac",
                "while read a; do iptables -A INPUT -s $a; done < list",
                "cat <<END | grep x",
                "iptables -A NOSUCH \"",
                "END",
                "iptables -A INPUT -j ACEPT"))
        .extracting(line -> line.replaceFirst("[;?].*", ""))
        .containsExactly(
            "fw.sh:3:22: error: $LAN comes from \"$(\" in line 2, which needs a real shell",
            "fw.sh:4:1: error: \"block()\" needs a real shell",
            "fw.sh:8:1: error: \"function\" needs a real shell",
            "fw.sh:12:22: error: unknown protocol \"tpc\"",
            "fw.sh:13:1: error: \"case\" needs a real shell",
            "fw.sh:17:1: error: \"while\" needs a real shell",
            "fw.sh:21:22: error: unknown target or chain \"ACEPT\"");
  }

  @Test
  void cleaningUpWhereThereIsNothingIsNoReasonToRefuse() {
    ParseResult result = parse("iptables -D INPUT -j DROP", "ipset destroy x", "ip link set a up");

    assertThat(result.isValid()).isTrue();
    assertThat(result.warnings()).extracting(Diagnostic::line).containsExactly(1, 2, 3);
  }

  @Test
  void aDumpIsNoScript() {
    assertThat(told("# iptables -F", "*filter", "-A INPUT -j ACCEPT", "COMMIT")).isEmpty();
  }
}
