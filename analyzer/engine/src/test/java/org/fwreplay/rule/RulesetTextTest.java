package org.fwreplay.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Family;
import org.fwreplay.xt.Extensions;
import org.junit.jupiter.api.Test;

/** Tables, chains and commands of a dump; tried with iptables-legacy-restore 1.8.9. */
class RulesetTextTest {

  @Test
  void tablesAreWrittenLastOneFirstWithAllTheirChains() {
    ParseResult result =
        Rules.parse(
            "# a comment",
            "*nat",
            ":PREROUTING DROP [1:2]",
            "COMMIT",
            "",
            "*filter",
            ":INPUT DROP [5:300]",
            ":b - [0:0]",
            ":Z - [0:0]",
            ":a - [0:0]",
            "[7:420] -A INPUT -j a",
            "-A b",
            "COMMIT");

    assertThat(RulesetWriter.write(result.ruleset()))
        .isEqualTo(
            """
            *filter
            :INPUT DROP [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :Z - [0:0]
            :a - [0:0]
            :b - [0:0]
            -A INPUT -j a
            -A b
            COMMIT
            *nat
            :PREROUTING DROP [0:0]
            :INPUT ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            COMMIT
            """);
  }

  @Test
  void countersOfPoliciesAreKept() {
    ParseResult result = Rules.parse("*raw", ":OUTPUT DROP [5:300]", "COMMIT");

    Chain output = result.ruleset().table("raw").chain("OUTPUT");
    assertThat(output.policy()).isEqualTo("DROP");
    assertThat(output.packets()).isEqualTo(5);
    assertThat(output.bytes()).isEqualTo(300);
  }

  @Test
  void aTableThatBeginsAgainReplacesWhatItHeld() {
    ParseResult result =
        Rules.parse(
            "*filter", "-A INPUT -j DROP", "COMMIT", "*filter", "-A INPUT -j ACCEPT", "COMMIT");

    assertThat(Rules.rules(result)).containsExactly("-A INPUT -j ACCEPT");
    assertThat(Rules.warnings(result)).hasSize(1).first().asString().startsWith("4:2 table filter");
  }

  @Test
  void chainsMayHaveOddNames() {
    ParseResult result =
        Rules.parse("*filter", ":-x - [0:0]", ":B$x!y - [0:0]", "-A INPUT -j -x", "COMMIT");

    assertThat(Rules.rules(result)).containsExactly("-A INPUT -j -x");
  }

  @Test
  void wrongLinesOutsideRulesAreRefused() {
    refused("1:2 no table \"filtre\"; did you mean filter?", "*filtre", "-A X", "COMMIT");
    refused("1:1 \"-A INPUT\" stands outside a table", "-A INPUT");
    refused("1:1 \" *filter\" stands outside a table", " *filter");
    refused("2:1 \"COMMIT\" stands outside a table", "#", "COMMIT");
    refused("1:1 the text ends inside a table; COMMIT", "*filter");
    refused("2:1 table filter has not ended; COMMIT", "*filter", "*nat", "COMMIT");
    refused("2:1 a line of blanks", "*filter", "  \t", "COMMIT");
    refused("2:1 a chain needs a name and a policy", "*filter", ":A", "COMMIT");
    refused("3:2 chain A exists already", "*filter", ":A - [0:0]", ":A - [0:0]", "COMMIT");
    refused("2:2 chain A is not built in", "*filter", ":A ACCEPT [0:0]", "COMMIT");
    refused("2:2 DROP is a target", "*filter", ":DROP - [0:0]", "COMMIT");
    refused("2:2 \"RETURN\" is no policy; ACCEPT or DROP", "*filter", ":INPUT RETURN", "COMMIT");
    refused(
        "2:2 chain name \"abcdefghijklmnopqrstuvwxyz123\" is longer than 28 characters",
        "*filter",
        ":abcdefghijklmnopqrstuvwxyz123 - [0:0]",
        "COMMIT");
    refused("2:14 DROP has no place in table nat", "*nat", "-A OUTPUT -j DROP", "COMMIT");
    refused("2:11 DROP has no place in table nat", "*nat", "-P OUTPUT DROP", "COMMIT");
    refused("2:4 LOG is a target", "*filter", "-N LOG", "COMMIT");
    refused("2:4 no chain FORWARD in table nat", "*nat", "-A FORWARD -j ACCEPT", "COMMIT");
    refused(
        "2:13 unknown target or chain \"A\"", "*filter", "-A INPUT -j A", ":A - [0:0]", "COMMIT");
  }

