package org.fwreplay.xt.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.Stream;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.xt.OptionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What targets that are seldom used accept and how they save it, as iptables-legacy does. */
class RareTargetOptionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          -j AUDIT --type Drop              | --type drop
          -j CHECKSUM --checksum-fill       | --checksum-fill
          -j CLASSIFY --set-class 1:2a      | --set-class 0001:002a
          -j CLASSIFY --set-class 0x10:-1   | --set-class 0010:ffff
          -j CLASSIFY --set-class 12345:1x  | --set-class 2345:0001
          -j CONNSECMARK --save             | --save
          -j CONNSECMARK --restore          | --restore
          -j SECMARK --selctx system_u:object_r:ssh_t:s0 | --selctx system_u:object_r:ssh_t:s0
          -j IDLETIMER --label wlan --timeout 30 | --timeout 30 --label wlan
          -j IDLETIMER --alarm --timeout 0x10 --label a-label-that-is-longer-than-it-may-be \
              | --timeout 16 --label a-label-that-is-longer-than --alarm
          -j LED --led-trigger-id ssh       | --led-trigger-id "ssh"
          -j LED --led-trigger-id ssh --led-delay 900 --led-always-blink \
              | --led-trigger-id "ssh" --led-delay 900 --led-always-blink
          -j LED --led-trigger-id ssh --led-delay INF | --led-trigger-id "ssh" --led-delay -1
          -j TRACE                          |
          -j NFQUEUE                        | --queue-num 0
          -j NFQUEUE --queue-bypass --queue-num 3 | --queue-num 3 --queue-bypass
          -j NFQUEUE --queue-balance 2:     | --queue-balance 2:65534
          -j NFQUEUE --queue-balance :9 --queue-cpu-fanout | --queue-balance 0:9 --queue-cpu-fanout
          -j RATEEST --rateest-name eth0 --rateest-interval 1s --rateest-ewmalog 2s \
              | --rateest-name eth0 --rateest-interval 1.0s --rateest-ewmalog 2.0s
          -j RATEEST --rateest-name eth0 --rateest-interval 300ms --rateest-ewmalog 4.5SECS \
              | --rateest-name eth0 --rateest-interval 500.0ms --rateest-ewmalog 4.0s
          -j RATEEST --rateest-name eth0 --rateest-interval 1000 --rateest-ewmalog 2000us \
              | --rateest-name eth0 --rateest-interval 250.0ms --rateest-ewmalog 500.0ms
          -j TEE --gateway 192.0.2.9        | --gateway 192.0.2.9
          -j TEE --gateway 192.0.2.9 --oif an-interface-too-long | --gateway 192.0.2.9 --oif an-interface-to
          -p tcp -j TPROXY --on-port 3129   | --on-port 3129 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0
          -p udp -j TPROXY --on-port domain --on-ip 192.0.2.1 --tproxy-mark 7 \
              | --on-port 53 --on-ip 192.0.2.1 --tproxy-mark 0x7/0xffffffff
          -p tcp -j SYNPROXY                |
          -p tcp -j SYNPROXY --mss 65537 --ecn --wscale 263 --timestamp --sack-perm \
              | --sack-perm --timestamp --wscale 7 --mss 1 --ecn
          -j HMARK --hmark-tuple src,dst --hmark-rnd 9 --hmark-mod 4 \
              | --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x00000009 --hmark-mod 4
          -j HMARK --hmark-tuple c,SPORT,prot --hmark-rnd 9 --hmark-mod 4 --hmark-offset 0x10 \
              | --hmark-sport-mask 0xffff --hmark-proto-mask 0xffff --hmark-rnd 0x00000009 --hmark-mod 4 --hmark-offset 16 --hmark-tuple ct
          -j HMARK --hmark-src-prefix 8 --hmark-dport 53 --hmark-dport-mask 3 --hmark-rnd 1 --hmark-mod 0xffffffff \
              | --hmark-src-prefix 8 --hmark-dport-mask 0x0003 --hmark-dport 0x0035 --hmark-rnd 0x00000001 --hmark-mod 4294967295
          -j HMARK --hmark-spi 7 --hmark-spi-mask 0xff --hmark-rnd 1 --hmark-mod 2 \
              | --hmark-spi-mask 0x000000ff --hmark-spi 0x00000007 --hmark-rnd 0x00000001 --hmark-mod 2
          -j ULOG --ulog-nlgroup 1          |
          -j ULOG --ulog-nlgroup 5 --ulog-prefix "to log" --ulog-cprange 96 --ulog-qthreshold 10 \
              | --ulog-prefix "to log" --ulog-nlgroup 5 --ulog-cprange 96 --ulog-qthreshold 10
          -j CLUSTERIP                      |
          -j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5e:00:00:0a --total-nodes 2 --local-node 1 \
              | --new --hashmode sourceip --clustermac 01:00:5E:00:00:0A --total-nodes 2 --local-node 1 --hash-init 0
          -p tcp -j CT --helper ftp --zone 2 | --helper ftp --zone 2
          -p udp -j CT --timeout short --ctevents new | --timeout short --ctevents new
          """)
  void optionsAreSavedAsTheKernelHoldsThem(String rule, String saved) {
    String expected = saved == null ? "" : saved;
    assertThat(TargetOptions.saved(Family.IPV4, rule)).isEqualTo(expected);
    String again = rule.substring(0, rule.indexOf("-j")) + "-j " + name(rule) + " " + expected;
    if (!expected.contains("-1")) {
      assertThat(TargetOptions.saved(Family.IPV4, again)).as("saved again").isEqualTo(expected);
    }
  }

  private static String name(String rule) {
    return rule.substring(rule.indexOf("-j ") + 3).split(" ")[0];
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -j SNPT --src-pfx fd01::/48 --dst-pfx 2001:db8::/48 | --src-pfx fd01::/48 --dst-pfx 2001:db8::/48
          -j DNPT --src-pfx ::/0 --dst-pfx 2001:db8::/32      | --dst-pfx 2001:db8::/32
          -j TEE --gateway 2001:DB8::9      | --gateway 2001:db8::9
          -p tcp -j TPROXY --on-port 0      | --on-port 0 --on-ip :: --tproxy-mark 0x0/0x0
          -j HMARK --hmark-src-prefix 64 --hmark-rnd 1 --hmark-mod 2 | --hmark-src-prefix 64 --hmark-rnd 0x00000001 --hmark-mod 2
          -j HMARK --hmark-tuple dst --hmark-rnd 1 --hmark-mod 2 | --hmark-dst-prefix 128 --hmark-rnd 0x00000001 --hmark-mod 2
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
          -j AUDIT                            | --type must be specified
          -j AUDIT --type allow               | "allow" is none of accept, drop, reject
          -j CHECKSUM                         | --checksum-fill must be specified
          -j CLASSIFY --set-class 1           | "1" is not MAJOR:MINOR
          -j CLASSIFY --set-class g:1         | "g:1" is not MAJOR:MINOR
          -j CONNSECMARK                      | --save or --restore is required
          -j CONNSECMARK --save --restore     | cannot be used together
          -j SECMARK --selctx ""              | the context is empty
          -j IDLETIMER --timeout 0 --label a  | is not between 1 and 2147482
          -j IDLETIMER --timeout 2147483 --label a | is not between 1 and 2147482
          -j IDLETIMER --timeout 9            | --label must be specified
          -j LED --led-trigger-id seventeen-letters | has more than 16 characters
          -j LED --led-trigger-id a --led-delay -1 | is not a number
          -j NFQUEUE --queue-num 65536        | is not between 0 and 65535
          -j NFQUEUE --queue-num 1 --queue-balance 1:2 | cannot be used together
          -j NFQUEUE --queue-balance 5        | "5" is not FIRST:LAST
          -j NFQUEUE --queue-balance 5:5      | 5 should be less than 5
          -j NFQUEUE --queue-balance 0:65535  | is not between 0 and 65534
          -j NFQUEUE --queue-cpu-fanout       | needs --queue-balance
          -j RATEEST --rateest-name a --rateest-interval 9s --rateest-ewmalog 20s | is more than 8s
          -j RATEEST --rateest-name a --rateest-interval 1s --rateest-ewmalog 1s | is too short or too long
          -j RATEEST --rateest-name a --rateest-interval 1h --rateest-ewmalog 1s | "1h" is not a time
          -j TEE --gateway 0.0.0.0            | the kernel refuses 0.0.0.0
          -j TEE --oif eth0                   | --gateway must be specified
          -j TPROXY --on-port 1               | needs its protocol
          -p sctp -j TPROXY --on-port 1       | needs its protocol
          -p tcp -j TPROXY --on-ip 192.0.2.1  | --on-port must be specified
          -j SYNPROXY                         | needs its protocol
          -j HMARK --hmark-tuple src --hmark-mod 2 | "--hmark-rnd" must be specified
          -j HMARK --hmark-rnd 2 --hmark-mod 2 | nothing to hash
          -j HMARK --hmark-rnd 2 --hmark-tuple src --hmark-mod 0 | is not between 1
          -j HMARK --hmark-rnd 2 --hmark-tuple src, --hmark-mod 2 | "" is none of ct, src,
          -j HMARK --hmark-rnd 2 --hmark-tuple spi,sport --hmark-mod 2 | together with port masks
          -j HMARK --hmark-rnd 2 --hmark-spi 1 --hmark-dport 5 --hmark-mod 2 | together with ports
          -j HMARK --hmark-rnd 2 --hmark-src-prefix 33 --hmark-mod 2 | is not between 0 and 32
          -j HMARK --hmark-tuple src --hmark-src-prefix 8 --hmark-rnd 2 --hmark-mod 2 | --hmark-tuple has set it before
          -j IDLETIMER --timeout 5 --label a/b | cannot be a file
          -j CLUSTERIP --new --hashmode sourceip | "--clustermac" must be specified
          -j CLUSTERIP --new --hashmode ip --clustermac 01:00:5e:00:00:0a --total-nodes 2 | "ip" is none of sourceip,
          -j ULOG --ulog-nlgroup 33           | is not between 1 and 32
          """)
  void wrongOptionsAreRefused(String rule, String complaint) {
    assertThatExceptionOfType(OptionException.class)
        .isThrownBy(() -> TargetOptions.parse(Family.IPV4, rule))
        .withMessageContaining(complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -j SNPT --src-pfx fd01::/48                        | --dst-pfx must be specified
          -j SNPT --src-pfx fd01::/65 --dst-pfx fd02::/64    | is not between 0 and 64
          -j SNPT --src-pfx fd01::1/64 --dst-pfx fd02::/64   | has bits behind its prefix
          -j DNPT --src-pfx fd01:: --dst-pfx fd02::/64       | has no length
          -p tcp -j CT --helper tftp                         | does not follow this protocol
          """)
  void wrongOptionsOfIpv6AreRefused(String rule, String complaint) {
    assertThatExceptionOfType(OptionException.class)
        .isThrownBy(() -> TargetOptions.parse(Family.IPV6, rule))
        .withMessageContaining(complaint);
  }

  @ParameterizedTest
  @CsvSource({
    "CHECKSUM, mangle",
    "CONNSECMARK, mangle security",
    "SECMARK, mangle security",
    "TRACE, raw"
  })
  void someTablesOnly(String name, String tables) {
    for (Family family : Family.values()) {
      assertThat(TargetOptions.extension(family, name).tables())
          .containsExactlyInAnyOrder(tables.split(" "));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TPROXY, PREROUTING",
    "CLASSIFY, FORWARD OUTPUT POSTROUTING",
    "SYNPROXY, INPUT FORWARD",
    "SNPT, INPUT POSTROUTING",
    "DNPT, PREROUTING OUTPUT"
  })
  void someHooksOnly(String name, String hooks) {
    assertThat(TargetOptions.extension(Family.IPV6, name).hooks())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(hooks.split(" ")).map(Hook::valueOf).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ULOG", "CLUSTERIP"})
  void whatLinuxHasNoMoreSaysSo(String name) {
    assertThat(TargetOptions.extension(Family.IPV4, name).removed()).contains("took its place");
    assertThat(TargetOptions.extension(Family.IPV6, name)).isNull();
  }
}
