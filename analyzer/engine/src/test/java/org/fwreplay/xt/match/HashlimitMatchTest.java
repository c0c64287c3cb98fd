package org.fwreplay.xt.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.fwreplay.packet.Packet;
import org.fwreplay.packet.Packets;
import org.fwreplay.packet.Protocols;
import org.fwreplay.xt.TestRun;
import org.fwreplay.xt.TestRun.Bound;
import org.junit.jupiter.api.Test;

/** How {@code -m hashlimit} counts. */
class HashlimitMatchTest {
  private final TestRun run = new TestRun();

  private static Packet from(String source, double seconds) {
    return Packets.udp(source + ":1000", "198.51.100.2:53").at(seconds).build();
  }

  /** What a match says of packets of one source at these times: x or a dot each. */
  private static String pattern(Bound match, String source, double... seconds) {
    StringBuilder pattern = new StringBuilder();
    for (double second : seconds) {
      pattern.append(match.matches(from(source, second)) ? 'x' : '.');
    }
    return pattern.toString();
  }

  @Test
  void eachSourceHasABurstAndThenItsRate() {
    Bound match =
        run.match(
            "hashlimit --hashlimit-upto 1/sec --hashlimit-burst 2 --hashlimit-mode srcip"
                + " --hashlimit-name a --hashlimit-htable-expire 60000");
    assertThat(pattern(match, "192.0.2.1", 0, 0, 0, 0.9, 1, 1, 9, 9, 9)).isEqualTo("xx..x.xx.");
    assertThat(pattern(match, "192.0.2.2", 9, 9, 9)).isEqualTo("xx.");
  }

  @Test
  void aboveIsWhatExceedsTheRate() {
    Bound match =
        run.match("hashlimit --hashlimit-above 1/min --hashlimit-burst 2 --hashlimit-name a");
    assertThat(pattern(match, "192.0.2.1", 0, 0, 0, 1)).isEqualTo("..xx");
    assertThat(pattern(match, "192.0.2.9", 2)).as("all share").isEqualTo("x");
  }

  @Test
  void rulesThatNameATableShareIt() {
    String text = "hashlimit --hashlimit-upto 1/min --hashlimit-burst 2 --hashlimit-name shared";
    Bound first = run.match(text);
    Bound second = run.match(text);
    assertThat(pattern(first, "192.0.2.1", 0, 0)).isEqualTo("xx");
    assertThat(pattern(second, "192.0.2.1", 0)).isEqualTo(".");
    Packet six = Packets.udp("[2001:db8::1]:1", "[2001:db8::2]:53").build();
    assertThat(run.match6(text).matches(six)).as("IPv6 has its own").isTrue();
  }

  @Test
  void prefixesAndPortsTellSourcesApart() {
    Bound nets =
        run.match(
            "hashlimit --hashlimit-upto 1/min --hashlimit-burst 1 --hashlimit-mode srcip"
                + " --hashlimit-srcmask 24 --hashlimit-name nets");
    assertThat(pattern(nets, "192.0.2.1", 0)).isEqualTo("x");
    assertThat(pattern(nets, "192.0.2.200", 0)).isEqualTo(".");
    assertThat(pattern(nets, "192.0.3.1", 0)).isEqualTo("x");
    Bound ports =
        run.match(
            "hashlimit --hashlimit-upto 1/min --hashlimit-burst 1 --hashlimit-mode dstport"
                + " --hashlimit-name ports");
    assertThat(ports.matches(Packets.udp("192.0.2.1:1", "192.0.2.9:53").build())).isTrue();
    assertThat(ports.matches(Packets.udp("192.0.2.2:2", "192.0.2.8:53").build())).isFalse();
    assertThat(ports.matches(Packets.udp("192.0.2.1:1", "192.0.2.9:54").build())).isTrue();
    Packet ping = Packets.icmp("192.0.2.1", "192.0.2.9", 8, 0).build();
    assertThat(ports.matches(ping)).as("without ports").isTrue();
    assertThat(ports.matches(ping)).isFalse();
    Packet cut = Packets.ip("192.0.2.1", "192.0.2.9", Protocols.UDP).build();
    assertThat(ports.drops(cut)).as("ports that are not there").isTrue();
  }

  @Test
  void bytesAreLimitedByTheSecond() {
    Bound match =
        run.match(
            "hashlimit --hashlimit-upto 1kb/s --hashlimit-mode srcip --hashlimit-name a"
                + " --hashlimit-htable-expire 60000");
    // 28 bytes count as two units of 16 bytes, of which 64 are a kilobyte.
    double[] atOnce = new double[40];
    assertThat(pattern(match, "192.0.2.1", atOnce)).isEqualTo("x".repeat(32) + ".".repeat(8));
    assertThat(pattern(match, "192.0.2.1", 0.5, 1.5)).isEqualTo("xx");
  }

  @Test
  void aBurstOfBytesRefillsTheAllowance() {
    Bound match =
        run.match(
            "hashlimit --hashlimit-upto 1kb/s --hashlimit-burst 2kb --hashlimit-name a"
                + " --hashlimit-htable-expire 60000");
    double[] atOnce = new double[120];
    String pattern = pattern(match, "192.0.2.1", atOnce);
    assertThat(pattern.chars().filter(c -> c == 'x').count()).isBetween(90L, 100L);
  }

  @Test
  void idleEntriesAreForgottenWhenTheyAreLookedFor() {
    Bound match =
        run.match(
            "hashlimit --hashlimit-upto 1/hour --hashlimit-burst 1 --hashlimit-mode srcip"
                + " --hashlimit-name a --hashlimit-htable-expire 3000");
    assertThat(pattern(match, "192.0.2.1", 0, 2.5, 5, 7.9)).isEqualTo("x...");
    assertThat(pattern(match, "192.0.2.1", 12)).isEqualTo("x");
  }

  @Test
  void aFullTableDropsNewSources() {
    Bound match =
        run.match(
            "hashlimit --hashlimit-upto 1/sec --hashlimit-mode srcip --hashlimit-name a"
                + " --hashlimit-htable-size 1 --hashlimit-htable-max 2");
    assertThat(match.matches(from("192.0.2.1", 0))).isTrue();
    assertThat(match.matches(from("192.0.2.2", 0))).isTrue();
    assertThat(match.drops(from("192.0.2.3", 0))).isTrue();
    assertThat(match.matches(from("192.0.2.2", 0))).isTrue();
  }

  @Test
  void rateMatchLooksAtWholeIntervals() {
    Bound match =
        run.match(
            "hashlimit --hashlimit-upto 2/sec --hashlimit-burst 1 --hashlimit-mode srcip"
                + " --hashlimit-name a --hashlimit-rate-match --hashlimit-rate-interval 1"
                + " --hashlimit-htable-expire 60000");
    // Up to rate and burst at once; the interval that follows one that was too fast does not match.
    assertThat(pattern(match, "192.0.2.1", 0, 0, 0, 0, 1, 1.1, 2, 2.1)).isEqualTo("xxx...xx");
  }
}
