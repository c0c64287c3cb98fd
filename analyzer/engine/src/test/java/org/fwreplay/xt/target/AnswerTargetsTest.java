package org.fwreplay.xt.target;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Family;
import org.fwreplay.packet.Hook;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Tcp;
import org.fwreplay.xt.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** REJECT, LOG and NFLOG: what they ask of the run. */
class AnswerTargetsTest {
  private final TestServices services = new TestServices();

  private int apply(Family family, String rule) {
    Packet packet = TestPackets.tcp4(Tcp.SYN, "", "");
    return TargetOptions.parse(family, rule)
        .bind(null)
        .apply(packet, TestServices.evaluation(services, Hook.INPUT));
  }

  @ParameterizedTest
  @CsvSource({
    "IPV4, icmp-net-unreachable, unreachable 3/0",
    "IPV4, icmp-host-unreachable, unreachable 3/1",
    "IPV4, icmp-proto-unreachable, unreachable 3/2",
    "IPV4, icmp-port-unreachable, unreachable 3/3",
    "IPV4, icmp-net-prohibited, unreachable 3/9",
    "IPV4, icmp-host-prohibited, unreachable 3/10",
    "IPV4, icmp-admin-prohibited, unreachable 3/13",
    "IPV4, tcp-reset, reset",
    "IPV6, icmp6-no-route, unreachable 1/0",
    "IPV6, icmp6-adm-prohibited, unreachable 1/1",
    "IPV6, icmp6-addr-unreachable, unreachable 1/3",
    "IPV6, icmp6-port-unreachable, unreachable 1/4",
    "IPV6, icmp6-policy-fail, unreachable 1/5",
    "IPV6, icmp6-reject-route, unreachable 1/6",
    "IPV6, tcp-reset, reset"
  })
  void rejectAnswersAndDrops(Family family, String type, String answer) {
    assertThat(apply(family, "-p tcp -j REJECT --reject-with " + type)).isEqualTo(Verdict.DROP);
    assertThat(services.calls).containsExactly(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "-j LOG, log  4 -1",
    "-j LOG --log-prefix new: --log-level 6, log new: 6 -1",
    "-j NFLOG --nflog-prefix new: --nflog-group 5, log new: -1 5"
  })
  void logsWriteAndGoOn(String rule, String line) {
    for (Family family : Family.values()) {
      services.calls.clear();
      assertThat(apply(family, rule)).isEqualTo(Verdict.CONTINUE);
      assertThat(services.calls).containsExactly(line);
    }
  }
}
