package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReplayCommandTest {
  private static final Path LAN = Commands.kernel("home-router", "in.lan.pcap");
  private static final Path RULES = Commands.rules("home-router");

  @TempDir private Path dir;
  private final Commands fwreplay = new Commands();

  private Path file(String name, String text) throws IOException {
    return Files.writeString(dir.resolve(name), text);
  }

  private List<String> filesLeft() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private int homeRouter(Object... more) {
    Object[] input = {
      "replay",
      "--host",
      Commands.kernel("home-router", "."),
      "--rules",
      RULES,
      "--in",
      "lan=" + LAN,
      "--in",
      "wan=" + Commands.kernel("home-router", "in.wan.pcap"),
      "--local",
      Commands.kernel("home-router", "local.pcap")
    };
    return fwreplay.run(Stream.of(input, more).flatMap(Arrays::stream).toArray());
  }

  @Test
  void theSummaryHasTheVerdictsTheDecidingRulesAndTheRate() {
    assertThat(homeRouter()).isEqualTo(ExitCode.OK);

    assertThat(fwreplay.err()).isEmpty();
    assertThat(fwreplay.out())
        .contains("lan ")
        .containsPattern("forwarded +122 ")
        .containsPattern("rules.v4:77 +\\d+  -A drop-and-log -j DROP")
        .contains("4 of 33 rules were never hit")
        .containsPattern("\n224 frames in [0-9.]+ s: [0-9,]+ packets/s\n$");
  }

  @Test
  void allOutputsComeFromOneRun() throws IOException {
    Path json = dir.resolve("r.json");
    Path flows = dir.resolve("f.csv");
    Path export = dir.resolve("export");
    Path html = dir.resolve("r.html");

    assertThat(homeRouter("--json", json, "--html", html, "--flows", flows, "--export", export))
        .isEqualTo(ExitCode.OK);

    JsonNode report = JsonMapper.shared().readTree(Files.readString(json));
    assertThat(report.at("/totals/frames/packets").asInt()).isEqualTo(224);
    assertThat(Files.readAllLines(flows)).hasSize(report.at("/flows/count").asInt() + 1);
    assertThat(export.resolve("conntrack.txt")).exists();
    assertThat(report.at("/flows/list/0/hits").size()).isPositive();
    assertThat(Files.readString(html)).contains("<h1>224 frames through ");
    assertThat(filesLeft()).containsExactly("export", "f.csv", "r.html", "r.json");
  }

  @Test
  void whatWouldNeverHaveBeenSentIsLeftOutIfAskedFor() throws IOException {
    Path closed =
        file(
            "closed.v4",
            Files.readString(RULES)
                .replace("-A FORWARD -i lan -o wan -j ACCEPT\n", "-A FORWARD -i lan -j DROP\n"));
    Object[] words = {
      "replay",
      "--host",
      Commands.kernel("home-router", "."),
      "--rules",
      closed,
      "--in",
      "lan=" + LAN,
      "--in",
      "wan=" + Commands.kernel("home-router", "in.wan.pcap"),
      "--causal"
    };
    assertThat(fwreplay.run(words)).isEqualTo(ExitCode.OK);

    assertThat(fwreplay.out()).containsPattern("[0-9]+ frames were left out: they would never");
  }

  @Test
  void jsonOnStandardOutputIsAllThatIsThere() {
    assertThat(homeRouter("--json", "-")).isEqualTo(ExitCode.OK);

    assertThat(JsonMapper.shared().readTree(fwreplay.out()).get("schema").asString())
        .isEqualTo("fwreplay/replay/1");
  }

  @Test
  void whatIsNoCaptureIsNamedWithItsByteOffset() throws IOException {
    Path text = file("notes.txt", "this is no capture");
    Path json = dir.resolve("r.json");

    assertThat(fwreplay.run("replay", "--rules", RULES, text, "--json", json))
        .isEqualTo(ExitCode.TROUBLE);

    assertThat(fwreplay.errLines()).hasSize(1);
    assertThat(fwreplay.err()).contains("notes.txt: byte 0: no capture").contains("expected pcap");
    assertThat(filesLeft()).containsExactly("notes.txt");
  }

  @Test
  void aMissingCaptureIsTrouble() {
    assertThat(fwreplay.run("replay", "nowhere.pcap")).isEqualTo(ExitCode.TROUBLE);

    assertThat(fwreplay.errLines()).hasSize(1).first().asString().contains("no such file");
  }

  @Test
  void aMissingRulesetIsTrouble() {
    assertThat(fwreplay.run("replay", "--rules", "nowhere.v4", LAN)).isEqualTo(ExitCode.TROUBLE);

    assertThat(fwreplay.errLines()).containsExactly("fwreplay replay: nowhere.v4: no such file");
  }

  @Test
  void aCaptureDamagedInTheMiddleCountsUpToThere() throws IOException {
    byte[] whole = Files.readAllBytes(LAN);
    Path cut = Files.write(dir.resolve("cut.pcap"), Arrays.copyOf(whole, whole.length / 2));
    Path json = dir.resolve("r.json");

    assertThat(fwreplay.run("replay", "--rules", RULES, "--in", "lan=" + cut, "--json", json))
        .isEqualTo(ExitCode.OK);

    assertThat(fwreplay.err()).containsPattern("^\\S+cut.pcap: byte \\d+: record of .* cut off");
    assertThat(fwreplay.out()).contains("\nproblems\n");
    JsonNode problem = JsonMapper.shared().readTree(Files.readString(json)).at("/problems/0");
    assertThat(problem.get("byteOffset").asInt()).isPositive();
  }

  @Test
  void anInterfaceThatTheHostDoesNotHaveIsWrongUsageAndThoseItHasAreNamed() {
    assertThat(
            fwreplay.run(
                "replay",
                "--host",
                Commands.kernel("home-router", "."),
                "--rules",
                RULES,
                "--in",
                "lam=" + LAN))
        .isEqualTo(ExitCode.USAGE);

    assertThat(fwreplay.errLines().get(0)).contains("no interface lam; it has lan, wan");
  }

  @Test
  void anUnknownMatchRejectsTheRulesetAndASimilarOneIsNamed() throws IOException {
    Path rules =
        file("r.v4", "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m contrack -j ACCEPT\nCOMMIT\n");

    assertThat(fwreplay.run("replay", "--rules", rules, LAN)).isEqualTo(ExitCode.RULES_REJECTED);

    assertThat(fwreplay.errLines()).hasSize(1);
    assertThat(fwreplay.err()).contains("r.v4:3:13: error: unknown match \"contrack\"; ");
    assertThat(fwreplay.err()).contains("conntrack");
  }

  @Test
  void unsupportedRulesAreLeftOutOnRequestAndTheSummarySaysWhich() throws IOException {
    Path rules =
        file("r.v4", "*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -m nonesuch -j DROP\nCOMMIT\n");

    assertThat(fwreplay.run("replay", "--allow-unsupported", "--rules", rules, "--json", "-", LAN))
        .isEqualTo(ExitCode.OK);

    JsonNode warning = JsonMapper.shared().readTree(fwreplay.out()).at("/warnings/0");
    assertThat(warning.get("line").asInt()).isEqualTo(3);
    assertThat(warning.get("message").asString()).contains("nonesuch").contains("left out");
  }

  @Test
  void wrongUsageIsSaidInOneLineAndAHint() {
    assertThat(fwreplay.run("replay")).isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.run("replay", "--in", "lan", LAN)).isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.run("replay", "--flows", "f.txt", LAN)).isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.run("replay", "--rules", "-", "-")).isEqualTo(ExitCode.USAGE);

    assertThat(fwreplay.err())
        .contains("no capture: give")
        .contains("expected IFACE=FILE")
        .contains("--flows f.txt: expected a name that ends in .jsonl, .json or .csv")
        .contains("only one input can be standard input");
    assertThat(fwreplay.errLines()).hasSize(8);
  }

  @Test
  void aReportThatCannotBeWrittenIsTroubleBeforeTheRun() {
    assertThat(homeRouter("--json", dir.resolve("no/such/r.json"))).isEqualTo(ExitCode.TROUBLE);

    assertThat(fwreplay.errLines()).hasSize(1).first().asString().contains("no such folder");
  }
}
