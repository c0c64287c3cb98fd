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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the options do that say how to take what a capture cannot decide. */
class UndecidedTest {
  private static final String CASE = "more-targets";

  @TempDir private Path dir;
  private final Commands fwreplay = new Commands();

  private int replay(String rule, String... options) throws IOException {
    Path rules = dir.resolve("rules.v4");
    String behind = "*mangle\n:POSTROUTING ACCEPT\n-A POSTROUTING -p udp\nCOMMIT\n";
    Files.writeString(rules, "*filter\n:FORWARD ACCEPT\n" + rule + "\nCOMMIT\n" + behind);
    List<Object> words =
        new ArrayList<>(
            List.of(
                "replay",
                "--host",
                Commands.kernel(CASE, "."),
                "--rules",
                rules,
                "--in",
                "lan=" + Commands.kernel(CASE, "in.lan.pcap"),
                "--export",
                dir.resolve("export")));
    words.addAll(Arrays.asList(options));
    return fwreplay.run(words.toArray());
  }

  @ParameterizedTest
  @CsvSource({"accept, true", "drop, false", "none, false"})
  void theListenerAtAQueueAnswers(String answer, boolean passes) throws IOException {
    String others = "-A FORWARD ! -p udp -j DROP\n-A FORWARD -p udp ! --dport 7051 -j DROP\n";
    String rule = others + "-A FORWARD -j NFQUEUE --queue-num 3";
    assertThat(replay(rule, "--queue", "3=" + answer, "--undecided", "fail"))
        .isEqualTo(ExitCode.OK);
    String counters = Files.readString(dir.resolve("export/rules.v4"));
    assertThat(counters.contains("[0:0] -A POSTROUTING -p udp")).isEqualTo(!passes);
  }

  @Test
  void withoutAnAnswerTheRunCanBeMadeToFailWithTheRule() throws IOException {
    String rule = "-A FORWARD -p udp --dport 7051 -j NFQUEUE --queue-num 3";
    assertThat(replay(rule, "--undecided", "fail")).isEqualTo(ExitCode.TROUBLE);
    assertThat(fwreplay.errLines()).hasSize(1);
    assertThat(fwreplay.err()).contains("rules.v4:3:1", rule, "no capture can decide this rule");
    assertThat(dir.resolve("export/rules.v4")).doesNotExist();
  }

  @Test
  void whatNoPacketMetDoesNotFail() throws IOException {
    String rule = "-A FORWARD -p sctp -j NFQUEUE --queue-num 3";
    assertThat(replay(rule, "--undecided", "fail")).isEqualTo(ExitCode.OK);
  }

  @ParameterizedTest
  @CsvSource({"--undecided, perhaps", "--queue, 3=maybe", "--queue, three=drop"})
  void otherWordsAreWrongUsage(String option, String value) throws IOException {
    assertThat(replay("-A FORWARD", option, value)).isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.errLines()).isNotEmpty();
  }

  private int replayServer(Object... options) throws IOException {
    Path rules = dir.resolve("owner.v4");
    Files.writeString(
        rules,
        """
        *filter
        :OUTPUT ACCEPT
        -A OUTPUT -p tcp --sport 22 -m owner --uid-owner root -j LOG --log-prefix "TCP_LOG: "
        -A OUTPUT -p tcp --sport 22 -m owner --uid-owner 7 -j DROP
        COMMIT
        """);
    List<Object> words = new ArrayList<>(List.of("replay", "--rules", rules, "--host"));
    words.add(Commands.kernel("server", "."));
    words.add("--local");
    words.add(Commands.kernel("server", "local.pcap"));
    for (String name : List.of("eth0", "eth1")) {
      words.add("--in");
      words.add(name + "=" + Commands.kernel("server", "in." + name + ".pcap"));
    }
    words.addAll(Arrays.asList(options));
    return fwreplay.run(words.toArray());
  }

  @Test
  void everyReportSaysWhatIsUndecided() throws IOException {
    Path json = dir.resolve("r.json");
    Path html = dir.resolve("r.html");
    Path lines = dir.resolve("f.jsonl");
    Path table = dir.resolve("f.csv");
    assertThat(replayServer("--json", json, "--html", html, "--flows", lines))
        .isEqualTo(ExitCode.OK);
    assertThat(fwreplay.out()).containsPattern("of these undecided +[1-9]");
    JsonNode report = new JsonMapper().readTree(Files.readString(json));
    assertThat(report.findValues("undecided"))
        .anySatisfy(n -> assertThat(n.isBoolean() && n.asBoolean()).isTrue())
        .anySatisfy(n -> assertThat(n.path("packets").asInt()).isPositive());
    assertThat(Files.readString(html))
        .containsPattern("uid-owner 7.*tag warn\">undecided")
        .contains("frames undecided");
    assertThat(Files.readAllLines(lines)).anyMatch(line -> line.contains("\"undecided\":true"));
    assertThat(replayServer("--flows", table)).isEqualTo(ExitCode.OK);
    int column = List.of(Files.readAllLines(table).get(0).split(",")).indexOf("undecided");
    assertThat(Files.readAllLines(table))
        .anyMatch(row -> row.split(",", -1)[column].equals("true"));
  }

  @Test
  void aListOfSocketsDecidesWhoSends() throws IOException {
    Path owners = dir.resolve("owners.csv");
    Files.writeString(owners, "protocol,local_port,uid\ntcp,22,0\n");
    Path export = dir.resolve("export");
    assertThat(replayServer("--socket-owners", owners, "--undecided", "fail", "--export", export))
        .isEqualTo(ExitCode.OK);
    assertThat(fwreplay.out()).doesNotContain("undecided");
    assertThat(Files.readString(export.resolve("log.txt"))).contains("TCP_LOG: IN= OUT=eth0");
    assertThat(Files.readString(export.resolve("rules.v4"))).contains("[0:0] -A OUTPUT -p tcp");

    Files.writeString(owners, "protocol,local_port,uid\ntcp,ssh,0\n");
    assertThat(replayServer("--socket-owners", owners)).isEqualTo(ExitCode.TROUBLE);
    assertThat(fwreplay.err()).contains("owners.csv:2: \"ssh\" is no port");
  }
}
