package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.xt.TestRun;
import org.fwreplay.xt.TestRun.Bound;
import org.junit.jupiter.api.Test;

/** What matches that remember say of one packet after the other. */
class StatefulMatchTest {
  private final TestRun run = new TestRun();

  private static Packets from(String address) {
    return Packets.udp(address + ":1000", "198.51.100.2:80");
  }

  private static Packet at(double seconds) {
    return from("192.0.2.1").at(seconds).build();
  }

  private static String pattern(Bound match, int packets) {
    Packet packet = at(0);
    StringBuilder pattern = new StringBuilder();
    IntStream.range(0, packets).forEach(i -> pattern.append(match.matches(packet) ? 'x' : '.'));
    return pattern.toString();
  }

  @Test
  void statisticMatchesEveryNthPacketFromTheOneNamed() {
    assertThat(pattern(run.match("statistic --mode nth --every 3 --packet 0"), 7))
        .isEqualTo("x..x..x");
    assertThat(pattern(run.match("statistic --mode nth --every 3 --packet 2"), 7))
        .isEqualTo("..x..x.");
    assertThat(pattern(run.match("statistic --mode nth ! --every 2 --packet 0"), 4))
        .isEqualTo(".x.x");
    assertThat(pattern(run.match("statistic --mode nth --every 1 --packet 0"), 3)).isEqualTo("xxx");
  }

  @Test
  void statisticMatchesWithItsProbability() {
    String pattern = pattern(run.match("statistic --mode random --probability 0.25"), 10_000);
    assertThat(pattern.chars().filter(c -> c == 'x').count()).isBetween(2300L, 2700L);
    assertThat(pattern(run.match("statistic --mode random --probability 1"), 5)).isEqualTo("xxxxx");
    assertThat(pattern(run.match("statistic --mode random --probability 0"), 5)).isEqualTo(".....");
  }

  @Test
  void quotaEndsWithTheFirstPacketThatIsTooLarge() {
    Packet large = from("192.0.2.1").payload(new byte[72]).build();
    Packet small = at(0);
    Bound quota = run.match("quota --quota 228");
    assertThat(quota.matches(large)).isTrue();
    assertThat(quota.matches(large)).isTrue();
    assertThat(quota.matches(large)).as("28 bytes are left").isFalse();
    assertThat(quota.matches(small)).as("and lost").isFalse();
    assertThat(run.match("quota ! --quota 100").matches(large)).isFalse();
    assertThat(run.match("quota ! --quota 99").matches(large)).isTrue();
    assertThat(run.match("quota --quota 18446744073709551615").matches(large)).isTrue();
  }

