package org.fwreplay.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fwreplay.packet.Family;
import org.fwreplay.xt.Extensions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules as written and as iptables-legacy-save writes them; tried with iptables 1.8.9. */
class RuleTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -A INPUT -s 10/8                               | -A INPUT -s 10.0.0.0/8
          -A INPUT -s 192.168/16                         | -A INPUT -s 192.168.0.0/16
          -A INPUT -s 10.1.2.3/255.0.255.0               | -A INPUT -s 10.0.2.0/255.0.255.0
          -A INPUT -s 010.0x10.1.1                       | -A INPUT -s 8.16.1.1/32
          -A INPUT -s 16909060                           | -A INPUT -s 1.2.3.4/32
          -A INPUT -s 1.2.772                            | -A INPUT -s 1.2.3.4/32
          -A INPUT -s localhost/8                        | -A INPUT -s 127.0.0.0/8
          -A INPUT -s 1.2.3.4/255.255.255.0              | -A INPUT -s 1.2.3.0/24
          -A INPUT -s anything/0                         | -A INPUT
          -A INPUT ! -s 0.0.0.0/0                        | -A INPUT ! -s 0.0.0.0/0
          -A INPUT -i + -j ACCEPT                        | -A INPUT -j ACCEPT
          -A INPUT -i eth+                               | -A INPUT -i eth+
          -A INPUT -i abcdefghijklmno                    | -A INPUT -i abcdefghijklmno
          -A FORWARD ! -o eth0 ! -i eth1                 | -A FORWARD ! -i eth1 ! -o eth0
          -A INPUT -p TCP                                | -A INPUT -p tcp
          -A INPUT -p 0x6                                | -A INPUT -p tcp
          -A INPUT -p 6                                  | -A INPUT -p tcp
          -A INPUT -p 200                                | -A INPUT -p 200
          -A INPUT -p all                                | -A INPUT
          -A INPUT -p icmpv6                             | -A INPUT -p ipv6-icmp
          -A INPUT -p mh                                 | -A INPUT -p mobility-header
          -A INPUT ! -p udplite                          | -A INPUT ! -p udplite
          -A INPUT -f                                    | -A INPUT -f
          -A INPUT ! -f -j DROP                          | -A INPUT ! -f -j DROP
          -A INPUT -j A                                  | -A INPUT -j A
          -A INPUT -g A                                  | -A INPUT -g A
          -A INPUT -p tcp --dport 22                     | -A INPUT -p tcp -m tcp --dport 22
          -A INPUT -p tcp --dp 22                        | -A INPUT -p tcp -m tcp --dport 22
          -A INPUT -p 6 --dport 22                       | -A INPUT -p tcp -m tcp --dport 22
          -A INPUT -p tcp -m multiport --dport 80,81     | -A INPUT -p tcp -m multiport --dports 80,81
          -A INPUT -p tcp -m tcp -m tcp --dport 5        | -A INPUT -p tcp -m tcp -m tcp --dport 5
          -A INPUT -p tcp --tcp-flags SYN,ACK SYN        | -A INPUT -p tcp -m tcp --tcp-flags SYN,ACK SYN
          -A INPUT --sou 1.2.3.4 --jump ACCEPT           | -A INPUT -s 1.2.3.4/32 -j ACCEPT
          --append INPUT --src=1.2.3.4 --jump=ACCEPT     | -A INPUT -s 1.2.3.4/32 -j ACCEPT
          -AINPUT -vs1.2.3.4 -jACCEPT                    | -A INPUT -s 1.2.3.4/32 -j ACCEPT
          -A INPUT -j ACCEPT -4                          | -A INPUT -j ACCEPT
          -A INPUT -c 5 6 -j ACCEPT                      | -A INPUT -j ACCEPT
          -A INPUT -c 5,6 -j ACCEPT                      | -A INPUT -j ACCEPT
          [1:2] -A INPUT -j ACCEPT                       | -A INPUT -j ACCEPT
          [1:2]-A INPUT -j ACCEPT                        | -A INPUT -j ACCEPT
          -A "INPUT" -j ACCEPT                           | -A INPUT -j ACCEPT
          -A INPUT -m comment --comment a"b c"           | -A INPUT -m comment --comment "ab c"
          -A INPUT -m comment --comment ""               | -A INPUT -m comment --comment ""
          -A INPUT -m comment --comment "say \\"x\\""    | -A INPUT -m comment --comment "say \\"x\\""
          -A FORWARD -j TRIGGER --trigger-type IN        | -A FORWARD -j TRIGGER --trigger-type in
          -A FORWARD -j TRIGGER --trigger-proto --trigger-match 0-0 --trigger-relate 0-0 | -A FORWARD -j TRIGGER
          -A FORWARD -j TRIGGER --trigger-type out--trigger-proto tcp --trigger-match 6969-6969 --trigger-relate 6881-6889 | -A FORWARD -j TRIGGER --trigger-type out --trigger-proto tcp --trigger-match 6969-6969 --trigger-relate 6881-6889
          -A FORWARD -j TRIGGER --trigger-type in--trigger-proto --trigger-match 0-0 --trigger-relate 0-0 | -A FORWARD -j TRIGGER --trigger-type in
          -A FORWARD -j TRIGGER --trigger-type--trigger-proto udp --trigger-match 5 --trigger-relate 0-0 | -A FORWARD -j TRIGGER --trigger-proto udp --trigger-match 5-5
          -A INPUT -s localhost/24                       | -A INPUT -s 127.0.0.0/24
          -A INPUT -c 1,2,3 -j DROP                      | -A INPUT -j DROP
          -A INPUT -j LOG --log-prefix a -p udp --dport 4| -A INPUT -p udp -m udp --dport 4 -j LOG --log-prefix a
          """)
  void aRuleIsSavedAsIptablesDoes(String written, String saved) {
    assertThat(Rules.saved(Family.IPV4, written)).containsExactly(saved);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -A INPUT -s ::1                                | -A INPUT -s ::1/128
          -A INPUT -s 2001:db8::1/33 ! -d ::/0           | -A INPUT -s 2001:db8::/33 ! -d ::/0
          -A INPUT -s 2001:db8::/ffff:0:ffff::           | -A INPUT -s 2001::/ffff:0:ffff::
          -A INPUT -s ::ffff:1.2.3.4                     | -A INPUT -s ::ffff:1.2.3.4/128
          -A INPUT -d fe80::1%lo                         | -A INPUT -d fe80::1/128
          -A INPUT -s ::/0                               | -A INPUT
          -A INPUT -p icmpv6                             | -A INPUT -p ipv6-icmp
          -A INPUT -p ipv6-icmp --icmpv6-type 1          | -A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 1
          -A INPUT -p icmpv6 -m icmpv6 --icmpv6-type 128 | -A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 128
          -A INPUT -j ACCEPT -6                          | -A INPUT -j ACCEPT
          """)
  void aRuleForIpv6IsSavedAsIp6tablesDoes(String written, String saved) {
    assertThat(Rules.saved(Family.IPV6, written)).containsExactly(saved);
  }

  @Test
  void aPortThatIsTooLargeIsTakenWithoutItsUpperBitsAndAWarning() {
    ParseResult result = Rules.filter(Family.IPV4, "-A INPUT -p udp --dport 65590");
    assertThat(Rules.rules(result)).containsExactly("-A INPUT -p udp -m udp --dport 54");
    assertThat(Rules.warnings(result))
        .containsExactly("4:25 --destination-port: iptables takes 65590 as port 54");
  }

  @Test
  void aValueThatMayLeaveItsFirstPartOutIsTakenBehindAnEqualsSign() {
    String rule = "*nat\n-A PREROUTING -j DNAT --to-destination=192.0.2.1\nCOMMIT\n";
    ParseResult result = RulesetParser.parse(Family.IPV4, "r", rule, Extensions.load());
    assertThat(Rules.errors(result)).isEmpty();
    assertThat(Rules.rules(result))
        .containsExactly("-A PREROUTING -j DNAT --to-destination 192.0.2.1");
  }

  @Test
  void portsOfNatNeedTheirProtocolBeforeThem() {
    String start = "*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING ";
    String rule = "-j DNAT --to-destination 192.0.2.1:80 -p tcp\nCOMMIT\n";
    ParseResult behind = RulesetParser.parse(Family.IPV4, "r", start + rule, Extensions.load());
    assertThat(behind.isValid()).isFalse();
    assertThat(Rules.errors(behind).get(0))
        .contains("--to-destination: ports need -p tcp, udp, sctp, dccp or icmp before them");
    String plain = rule.replace(":80", "");
    assertThat(RulesetParser.parse(Family.IPV4, "r", start + plain, Extensions.load()).isValid())
        .isTrue();
  }

  @Test
  void severalAddressesMakeSeveralRules() {
    assertThat(Rules.saved(Family.IPV4, "-A INPUT -s 1.2.3.4,5.6.7.8 -d 1.1.1.1,2.2.2.2/8 -j A"))
        .containsExactly(
            "-A INPUT -s 1.2.3.4/32 -d 1.1.1.1/32 -j A",
            "-A INPUT -s 1.2.3.4/32 -d 2.0.0.0/8 -j A",
            "-A INPUT -s 5.6.7.8/32 -d 1.1.1.1/32 -j A",
            "-A INPUT -s 5.6.7.8/32 -d 2.0.0.0/8 -j A");
  }

  @Test
  void aLineForTheOtherFamilyIsLeftOut() {
    assertThat(Rules.saved(Family.IPV4, "-A INPUT -6 -j ACCEPT")).isEmpty();
    assertThat(Rules.saved(Family.IPV6, "-A INPUT -4 -j ACCEPT")).isEmpty();
  }

  @Test
  void aRuleKnowsItsPlaceTextCommentAndCounters() {
    ParseResult result =
        Rules.filter(
            Family.IPV4,
            "",
            "[3:252] -A INPUT -j ACCEPT",
            " -A INPUT -m comment --comment \"a b\"");
    List<Rule> rules = result.ruleset().table("filter").chain("INPUT").rules();

    assertThat(rules).extracting(Rule::number).containsExactly(1, 2);
    assertThat(rules.get(0).packets()).isEqualTo(3);
    assertThat(rules.get(0).bytes()).isEqualTo(252);
    assertThat(rules.get(0).text()).isEqualTo("-A INPUT -j ACCEPT");
    assertThat(rules.get(0).position()).hasToString("rules:5:9");
    assertThat(rules.get(0).comment()).isNull();
    assertThat(rules.get(1).comment()).isEqualTo("a b");
    assertThat(rules.get(1).position()).hasToString("rules:6:2");
  }

  @Test
  void optionsOfAMatchThatIsUsedTwiceMayBeAbbreviated() {
    String recent = " --mask 255.255.255.255 --rsource";
    assertThat(
            Rules.saved(
                Family.IPV4, "-A INPUT -m recent --set --na a -m recent --rch --na b --rso"))
        .containsExactly(
            "-A INPUT -m recent --set --name a" + recent + " -m recent --rcheck --name b" + recent);
  }
}
