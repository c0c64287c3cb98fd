package org.fwreplay.hook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What of the limits of ICMP errors no case of {@code cases/icmp-rate.case} can show: chance, and
 * how much is remembered.
 */
class IcmpRateLimitTest {
  private static final long SECOND_NS = 1_000_000_000L;

  private long nowNs;
  private final Peers peers = new Peers(() -> nowNs);

  private static Scenario rejecting(long seed) {
    return new Scenario()
        .seed(seed)
        .sysctl("net.ipv4.icmp_ratelimit", "0")
        .sysctl("net.ipv4.icmp_msgs_per_sec", "50")
        .sysctl("net.ipv4.icmp_msgs_burst", "50")
        .rules("*filter", "-A FORWARD -p udp -j REJECT");
  }

  /** How many errors are sent until there is none for a packet. */
  private static int errors(Scenario firewall) {
    int errors = 0;
    String packet = "udp 192.168.1.10:1000 > 198.51.100.7:53 len 10";
    while (errors < 1000 && !firewall.arrives("lan", packet).isEmpty()) {
      errors++;
    }
    return errors;
  }

  @Test
  void allHostsTogetherGetABurstOfErrorsOfWhichEachCostsNoneOneOrTwo() {
    int seeds = 200;
    int sum = 0;
    for (int seed = 0; seed < seeds; seed++) {
      int errors = errors(rejecting(seed));
      assertThat(errors).as("with seed %d", seed).isBetween(25, 100);
      assertThat(errors(rejecting(seed))).as("with seed %d again", seed).isEqualTo(errors);
      sum += errors;
    }
    assertThat((double) sum / seeds).as("on average").isBetween(48.0, 53.0);
  }

  @Test
  void afterASecondAllIsThereAgain() {
    Scenario firewall = rejecting(1);
    errors(firewall);
    firewall.waits(1);
    assertThat(errors(firewall)).isGreaterThan(20);
  }

  @Test
  void whereTheSecondsSettingIsNotKnownAllGetAsManyAsTheyLike() {
    Scenario firewall = new Scenario().rules("*filter", "-A FORWARD -p udp -j REJECT");
    assertThat(errors(firewall)).isEqualTo(1000);
  }

  @Test
  void manySourcesDoNotFillTheMemory() {
    for (int i = 0; i < 2 * Peers.MOST; i++) {
      peers.of(false, 0, i).spend(SECOND_NS, 6 * SECOND_NS, nowNs);
    }
    assertThat(peers.size()).isEqualTo(Peers.MOST);
  }

  @Test
  void whoIsLookedAtIsNotForgottenForOthers() {
    Peers.Peer known = peers.of(true, 1, 2);
    for (int i = 0; i < Peers.MOST - 1; i++) {
      peers.of(true, 2, i);
    }
    assertThat(peers.of(true, 1, 2)).isSameAs(known);
    peers.of(true, 3, 4);
    assertThat(peers.of(true, 1, 2)).isSameAs(known);
  }
}