  @Test
  void limitLetsABurstPassAndThenItsRate() {
    Bound limit = run.match("limit --limit 2/sec --limit-burst 3");
    List<Double> passed = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      double time = 1000 + i / 10.0;
      if (limit.matches(at(time))) {
        passed.add(time);
      }
    }
    assertThat(passed)
        .containsExactly(
            1000.0, 1000.1, 1000.2, 1000.5, 1001.0, 1001.5, 1002.0, 1002.5, 1003.0, 1003.5);
  }

  @Test
  void limitNeverSavesMoreThanItsBurst() {
    Bound limit = run.match("limit --limit 1/min --limit-burst 2");
    assertThat(limit.matches(at(0))).isTrue();
    assertThat(limit.matches(at(0))).isTrue();
    assertThat(limit.matches(at(59.998))).isFalse();
    assertThat(limit.matches(at(60))).isTrue();
    assertThat(limit.matches(at(3600))).isTrue();
    assertThat(limit.matches(at(3600))).isTrue();
    assertThat(limit.matches(at(3600))).isFalse();
  }

  @Test
  void limitGoesOnWhenTheClockJumpsBack() {
    Bound limit = run.match("limit --limit 1/sec --limit-burst 1");
    assertThat(limit.matches(at(1000))).isTrue();
    assertThat(limit.matches(at(500))).isFalse();
    assertThat(limit.matches(at(500.9))).isFalse();
    assertThat(limit.matches(at(501))).isTrue();
  }

  @Test
  void recentRemembersUnderItsName() {
    Bound set = run.match("recent --set --name a");
    Bound inA = run.match("recent --rcheck --name a");
    Bound inB = run.match("recent --rcheck --name b");
    assertThat(inA.matches(at(1))).isFalse();
    assertThat(run.match("recent ! --rcheck --name a").matches(at(1))).isTrue();
    assertThat(set.matches(at(1))).isTrue();
    assertThat(inA.matches(at(2))).isTrue();
    assertThat(inB.matches(at(2))).isFalse();
    assertThat(inA.matches(from("192.0.2.2").at(2).build())).isFalse();
    assertThat(run.match("recent --remove --name a").matches(at(3))).isTrue();
    assertThat(run.match("recent --remove --name a").matches(at(3))).isFalse();
    assertThat(inA.matches(at(3))).isFalse();
  }

  @Test
  void recentCountsHitsOfTheLastSeconds() {
    Bound set = run.match("recent --set --name ssh");
    Bound three = run.match("recent --rcheck --seconds 60 --hitcount 3 --name ssh");
    for (double time : new double[] {0, 30, 50}) {
      set.matches(at(time));
    }
    assertThat(three.matches(at(60))).as("a stamp just 60 s old counts").isTrue();
    assertThat(three.matches(at(60.004))).isFalse();
    set.matches(at(61));
    assertThat(three.matches(at(62))).isTrue();
  }

  @Test
  void recentUpdateStampsOnlyWhenItMatches() {
    Bound set = run.match("recent --set --name u");
    Bound update = run.match("recent --update --seconds 10 --name u");
    set.matches(at(0));
    assertThat(update.matches(at(9))).isTrue();
    assertThat(update.matches(at(18))).isTrue();
    assertThat(update.matches(at(29))).isFalse();
    assertThat(run.match("recent --rcheck --seconds 10 --name u").matches(at(28.5))).isFalse();
  }

  @Test
  void recentMatchesTheTtlOfBeforeForwarding() {
    run.match("recent --set --name t").matches(from("192.0.2.1").ttl(64).build());
    Bound same = run.match("recent --rcheck --rttl --name t");
    assertThat(same.matches(from("192.0.2.1").ttl(64).build())).isTrue();
    assertThat(same.matches(from("192.0.2.1").ttl(63).build())).isFalse();
    assertThat(same.matches(from("192.0.2.1").ttl(63).interfaces(0, 1).build())).isTrue();
    Packet own = from("192.0.2.1").ttl(64).interfaces(-1, 1).build();
    own.local = true;
    assertThat(same.matches(own)).isTrue();
  }

  @Test
  void recentMasksAddressesByTheFirstRulesMask() {
    run.match("recent --set --name m --mask 255.255.255.0").matches(at(0));
    Bound check = run.match("recent --rcheck --name m");
    assertThat(check.matches(from("192.0.2.77").build())).isTrue();
    assertThat(check.matches(from("192.0.3.1").build())).isFalse();
    run.match("recent --set --name d --rdest").matches(at(0));
    assertThat(run.match("recent --rcheck --name d").matches(from("198.51.100.2").build()))
        .isTrue();
  }

  @Test
  void recentKeepsFamiliesApart() {
    Packet six = Packets.udp("[2001:db8::1]:1000", "[2001:db8::2]:80").build();
    run.match("recent --set --name f").matches(at(0));
    Bound check6 = run.match6("recent --rcheck --name f");
    assertThat(check6.matches(six)).isFalse();
    run.match6("recent --set --name f").matches(six);
    assertThat(check6.matches(six)).isTrue();
  }

  @Test
  void recentForgetsTheAddressSeenLongestAgo() {
    Bound set = run.match("recent --set --name lru");
    Bound check = run.match("recent --rcheck --name lru");
    for (int i = 0; i < 100; i++) {
      set.matches(from("10.0.0." + i).at(i).build());
    }
    set.matches(from("10.0.0.0").at(100).build());
    set.matches(from("10.0.1.0").at(101).build());
    assertThat(check.matches(from("10.0.0.0").build())).as("seen again").isTrue();
    assertThat(check.matches(from("10.0.0.1").build())).as("the oldest").isFalse();
    assertThat(check.matches(from("10.0.0.2").build())).isTrue();
    assertThat(check.matches(from("10.0.1.0").build())).isTrue();
  }

  @Test
  void recentReapsTheOldestEntryThatIsTooOld() {
    Bound set = run.match("recent --set --name r");
    set.matches(from("10.0.0.1").at(0).build());
    set.matches(from("10.0.0.2").at(50).build());
    Bound reap = run.match("recent --rcheck --seconds 10 --reap --name r");
    Bound check = run.match("recent --rcheck --name r");
    assertThat(reap.matches(from("10.0.0.2").at(55).build())).isTrue();
    assertThat(check.matches(from("10.0.0.1").at(55).build())).isFalse();
    assertThat(check.matches(from("10.0.0.2").at(55).build())).isTrue();
  }

  @Test
  void recentKeepsAsManyStampsAsAnyRuleCounts() {
    Bound set = run.match("recent --set --name n");
    Bound forty = run.match("recent --rcheck --hitcount 40 --name n");
    for (int i = 0; i < 39; i++) {
      set.matches(at(i));
    }
    assertThat(forty.matches(at(39))).isFalse();
    set.matches(at(39));
    assertThat(forty.matches(at(40))).isTrue();
  }
}
