package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options for unusual and historic systems: what they do, and bad values. */
class LegacyOptionsTest {
  private static final String CASE = "home-router";

  @TempDir private Path dir;
  private Commands fwreplay = new Commands();

  private int replay(String rule, String... options) throws IOException {
    Path rules = dir.resolve("rules.v4");
    Files.writeString(rules, rule.replace("|", "\n") + "\nCOMMIT\n");
    List<Object> words =
        new ArrayList<>(
            List.of(
                "replay",
                "--host",
                Commands.kernel(CASE, "."),
                "--rules",
                rules,
                "--in",
                "lan=" + Commands.kernel(CASE, "in.lan.pcap")));
    words.addAll(Arrays.asList(options));
    return fwreplay.run(words.toArray());
  }

  @ParameterizedTest
  @CsvSource({
    "--divert, 0=none, expected a number from 1 to 65535",
    "--divert, 65536=none, expected a number from 1 to 65535",
    "--divert, 5=drop, 'expected none, pass, record:FILE.pcap or exec:PROGRAM'",
    "--divert, 5=exec:, 'expected none, pass'",
    "--queue, 65536=drop, expected a number from 0 to 65535",
    "--trigger-dialect, 2004, neither 2003 nor 2008",
    "--link-header, 'lan=dst:0', expected a value",
    "--link-header, 'dmz=dst:0,src:6,type:12,ip:14', no frames arrive at dmz"
  })
  void badValuesAreWrongUsage(String option, String value, String why) throws IOException {
    assertThat(replay("*filter", option, value)).isEqualTo(ExitCode.USAGE);
    String message = why.equals("expected a value") ? "src:N is missing" : why;
    assertThat(fwreplay.err()).contains(message);
  }

  @Test
  void aProgramThatCannotBeStartedIsTrouble() throws IOException {
    assertThat(replay("*filter", "--divert", "5=exec:/nowhere/program"))
        .isEqualTo(ExitCode.TROUBLE);
    assertThat(fwreplay.err()).contains("/nowhere/program").doesNotContain("\tat ");
  }

  @Test
  void aRecordingListenerWritesWhatIsDiverted() throws IOException {
    Path file = dir.resolve("diverted.pcap");
    String rule = "*filter|-A FORWARD -p icmp -j DIVERT --port 5 --tee";
    assertThat(replay(rule, "--divert", "5=record:" + file)).isEqualTo(ExitCode.OK);
    assertThat(fwreplay.run("info", file)).isEqualTo(ExitCode.OK);
    assertThat(fwreplay.out()).contains("icmp");
  }

  @Test
  void aProgramThatHangsIsNamedInTheReport() throws IOException {
    String rule = "*filter|-A FORWARD -p icmp -j DIVERT --port 5";
    assertThat(replay(rule, "--divert", "5=exec:sleep 60", "--listener-timeout", "30"))
        .isEqualTo(ExitCode.OK);
    assertThat(fwreplay.out()).contains("\"sleep 60\" gave no answer within 30 ms");
  }

  @ParameterizedTest
  @CsvSource({
    "DIVERT --port 5, DIVERT: where nothing says, --divert, 5=none, 6=pass",
    "NFQUEUE --queue-num 5, NFQUEUE: where nothing says, --queue, 5=accept, 6=drop",
    "NFQUEUE --queue-balance 5:6, NFQUEUE: where nothing says, --queue, 5=accept, 5=drop"
  })
  void nothingIsAssumedWhereTheListenerIsGiven(
      String target, String assumed, String option, String first, String second)
      throws IOException {
    String rule = "*filter|-A FORWARD -p icmp -j " + target;
    replay(rule);
    assertThat(fwreplay.out()).contains(assumed);
    boolean both = target.contains("balance");
    fwreplay = new Commands();
    replay(rule, option, first, option, both ? "6=pass" : second);
    assertThat(fwreplay.out()).doesNotContain(assumed);
    fwreplay = new Commands();
    replay(rule, option, second);
    assertThat(fwreplay.out()).contains(assumed);
  }

  @Test
  void packetsCanGoToStandardOutputAlone() throws IOException {
    assertThat(replay("*filter", "--packets", "-")).isEqualTo(ExitCode.OK);
    assertThat(fwreplay.out()).startsWith("1 0.000 lan: ").doesNotContain("assumed");
    assertThat(replay("*filter", "--packets", "-", "--json", "-")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void whatIpchainsDoesNotDoIsSaid() throws IOException {
    Path file = dir.resolve("rules.ipchains");
    Files.writeString(file, "-A input -p tcp -o 100 -j ACCEPT\n");
    fwreplay.run(
        "replay",
        "--host",
        Commands.kernel(CASE, "."),
        "--ipchains",
        file,
        "--in",
        "lan=" + Commands.kernel(CASE, "in.lan.pcap"));
    assertThat(fwreplay.out())
        .contains("rules.ipchains:1:17: -o: nobody gets the copy of the packet")
        .contains("masquerading has no helpers (ip_masq_ftp");
  }

  @ParameterizedTest
  @CsvSource({
    "eth7, the host has no interface eth7",
    "lo, ",
  })
  void aProjectionNeedsAnInterfaceWithAnAddress(String name, String why) throws IOException {
    String rule = "*raw|-A PREROUTING -p udp -j PROJECT --to-iface " + name;
    assertThat(replay(rule)).isEqualTo(why == null ? ExitCode.OK : ExitCode.RULES_REJECTED);
    assertThat(fwreplay.err()).contains(why == null ? "" : "rules.v4:2:1", why == null ? "" : why);
  }

  @Test
  void rulesOfIpchainsAreRefusedWithPlaceAndExitCode() throws IOException {
    Path file = dir.resolve("rules.ipchains");
    Files.writeString(file, ":input DENY\n-A input -p tcp -d 1.2.3.4 9:5 -j ACCEPT\n");
    Object[] words = {
      "replay",
      "--host",
      Commands.kernel(CASE, "."),
      "--ipchains",
      file,
      "--in",
      "lan=" + Commands.kernel(CASE, "in.lan.pcap")
    };
    assertThat(fwreplay.run(words)).isEqualTo(ExitCode.RULES_REJECTED);
    assertThat(fwreplay.err()).contains("rules.ipchains:2:28", "ends before it starts");
  }

  @Test
  void theStrictDialectOfDnsNameRefusesOtherHooks() throws IOException {
    String rule = "*filter|-A FORWARD -m dns_name --domain a.test";
    assertThat(replay(rule)).isEqualTo(ExitCode.OK);
    assertThat(replay(rule, "--dns-name-strict")).isEqualTo(ExitCode.RULES_REJECTED);
    assertThat(fwreplay.err()).contains("OUTPUT");
  }
}
