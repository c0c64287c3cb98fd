package org.fwreplay.xt.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.fwreplay.packet.Family;
import org.fwreplay.xt.OptionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What targets accept and how they save it, as iptables-legacy and Linux 6.18 do. */
class TargetOptionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          -j MARK --set-mark 7               | --set-xmark 0x7/0xffffffff
          -j MARK --set-mark 0x10/0x3        | --set-xmark 0x10/0x13
          -j MARK --set-xmark 0x10/0x3       | --set-xmark 0x10/0x3
          -j MARK --and-mark 0xff            | --set-xmark 0x0/0xffffff00
          -j MARK --or-mark 0x6              | --set-xmark 0x6/0x6
          -j MARK --xor-mark 012             | --set-xmark 0xa/0x0
          -j CONNMARK --set-mark 4/8         | --set-xmark 0x4/0xc
          -j CONNMARK --save-mark            | --save-mark --nfmask 0xffffffff --ctmask 0xffffffff
          -j CONNMARK --restore-mark --mask 9 | --restore-mark --nfmask 0x9 --ctmask 0x9
          -j CONNMARK --save-mark --nfmask 7 --left-shift-mark 4 \
               | --save-mark --nfmask 0x7 --ctmask 0xffffffff --left-shift-mark 4
          -j CONNMARK --or-mark 2 --right-shift-mark 31 | --set-xmark 0x2/0x2 --right-shift-mark 31
          -j CONNMARK --set-mark 2 --mask 6  | --set-xmark 0x2/0x6
          -j CONNMARK --mask 6 --set-mark 2  | --set-xmark 0x2/0xffffffff
          -j TOS --set-tos 0x0c              | --set-tos 0x0c/0xff
          -j TOS --set-tos 12/0xc            | --set-tos 0x0c/0x0c
          -j TOS --set-tos maximize-THROUGHPUT | --set-tos 0x08/0x3f
          -j TOS --and-tos 0xf0              | --set-tos 0x00/0x0f
          -j TOS --or-tos 3                  | --set-tos 0x03/0x03
          -j TOS --xor-tos 3                 | --set-tos 0x03/0x00
          -j DSCP --set-dscp 10              | --set-dscp 0x0a
          -j DSCP --set-dscp-class cs6       | --set-dscp 0x30
          -j DSCP --set-dscp-class AF42      | --set-dscp 0x24
          -j DSCP --set-dscp-class EF        | --set-dscp 0x2e
          -j LOG                             |
          -j LOG --log-level warning         |
          -j LOG --log-level debug           | --log-level 7
          -j LOG --log-prefix fw-            | --log-prefix fw-
          -j LOG --log-prefix "fw in: "      | --log-prefix "fw in: "
          -j LOG --log-prefix it's           | --log-prefix "it\\'s"
          -j LOG --log-prefix abcdefghijklmnopqrstuvwxyzABCDEF | --log-prefix abcdefghijklmnopqrstuvwxyzABC
          -j LOG --log-uid --log-macdecode --log-tcp-sequence | --log-tcp-sequence --log-uid --log-macdecode
          -j NFLOG                           |
          -j NFLOG --nflog-threshold 4 --nflog-size 0 --nflog-group 3 | --nflog-group 3 --nflog-size 0 --nflog-threshold 4
          -j NFLOG --nflog-range 96          | --nflog-range 96
          -p tcp -j TCPMSS --set-mss 1360    | --set-mss 1360
          -p tcp -j TCPMSS --clamp-mss-to-pmtu | --clamp-mss-to-pmtu
          -p tcp -j TCPMSS --clamp-mss-to-pmtu --set-mss 900 | --set-mss 900
          -p tcp -j TCPOPTSTRIP              |
          -p tcp -j TCPOPTSTRIP --strip-options timestamp,wscale,0x40,md5 | --strip-options 3,8,19,64
          -j CT                              |
          -j CT --notrack                    | --notrack
          -j CT --zone 0                     |
          -j CT --zone 7                     | --zone 7
          -j CT --zone-orig Mark             | --zone-orig mark
          -j CT --zone-reply 5               | --zone-reply 5
          -j CT --zone-orig 3 --zone-reply 4 | --zone 4
          -j CT --ctevents mark,new,new --expevents new | --ctevents new,mark --expevents new
          -j NOTRACK                         |
          -p tcp -j MASQUERADE --to-ports 2000-2100 --random | --to-ports 2000-2100 --random
          -j MASQUERADE --random-fully       | --random-fully
          -p udp -j REDIRECT --to-ports domain | --to-ports 53
          -p sctp -j REDIRECT --random --to-ports 0x35-60 | --to-ports 53-60 --random
          """)
  void optionsOfBothFamiliesAreSaved(String rule, String saved) {
    assertThat(TargetOptions.saved(Family.IPV4, rule)).isEqualTo(saved == null ? "" : saved);
    assertThat(TargetOptions.saved(Family.IPV6, rule)).isEqualTo(saved == null ? "" : saved);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -j REJECT                              | --reject-with icmp-port-unreachable
          -j REJECT --reject-with host-prohib    | --reject-with icmp-host-prohibited
          -j REJECT --reject-with icmp-h         | --reject-with icmp-host-unreachable
          -j REJECT --reject-with ADMIN          | --reject-with icmp-admin-prohibited
          -p tcp -j REJECT --reject-with tcp-rst | --reject-with tcp-reset
          -j TTL --ttl-set 0                     | --ttl-set 0
          -j TTL --ttl-dec 3                     | --ttl-dec 3
          -j TTL --ttl-inc 255                   | --ttl-inc 255
          -p tcp -j ECN --ecn-tcp-remove         | --ecn-tcp-remove
          -p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 0 | --ecn-tcp-remove
          -p tcp -j ECN --ecn-tcp-cwr 1 --ecn-ip-ect 2 | --ecn-tcp-cwr 1 --ecn-ip-ect 2
          -p tcp -j ECN --ecn-ip-ect 2 --ecn-tcp-remove | --ecn-tcp-remove
          -j ECN --ecn-ip-ect 0                  | --ecn-ip-ect 0
          -j SNAT --to-source 192.0.2.1          | --to-source 192.0.2.1
          -j SNAT --to-source 192.0.2.9-192.0.2.3 --persistent | --to-source 192.0.2.9-192.0.2.3 --persistent
          -p icmp -j SNAT --to-source 192.0.2.1:5 | --to-source 192.0.2.1:5
          -p udp -j SNAT --to-source :5000-6000 --random-fully | --to-source :5000-6000 --random-fully
          -p tcp -j DNAT --to-destination 192.0.2.1:https --random | --to-destination 192.0.2.1:443 --random
          -p tcp -j DNAT --to-destination :1000-1999/https | --to-destination :1000-1999/443
          -j NETMAP --to 192.0.2.77/25           | --to 192.0.2.0/25
          -j NETMAP --to 192.0.2.77/255.255.0.0  | --to 192.0.0.0/16
          -j NETMAP --to 192.0.2.77              | --to 192.0.2.77/32
          -j NETMAP --to localhost               | --to 127.0.0.1/32
          -j NETMAP --to 192.0.2.77/255.0.255.0  | --to 192.0.2.0/255.0.255.0
          -j NETMAP --to 192.0.2.77/33           | --to 0.0.0.1/0.0.0.33
          -j TEE --gateway LOCALHOST             | --gateway 127.0.0.1
          -p tcp -j TPROXY --on-port ""          | --on-port 0 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0
          -p tcp -j SNAT --to-source 192.0.2.1:10-19/100 | --to-source 192.0.2.1:10-19/0
          -p tcp -j MASQUERADE --to-ports 10-19/http | --to-ports 10-19/0
          -j DSCP --set-dscp-class EFx           | --set-dscp 0x2e
          """)
  void optionsOfIpv4AreSaved(String rule, String saved) {
    assertThat(TargetOptions.saved(Family.IPV4, rule)).isEqualTo(saved);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -j REJECT                              | --reject-with icmp6-port-unreachable
          -j REJECT --reject-with no-route       | --reject-with icmp6-no-route
          -j REJECT --reject-with icmp6-adm      | --reject-with icmp6-adm-prohibited
          -p tcp -j REJECT --reject-with tcp-reset | --reject-with tcp-reset
          -j HL --hl-set 0                       | --hl-set 0
          -j HL --hl-dec 7                       | --hl-dec 7
          -j SNAT --to-source [2001:db8::1]      | --to-source 2001:db8::1
          -p tcp -j SNAT --to-source [2001:DB8:0:0:1::1]:80 | --to-source [2001:db8::1:0:0:1]:80
          -p tcp -j SNAT --to-source []:80       | --to-source :80
          -j SNAT --to-source [2001:db8::1]x     | --to-source 2001:db8::1
          -j TEE --gateway fe80::1%eth0          | --gateway fe80::1
          -j SNAT --to-source ::ffff:192.0.2.1-::192.0.2.1 | --to-source ::ffff:192.0.2.1-::192.0.2.1
          -p dccp -j DNAT --to-destination [2001:db8::1-2001:db8::9]:10-19/100 | --to-destination [2001:db8::1-2001:db8::9]:10-19/100
          -j NETMAP --to 2001:db8:5:6:7::/65     | --to 2001:db8:5:6::/65
          """)
  void optionsOfIpv6AreSaved(String rule, String saved) {
    assertThat(TargetOptions.saved(Family.IPV6, rule)).isEqualTo(saved);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          -j MARK                               | one of --set-xmark
          -j MARK --set-mark 0x100000000        | is not between
          -j MARK --and-mark 1 --or-mark 1      | cannot be used together
          -j CONNMARK                           | no operation
          -j CONNMARK --save-mark --mask 1 --nfmask 1 | cannot be used together
          -j CONNMARK --save-mark --left-shift-mark 32 | is not between 0 and 31
          -j TOS                                | is required
          -j TOS --set-tos 256                  | is not between 0 and 255
          -j TOS --set-tos Minimize             | neither a number nor one of
          -j DSCP                               | is required
          -j DSCP --set-dscp 64                 | is not between 0 and 63
          -j DSCP --set-dscp-class AF14         | unknown class "AF14"
          -j TTL                                | is required
          -j TTL --ttl-dec 0                    | is not between 1 and 255
          -j TTL --ttl-set 256                  | is not between 0 and 255
          -j TTL --ttl-set 1 --ttl-inc 1        | cannot be used together
          -p tcp -j ECN                         | is required
          -p tcp -j ECN --ecn-tcp-remove --ecn-tcp-ece 1 | cannot be used together
          -p udp -j ECN --ecn-tcp-remove        | needs -p tcp
          ! -p tcp -j ECN --ecn-tcp-remove      | needs -p tcp
          -j ECN --ecn-ip-ect 4                 | is not between 0 and 3
          -j LOG --log-level warn               | "warn" is not a number
          -j LOG --log-level 8                  | is not between 0 and 7
          -j LOG --log-prefix ""                | the prefix is empty
          -j NFLOG --nflog-group 65536          | is not between
          -j NFLOG --nflog-size 1 --nflog-range 1 | cannot be used together
          -j REJECT --reject-with echo-reply    | is none of icmp-net-unreachable,
          -j REJECT --reject-with icmp6-no-route | is none of icmp-net-unreachable,
          -j REJECT --reject-with tcp-reset     | needs -p tcp
          ! -p tcp -j REJECT --reject-with tcp-reset | needs -p tcp
          -p tcp -j TCPMSS                      | is required
          -j TCPMSS --set-mss 1000              | needs its protocol
          -p tcp -j TCPMSS --set-mss 65516      | is not between 0 and 65515
          -p tcp -j TCPOPTSTRIP --strip-options 1 | options 0 and 1 cannot be stripped
          -p tcp -j TCPOPTSTRIP --strip-options mss,2 | "2" was given already
          -p tcp -j TCPOPTSTRIP --strip-options scale | "scale" is not a number
          -p udp -j TCPOPTSTRIP --strip-options mss | needs its protocol
          -j CT --zone 65536                    | is not between 0 and 65535
          -j CT --ctevents new,                 | "" is none of new, related,
          -j CT --expevents mark                | "mark" is none of new
          -p udp -j CT --helper ftp             | does not follow this protocol
          -j CT --helper ftp                    | name its protocol with -p
          -p tcp -j CT --helper gopher          | "gopher" is none of
          -p tcp -j CT --helper sip --helper tftp | can only be used once
          -p tcp -j CT --helper tftp            | does not follow this protocol
          ! -p tcp -j CT --timeout long         | name its protocol with -p
          -j NOTRACK --notrack                  | unknown option --notrack
          -j SNAT                               | option --to-source must be specified
          -j SNAT --to-source 192.0.2           | is not an address
          -j SNAT --to-source 192.0.2.01        | is not an address
          -j SNAT --to-source 192.0.2.1-        | is not an address
          -j SNAT --to-source 192.0.2.1:80      | ports need -p
          -p tcp -j SNAT --to-source 192.0.2.1: | is not a number
          -p tcp -j SNAT --to-source 192.0.2.1:65536 | is not between
          -p tcp -j SNAT --to-source 192.0.2.1:9-8 | is not between 9 and 65535
          -p tcp -j SNAT --to-source 192.0.2.1:ssh-90 | is not a number
          -p tcp -j SNAT --to-source 192.0.2.1:80:90 | is not a number
          -p tcp -j SNAT --to-source [192.0.2.1]:80 | brackets where none belong
          -p tcp -j REDIRECT --to-ports 10-19/100 | REDIRECT cannot shift
          -p gre -j MASQUERADE --to-ports 10    | ports need -p
          -j DNAT --to-destination 192.0.2.1 --random-fully | unknown option --random-fully
          -p tcp -j DNAT --to-destination 192.0.2.1:10-19/0 | is not between 1 and 65535
          -p tcp -j DNAT --to-destination 192.0.2.1:10/20 | is not a number
          -j REDIRECT --to-ports 80             | ports need -p
          -j NETMAP                             | option --to must be specified
          -j NETMAP --to 192.0.2.0/256.0.0.0    | neither a network mask nor a prefix length
          -j NETMAP --to 2001:db8::/32          | is not an address
          """)
  void wrongOptionsAreRefused(String rule, String complaint) {
    assertThatExceptionOfType(OptionException.class)
        .isThrownBy(() -> TargetOptions.parse(Family.IPV4, rule.replace("gre", "47")))
        .withMessageContaining(complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -p tcp -j TCPMSS --set-mss 65496         | is not between 0 and 65495
          -p icmpv6 -j SNAT --to-source [2001:db8::1]:5 | ports need -p
          -p tcp -j SNAT --to-source [2001:db8::1  | brackets where none belong
          -j NETMAP --to 2001:db8::/129            | neither a network mask nor a prefix length
          -j SNAT --to-source 192.0.2.1            | is not an address
          -j REJECT --reject-with icmp6-not-neighbour | is none of icmp6-no-route,
          -j REJECT --reject-with tcp-reset        | needs -p tcp
          -j HL --hl-inc 0                         | is not between 1 and 255
          """)
  void wrongOptionsOfIpv6AreRefused(String rule, String complaint) {
    assertThatExceptionOfType(OptionException.class)
        .isThrownBy(() -> TargetOptions.parse(Family.IPV6, rule))
        .withMessageContaining(complaint);
  }
}
