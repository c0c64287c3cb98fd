package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.junit.jupiter.api.Test;

/** {@code nf_conntrack_helper = 1}: kernels before 6.0 gave helpers by port. */
class HelperByPortTest {
  private static Scenario router() {
    return new Scenario()
        .rules(
            "*nat",
            "-A POSTROUTING -o wan -j MASQUERADE",
            "*filter",
            ":INPUT DROP",
            ":FORWARD DROP",
            "-A FORWARD -m helper --helper tftp -j ACCEPT",
            "-A FORWARD -i lan -j ACCEPT");
  }

  /** What comes of the first block of a file that was asked for at a port. */
  private static List<String> answer(Scenario router, int port) {
    Packet request =
        Packets.udp("192.168.1.10:4000", "198.51.100.7:" + port)
            .payload(new byte[] {0, 1, 'f', 0, 'o', 'c', 't', 'e', 't', 0})
            .build();
    assertThat(router.arrives("lan", List.of(request))).hasSize(1);
    return router.arrives("wan", "udp 198.51.100.7:3333 > 203.0.113.1:4000");
  }

  @Test
  void aPortHasItsHelper() {
    assertThat(answer(router().sysctl("net.netfilter.nf_conntrack_helper", "1"), 69)).hasSize(1);
  }

  @Test
  void anotherPortHasNone() {
    assertThat(answer(router().sysctl("net.netfilter.nf_conntrack_helper", "1"), 70)).isEmpty();
  }

  @Test
  void withoutTheSettingOnlyRulesGiveHelpers() {
    assertThat(answer(router(), 69)).isEmpty();
    assertThat(
            answer(
                router().rules("*raw", "-A PREROUTING -p udp --dport 69 -j CT --helper tftp"), 69))
        .hasSize(1);
  }
}
