package org.fwreplay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckCommandTest {
  private static final Path SUITE = Commands.ROOT.resolve("captures/home-router/check.yaml");

  @TempDir private Path dir;
  private final Commands fwreplay = new Commands();

  /** The captures of the home router, with what is expected of them. */
  private Path suite(String... expectations) throws IOException {
    String kernel = Commands.kernel("home-router", ".").toAbsolutePath().toString();
    String text =
        String.join(
                "\n",
                "rules: " + Commands.rules("home-router").toAbsolutePath(),
                "host: " + kernel,
                "captures:",
                "  - lan: " + kernel + "/in.lan.pcap",
                "  - wan: " + kernel + "/in.wan.pcap",
                "  - local: " + kernel + "/local.pcap",
                String.join("\n", expectations))
            + "\n";
    return Files.writeString(dir.resolve("suite.yaml"), text);
  }

  private String problems(String... expectation) throws IOException {
    Commands commands = new Commands();
    int code = commands.run("check", suite(expectation));
    assertThat(code).as(commands.err()).isEqualTo(ExitCode.NO);
    return commands.out();
  }

  @Test
  void theExampleHolds() {
    assertThat(fwreplay.run("check", SUITE)).as(fwreplay.out()).isEqualTo(ExitCode.OK);
    assertThat(fwreplay.out()).isEqualTo("10 of 10 expectations hold\n");
  }

  @Test
  void suitesSideBySideSayWhatTheySayOneAfterTheOther() throws IOException {
    Path fails = suite("expect:", "  - connections: in=lan proto=icmp", "    verdict: blocked");
    Object[] suites = {"check", fails, SUITE, fails, SUITE};
    Commands together = new Commands();
    Commands inTurn = new Commands();

    assertThat(together.run(Stream.concat(Stream.of(suites), Stream.of("--jobs", "4")).toArray()))
        .isEqualTo(ExitCode.NO);
    assertThat(inTurn.run(Stream.concat(Stream.of(suites), Stream.of("--jobs", "1")).toArray()))
        .isEqualTo(ExitCode.NO);

    assertThat(together.out()).contains("20 of 22 expectations hold").isEqualTo(inTurn.out());
    assertThat(fwreplay.run("check", SUITE, "--jobs", "0")).isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.err()).contains("--jobs: 1 or more, not 0");
  }

  @Test
  void whatDoesNotHoldHasItsLineTheConnectionAndTheRule() throws IOException {
    assertThat(
            problems(
                "expect:",
                "  - name: no pings",
                "    connections: in=lan proto=icmp dst=192.168.1.1",
                "    verdict: blocked"))
        .contains(
            "suite.yaml:8:5: failed: no pings\n",
            "192.168.1.10 -> 192.168.1.1 in lan: delivered by ipv4/filter/from-lan/5:"
                + " expected dropped or rejected or lost\n",
            "rules.v4:59: -A from-lan -p icmp -m icmp --icmp-type 8 -j ACCEPT\n",
            "0 of 1 expectations hold\n");
  }

  @Test
  void everythingThatCanBeExpectedCanFail() throws IOException {
    String web = "  - connections: in=lan proto=tcp dport=80 dst=198.51.100.80";
    assertThat(problems("expect:", web, "    by: line 1")).contains("expected by line 1");
    assertThat(problems("expect:", web, "    snat: 10.0.0.1")).contains("expected snat 10.0.0.1");
    assertThat(problems("expect:", web, "    dnat: 10.0.0.1")).contains("expected dnat 10.0.0.1");
    assertThat(problems("expect:", web, "    log: web")).contains("expected log web");
    assertThat(problems("expect:", web, "    helper: ftp")).contains("expected helper ftp");
    assertThat(problems("expect:", web, "    via: -j DROP")).contains("expected via -j DROP");
    assertThat(problems("expect:", web, "    count: '> 100'")).contains("expected > 100");
    assertThat(problems("expect:", "  - frames: frame=0", "    fate: dropped"))
        .contains("frame 0: delivered by ipv4/filter/from-lan/3: expected dropped");
    assertThat(problems("expect:", "  - rule: --dports 53", "    hits: never"))
        .contains("packets, expected never");
    assertThat(problems("expect:", "  - rule: --dport 9999")).contains("no rule is like this");
    assertThat(problems("expect:", "  - nothing: in=wan", "    but: [dport=8080]"))
        .contains("icmp 8/0 192.0.2.44 -> 203.0.113.2 in wan");
  }

  @Test
  void namesAreThoseOfDnsAnswers() throws IOException {
    Path suite =
        suite(
            "expect:",
            "  - connections: dns=*.example",
            "    count: any",
            "  - connections: dns=nowhere.example",
            "    count: none");
    assertThat(fwreplay.run("check", suite)).as(fwreplay.out()).isEqualTo(ExitCode.OK);
  }

  @Test
  void snapshotsAreWrittenComparedAndRemoved() throws IOException {
    Path suite = suite("snapshot: true");
    Path kept = dir.resolve("suite.yaml.snapshot");
    assertThat(fwreplay.run("check", suite)).isEqualTo(ExitCode.NO);
    assertThat(fwreplay.out()).contains("there is no snapshot: run with --update");
    assertThat(fwreplay.run("check", suite, "--update")).isEqualTo(ExitCode.OK);
    assertThat(fwreplay.run("check", suite)).isEqualTo(ExitCode.OK);

    List<String> lines = Files.readAllLines(kept);
    Files.write(kept, lines.subList(0, lines.size() - 1));
    assertThat(problems("snapshot: true"))
        .contains("  + ipv4/filter/from-wan/3 4: -A from-wan -j drop-and-log\n");

    assertThat(problems("expect:", "  - rule: --dports 53")).contains("expects none");
    assertThat(fwreplay.run("check", suite, "--update")).isEqualTo(ExitCode.OK);
    assertThat(kept).doesNotExist();
  }

  @Test
  void errorsPointAtTheLineOfTheSuite() throws IOException {
    assertThat(fwreplay.run("check", suite("expect:", "  - connections: prt=1")))
        .isEqualTo(ExitCode.TROUBLE);
    assertThat(fwreplay.err()).contains("suite.yaml:8:18: no key \"prt\"; did you mean ");
    assertThat(fwreplay.run("check", suite("expct: []"))).isEqualTo(ExitCode.TROUBLE);
    assertThat(fwreplay.err()).contains("suite.yaml:7:", "no key \"expct\"; did you mean expect?");
    assertThat(fwreplay.run("check", suite("expect: ["))).isEqualTo(ExitCode.TROUBLE);
    assertThat(fwreplay.err()).doesNotContain("Exception");
    assertThat(fwreplay.run("check", suite("rules: a", "expect: a"))).isEqualTo(ExitCode.TROUBLE);
    assertThat(fwreplay.err()).contains("suite.yaml:7:1: ");
  }

  @Test
  void initWritesASuiteThatHolds() {
    Path suite = dir.resolve("new.yaml");
    assertThat(
            fwreplay.run(
                "check",
                "--init",
                suite,
                "--rules",
                Commands.rules("home-router"),
                "--host",
                Commands.kernel("home-router", "."),
                "--in",
                "lan=" + Commands.kernel("home-router", "in.lan.pcap"),
                "--in",
                "wan=" + Commands.kernel("home-router", "in.wan.pcap")))
        .as(fwreplay.err())
        .isEqualTo(ExitCode.OK);

    assertThat(fwreplay.run("check", suite)).as(fwreplay.out()).isEqualTo(ExitCode.OK);
    assertThat(suite).content().contains("  - connections: in=lan proto=tcp dport=25\n");
  }

  @Test
  void initSumsUpThePortsOfAScan() throws IOException {
    Path suite = dir.resolve("scan.yaml");
    assertThat(
            fwreplay.run(
                "check",
                "--init",
                suite,
                "--rules",
                Commands.rules("port-scan"),
                "--host",
                Commands.kernel("port-scan", "."),
                "--in",
                "wan=" + Commands.kernel("port-scan", "in.wan.pcap")))
        .as(fwreplay.err())
        .isEqualTo(ExitCode.OK);

    assertThat(fwreplay.run("check", suite)).as(fwreplay.out()).isEqualTo(ExitCode.OK);
    assertThat(suite).content().contains("in=wan proto=tcp dport=!20-25,53,79-80,");
    assertThat(Files.readAllLines(suite)).hasSizeLessThan(100);
  }

  @Test
  void ciServicesGetWhatTheyRead() throws Exception {
    Path junit = dir.resolve("junit.xml");
    Path sarif = dir.resolve("log.sarif");
    Path suite =
        suite("expect:", "  - name: 'a < b, c'", "    connections: dport=53", "    verdict: lost");
    assertThat(fwreplay.run("check", suite, "--junit", junit, "--sarif", sarif, "--github"))
        .isEqualTo(ExitCode.NO);

    var xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(junit.toFile());
    assertThat(xml.getElementsByTagName("failure").getLength()).isEqualTo(1);
    JsonNode result = JsonMapper.shared().readTree(Files.readString(sarif)).at("/runs/0/results/0");
    assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt()).isEqualTo(8);
    assertThat(result.at("/relatedLocations/0/physicalLocation/region/startLine").asInt())
        .isEqualTo(57);
    assertThat(fwreplay.out()).contains("suite.yaml,line=8,col=5,title=a < b%2C c::");
  }
}
