package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DiffCommandTest {
  private static final Path OLD = Commands.rules("home-router");

  @TempDir private Path dir;
  private final Commands fwreplay = new Commands();

  private static Path changed(String name) {
    return Commands.ROOT.resolve("captures/diff").resolve(name).resolve("new.v4");
  }

  private int diff(Object old, Object now, Object... more) {
    Object[] input = {
      "diff",
      old,
      now,
      "--host",
      Commands.kernel("home-router", "."),
      "--in",
      "lan=" + Commands.kernel("home-router", "in.lan.pcap"),
      "--in",
      "wan=" + Commands.kernel("home-router", "in.wan.pcap"),
      "--local",
      Commands.kernel("home-router", "local.pcap")
    };
    return fwreplay.run(Stream.of(input, more).flatMap(Arrays::stream).toArray());
  }

  @Test
  void eachEditHasItsConnections() {
    assertThat(diff(OLD, changed("two-edits"))).isEqualTo(ExitCode.NO);

    assertThat(fwreplay.out())
        .contains(
            "224 frames, 60 connections: 1 newly-blocked, 1 nat-changed\n",
            "1. removed in ipv4 filter from-lan\n",
            "icmp 192.168.1.10 -> 192.168.1.1 type 8/0, in lan, frame 148\n",
            "2. edited in ipv4 nat PREROUTING\n",
            "new: forwarded, out lan, as 192.0.2.44:43040 -> 192.168.1.20:8080, by ",
            "11 frames would never have been sent under the new ruleset\n");
  }

  @Test
  void nothingDiffersFromItself() {
    assertThat(diff(OLD, OLD)).isEqualTo(ExitCode.OK);
    assertThat(fwreplay.out()).contains("0 edits\n", "60 connections: the same fate for all\n");
  }

  @Test
  void failOnChoosesWhatFails() {
    assertThat(diff(OLD, changed("other-rule"))).isEqualTo(ExitCode.OK);
    assertThat(diff(OLD, changed("other-rule"), "--fail-on", "other-rule")).isEqualTo(ExitCode.NO);
    assertThat(diff(OLD, changed("newly-blocked"), "--fail-on", "newly-allowed"))
        .isEqualTo(ExitCode.OK);
    assertThat(diff(OLD, OLD, "--fail-on", "newly-bloked")).isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.err())
        .contains("no class of changes \"newly-bloked\"; did you mean newly-b");
  }

  @Test
  void knownChangesDoNotFail() throws IOException {
    Path known = Files.writeString(dir.resolve("known"), "# DNS\nnewly-blocked dport=53 # all\n");
    assertThat(diff(OLD, changed("newly-blocked"), "--accept", known)).isEqualTo(ExitCode.OK);
    assertThat(fwreplay.out()).contains(", frame 0 (accepted)\n");

    Files.writeString(known, "\nnewly-blocked dport=x\n");
    assertThat(diff(OLD, changed("newly-blocked"), "--accept", known)).isEqualTo(ExitCode.TROUBLE);
    assertThat(fwreplay.err())
        .contains("known:2: dport=x: expected a port, 0 to 65535, a service or a range A-B");
  }

  @Test
  void foldersHoldWhatBelongsTogether() throws IOException {
    Path old = Files.createDirectories(dir.resolve("old"));
    Path now = Files.createDirectories(dir.resolve("new"));
    Files.copy(OLD, old.resolve("rules.v4"));
    Files.copy(OLD, now.resolve("rules.v4"));
    Files.writeString(now.resolve("ipset.save"), "create friends hash:ip\n");

    assertThat(diff(old, now)).isEqualTo(ExitCode.OK);
    assertThat(fwreplay.out()).contains("! the IP sets differ\n");
    assertThat(diff(dir, now)).isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.err()).contains("no rules.v4 and no rules.v6 in this folder");
  }

  @Test
  void withoutCapturesAllPacketsAreCompared() throws IOException {
    Path packets = dir.resolve("packets.pcap");
    Object now = changed("newly-blocked");
    assertThat(fwreplay.run("diff", OLD, now, "--symbolic", "--witnesses", packets))
        .as(fwreplay.err())
        .isEqualTo(ExitCode.NO);

    assertThat(fwreplay.out())
        .contains("a packet of 1 of them shows it in the engine\n", "not compared: table nat\n")
        .contains("INPUT: old ACCEPT by ", "       new REJECT by ", "dport 53", "proto udp")
        .doesNotContain("FORWARD: old");
    assertThat(Files.size(packets)).isGreaterThan(24);
    assertThat(fwreplay.run("diff", OLD, OLD, "--symbolic")).isEqualTo(ExitCode.OK);
    assertThat(fwreplay.run("diff", OLD, OLD)).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void optionsThatWouldDoNothingAreRefused() {
    assertThat(diff(OLD, OLD, "--witnesses", dir.resolve("packets"))).isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.err()).startsWith("fwreplay diff: --witnesses is for --symbolic\n");
    assertThat(fwreplay.run("diff", OLD, OLD, "--symbolic", "--github")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void regionsAreInTheJsonWithTheirPackets() {
    Path now = changed("two-edits");
    assertThat(fwreplay.run("diff", OLD, now, "--symbolic", "--json", "-"))
        .as(fwreplay.err())
        .isEqualTo(ExitCode.NO);

    JsonNode symbolic = JsonMapper.shared().readTree(fwreplay.out()).at("/symbolic/0");
    assertThat(symbolic.path("confirmed").asInt()).isEqualTo(symbolic.path("regions").size());
    assertThat(symbolic.at("/regions/0/witness/protocol").asString()).isEqualTo("icmp");
    assertThat(symbolic.path("unmodelled").get(0).path("text").asString()).contains("-m limit");
    assertThat(symbolic.path("notCompared").toString()).contains("{\"table\":\"nat\",\"edits\":1}");
  }

  @Test
  void regionsAreInThePageWithAndWithoutCaptures() throws IOException {
    Path page = dir.resolve("page.html");
    Path now = changed("two-edits");
    String region = "<th scope=\"row\">INPUT</th>";

    assertThat(fwreplay.run("diff", OLD, now, "--symbolic", "--html", page)).isEqualTo(ExitCode.NO);
    assertThat(Files.readString(page))
        .contains(region, "not compared: table nat, with 1 edit", "1 region is decided otherwise");

    assertThat(diff(OLD, now, "--symbolic", "--html", page)).isEqualTo(ExitCode.NO);
    assertThat(Files.readString(page)).contains(region, "2 connections fare otherwise");
  }

  @Test
  void jsonOnStandardOutputIsAllThatIsThere() throws IOException {
    Path markdown = dir.resolve("summary.md");
    assertThat(diff(OLD, changed("moved"), "--json", "-", "--markdown", markdown))
        .isEqualTo(ExitCode.NO);

    assertThat(JsonMapper.shared().readTree(fwreplay.out()).at("/changes/newly-allowed").asInt())
        .isEqualTo(1);
    assertThat(Files.readString(markdown)).startsWith("### Firewall: 1 newly-allowed\n");
  }
}
