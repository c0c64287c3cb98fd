package org.fwreplay.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Family;
import org.fwreplay.xt.Extensions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that iptables-legacy-restore 1.8.9 or the kernel refuses, and what is said of them. */
class RefusedRuleTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -A INPUT -i ! eth0             | 4:13 ! cannot stand behind -i; write ! -i eth0
          -A INPUT ! -s ! 1.2.3.4        | 4:15 ! cannot stand behind -s; write ! -s 1.2.3.4
          -A INPUT -s !                  | 4:13 ! cannot stand behind -s; write ! -s VALUE
          -A INPUT -s ! -j ACCEPT        | 4:13 ! cannot stand behind -s; write ! -s VALUE
          -A INPUT -s !1.2.3.4           | 4:13 "!1.2.3.4" is not an IPv4 address
          -A INPUT ! -j ACCEPT           | 4:12 ! cannot stand before -j
          -A INPUT ! -m state --state NEW| 4:12 ! cannot stand before -m
          -A INPUT ! ! -s 1.2.3.4        | 4:12 several ! in a row
          -A INPUT -j ACCEPT !           | 4:20 nothing follows the !
          -A INPUT ! -s 1.2.3.4,1.2.3.5  | 4:15 ! cannot be used with several addresses
          -N "x y"                       | 4:4 chain name "x y" is empty or has blanks
          -A INPUT ! -d 1.2.3.4 -s 1.1.1.1,2.2.2.2 | 4:15 ! cannot be used with several addresses
          -A INPUT -s 1.2.3.4,           | 4:13 "" is not an IPv4 address
          -A INPUT -s 1.2.3.4/33         | 4:13 "33" is not a mask
          -A INPUT -s 1.2.3.4/           | 4:13 "" is not a mask
          -A INPUT -s 256.1.1.1          | 4:13 "256.1.1.1" is not an IPv4 address; host names are
          -A INPUT -s www.example.org    | 4:13 "www.example.org" is not an IPv4 address; host names
          -A INPUT -i ""                 | 4:13 an interface has a name
          -A INPUT -i abcdefghijklmnop   | 4:13 interface name "abcdefghijklmnop" is longer than 15
          -A INPUT -o eth0               | 4:10 -o cannot be used in INPUT
          -A OUTPUT -i eth0              | 4:11 -i cannot be used in OUTPUT
          -A INPUT ! -p all              | 4:15 ! -p all would never match
          -A INPUT -p 256                | 4:13 unknown protocol "256"
          -A INPUT -p tpc                | 4:13 unknown protocol "tpc"
          -A INPUT -p ipsec-esp          | 4:13 unknown protocol "ipsec-esp"
          -A INPUT -j ACEPT              | 4:13 unknown target or chain "ACEPT"; did you mean ACCEPT?
          -A INPUT -j OUTPUT             | 4:13 cannot jump to the built-in chain OUTPUT
          -A INPUT -g ACCEPT             | 4:13 -g goes to chains of your own only
          -A INPUT -j A -g B             | 4:15 -g can only be given once
          -A INPUT -j A -j B             | 4:15 -j can only be given once
          -A INPUT -s 1.1.1.1 -s 2.2.2.2 | 4:21 -s can only be given once
          -A INPPUT -j ACCEPT            | 4:4 no chain INPPUT in table filter; did you mean INPUT?
          -A INPUT -m tcpp               | 4:13 unknown match "tcpp"; did you mean tcp?
          -A INPUT --nope                | 4:10 unknown option --nope
          -A INPUT --ctstate NEW         | 4:10 unknown option --ctstate; it belongs to -m conntrack
          -A INPUT -p tcp --d 80         | 4:17 option --d is ambiguous; it could be --delete,
          -A INPUT -w -j ACCEPT          | 4:10 option -w has no place in a ruleset
          -A INPUT -n -j ACCEPT          | 4:10 option -n has no place in a ruleset
          -A INPUT -t filter -j ACCEPT   | 4:10 -t cannot be used in a dump
          -A INPUT -c 5 -j ACCEPT        | 4:13 -c needs a packet and a byte counter
          [1 -A INPUT -j ACCEPT          | 4:1 counters are not closed
          -A INPUT foo -j ACCEPT         | 4:10 "foo" belongs to no option
          -A INPUT -j DROP # why         | 4:18 "#" belongs to no option
          -A INPUT -s                    | 4:10 option -s needs a value
          -A INPUT -p tcp --dport        | 4:17 option --dport needs a value
          -A INPUT -A INPUT              | 4:10 cannot use -A with -A
          -s 1.2.3.4                     | 4:1 no command
          -A INPUT -m tcp --dport 80     | 4:13 tcp needs the rule to name its protocol; -p tcp
          -A INPUT ! -p tcp --dport 80   | 4:15 tcp needs the rule to name its protocol; -p tcp
          -A INPUT -m mark -j ACCEPT     | 4:13 mark: option "--mark" must be specified
          -A INPUT -m limit ! --limit 5/s| 4:21 limit: option "--limit" cannot be inverted
          -A INPUT -p tcp --dport 5 --dport 6        | 4:27 tcp: option "--destination-port" can only
          -A INPUT -p tcp --syn --tcp-flags SYN SYN  | 4:23 tcp: option "--tcp-flags" cannot be used
          -A INPUT -p tcp --dport 99999  | 4:25
          -A INPUT -p udp --dport 0x50   | 4:25 --destination-port: "0x50" is neither a port nor
          -A INPUT -m multiport --dports 80 -p tcp   | 4:13 multiport needs "-p tcp", "-p udp"
          -A INPUT -s 4294967296         | 4:13 "4294967296" is not an IPv4 address
          -A INPUT -j SNAT --to-source 1.2.3.4       | 4:13 SNAT cannot be used in table filter
          -A FORWARD -p tcp -j TCPMSS --set-mss 1400 | 4:22
          -A INPUT -m comment --comment "open        | 4:31 a double quote is not closed
          """)
  void isRefusedAtItsWord(String line, String error) {
    ParseResult result = Rules.filter(Family.IPV4, line);

    assertThat(result.isValid()).isFalse();
    assertThat(Rules.errors(result)).hasSize(1).first().asString().startsWith(error);
  }

  @Test
  void fragmentsAreForIpv4() {
    assertThat(Rules.errors(Rules.filter(Family.IPV6, "-A INPUT -f")))
        .containsExactly("4:10 -f is for IPv4 only; use -m frag");
  }

  @Test
  void allErrorsAreReportedAtOnceAndInOrder() {
    ParseResult result =
        Rules.filter(
            Family.IPV4,
            "-A INPUT -j REJEKT",
            "-A INPUT -j ACCEPT",
            "-A INPUT -s 1.2.3.4.5 -p tpc -j ACCEPT",
            "-A INPUT -m cometn --comment x -j ACCEPT");

    assertThat(result.ruleset()).isNull();
    assertThat(Rules.errors(result))
        .extracting(error -> error.substring(0, error.indexOf(' ')))
        .containsExactly("4:13", "6:13", "6:26", "7:13");
  }

  @Test
  void optionsOfAnUnknownMatchAreNotReportedToo() {
    ParseResult result =
        Rules.filter(Family.IPV4, "-A INPUT -m nosuch --set --seconds 3 x -p tcp -j ACCEPT");

    assertThat(Rules.errors(result)).hasSize(1).first().asString().contains("\"nosuch\"");
  }

  @Test
  void whatIsUnsupportedCanBeLeftOut() {
    String text = "*filter\n-A INPUT -m nosuch --x 1 -j DROP\n-A INPUT -j ACCEPT\nCOMMIT\n";

    ParseResult result = RulesetParser.parse(Family.IPV4, "rules", text, Extensions.load(), true);

    assertThat(Rules.rules(result)).containsExactly("-A INPUT -j ACCEPT");
    assertThat(Rules.warnings(result))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("2:13 unknown match \"nosuch\": this rule is left out");
  }

  @Test
  void nothingIsReadBehindARequestForHelp() {
    ParseResult result =
        Rules.filter(Family.IPV4, "-A INPUT -j DROP", "-V", "-A nosuch", "nonsense");
    assertThat(Rules.rules(result)).isEmpty();
    assertThat(Rules.warnings(result))
        .containsExactly(
            "5:1 iptables-restore ends here, and leaves table filter;"
                + " take -V out, and what follows is read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          -s ! 1.2.3.4             => ! -s 1.2.3.4/32                  => -s
          -d ! 10.0.0.0/8          => ! -d 10.0.0.0/8                  => -d
          -p ! tcp -j ACCEPT       => ! -p tcp -j ACCEPT               => -p
          -p tcp --dport ! 80      => -p tcp -m tcp ! --dport 80       => --destination-port
          -p tcp --tcp-flags ! SYN,ACK SYN -j A => -p tcp -m tcp ! --tcp-flags SYN,ACK SYN -j A => --tcp-flags
          -m state --state ! NEW   => -m state ! --state NEW           => --state
          """)
  void anInversionBehindItsOptionIsWarnedOf(String old, String saved, String option) {
    ParseResult result = Rules.filter(Family.IPV4, "-A INPUT " + old);

    assertThat(Rules.rules(result)).containsExactly("-A INPUT " + saved);
    assertThat(Rules.warnings(result))
        .singleElement()
        .asString()
        .contains("! behind " + option + ": iptables takes it no longer; write ! " + option);
  }

  @Test
  void anExclamationMarkCanBeAValue() {
    ParseResult result =
        Rules.filter(
            Family.IPV4,
            "-A INPUT -m comment --comment ! -m string --string ! --algo bm -j LOG --log-prefix !");

    assertThat(Rules.rules(result))
        .containsExactly(
            "-A INPUT -m comment --comment \"!\" -m string --string \"!\" --algo bm"
                + " -j LOG --log-prefix \"!\"");
  }

  @Test
  void oddButAcceptedRulesAreWarnedOf() {
    assertThat(Rules.warnings(Rules.filter(Family.IPV4, "-A INPUT -i !eth0")))
        .containsExactly("4:13 this is the interface called !eth0; for any other: ! -i or ! -o");
    assertThat(Rules.warnings(Rules.filter(Family.IPV4, "-A INPUT ! -i +")))
        .containsExactly("4:15 ! before + matches no packet");
    assertThat(Rules.warnings(Rules.filter(Family.IPV4, "-A INPUT -i a/b")))
        .containsExactly("4:13 no interface can be called \"a/b\"");
    assertThat(Rules.warnings(Rules.filter(Family.IPV6, "-A INPUT -p ipv6-frag")))
        .containsExactly(
            "4:13 IPv6 extension header ipv6-frag is never a packet's protocol;"
                + " use the match for it");
  }
}