  private static void refused(String error, String... lines) {
    ParseResult result = Rules.parse(lines);
    assertThat(result.isValid()).isFalse();
    assertThat(Rules.errors(result)).hasSize(1).first().asString().startsWith(error);
  }

  @Test
  void aLastLineWithoutItsEndIsRefused() {
    ParseResult result =
        RulesetParser.parse(Family.IPV4, "rules", "*filter\nCOMMIT", Extensions.load());

    assertThat(Rules.errors(result)).hasSize(1).first().asString().startsWith("2:1 the last line");
  }

  @Test
  void linesWithCarriageReturnsAreRefusedOnce() {
    ParseResult result =
        RulesetParser.parse(
            Family.IPV4, "rules", "*filter\r\n-A INPUT\r\nCOMMIT\r\n", Extensions.load());

    assertThat(Rules.errors(result))
        .containsExactly("1:8 the lines end as in DOS; convert to Unix lines");
  }

  @Test
  void commandsChangeTheTable() {
    assertThat(
            Rules.saved(
                Family.IPV4,
                "-N X",
                "-A X -j DROP",
                "-I X -s 1.1.1.1,2.2.2.2",
                "-I X 2 -p tcp",
                "-R X 4 -j RETURN",
                "-A INPUT -j X",
                "-A INPUT -g X",
                "-E X Y",
                "-A OUTPUT -p udp --dport 53",
                "-D OUTPUT -p udp -m udp --dport 53",
                "-D Y 1",
                "-C INPUT -j Y",
                "-X A",
                "-F FORWARD",
                "-Z",
                "-P FORWARD DROP"))
        .containsExactly(
            "-A INPUT -j Y",
            "-A INPUT -g Y",
            "-A Y -p tcp",
            "-A Y -s 1.1.1.1/32",
            "-A Y -j RETURN");
  }

  @Test
  void commandsThatCannotBeDoneAreRefused() {
    ParseResult result =
        Rules.filter(
            Family.IPV4,
            "-A INPUT -j A",
            "-A B -j DROP",
            "-N A",
            "-N -x",
            "-X A",
            "-X B",
            "-X INPUT",
            "-E INPUT Y",
            "-I INPUT 3 -j DROP",
            "-I INPUT 0 -j DROP",
            "-R INPUT 2 -j DROP",
            "-D INPUT -j B",
            "-D INPUT 2",
            "-P A DROP",
            "-P INPUT",
            "-F NOPE",
            "-C INPUT -j B");

    assertThat(Rules.errors(result))
        .extracting(
            error ->
                error.substring(0, error.indexOf(';') < 0 ? error.length() : error.indexOf(';')))
        .containsExactly(
            "6:4 chain A exists already",
            "7:4 a chain's name cannot begin with -",
            "8:4 rules still lead to chain A",
            "9:4 chain B is not empty",
            "10:4 chain INPUT is built in and stays",
            "11:4 chain INPUT is built in and keeps its name",
            "12:4 no place 3 in chain INPUT",
            "13:10 \"0\" is not a rule number",
            "14:4 no rule 2 in chain INPUT",
            "15:4 no such rule in chain INPUT",
            "16:4 no rule 2 in chain INPUT",
            "17:4 chain A is not built in and has no policy",
            "18:1 -P needs a chain and a policy",
            "19:4 no chain NOPE in table filter",
            "20:4 no such rule in chain INPUT");
  }
}
