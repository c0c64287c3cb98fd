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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An evening that tcpdump recorded on a router, both directions mixed. */
class VantageTest {
  private static final Path CASE = Commands.ROOT.resolve("captures/vantage");
  private static final Path LOCAL = CASE.resolve("local.pcap");
  private static final Path ANY = CASE.resolve("any.pcap");
  private static final Path LAN = CASE.resolve("lan.pcap");
  private static final Path WAN = CASE.resolve("wan.pcap");

  @TempDir private Path dir;
  private final Commands fwreplay = new Commands();

  private JsonNode reality(Path rules, Object... more) {
    List<Object> words = new ArrayList<>();
    words.addAll(List.of("replay", "--host", CASE.resolve("host"), "--rules", rules));
    words.addAll(List.of("--json", "-"));
    words.addAll(Arrays.asList(more));
    assertThat(fwreplay.run(words.toArray())).as(fwreplay.err()).isZero();
    return JsonMapper.shared().readTree(fwreplay.out()).path("reality");
  }

  private JsonNode reality(Object... more) {
    return reality(Commands.rules("home-router"), more);
  }

  @Test
  void whatLeftAtAnyInterfaceIsPredictedToTheByte() {
    JsonNode reality = reality("--local", LOCAL, ANY);

    assertThat(reality.path("interfaces").toString()).isEqualTo("[\"lan\",\"wan\"]");
    assertThat(reality.path("left").asInt()).isEqualTo(169);
    assertThat(reality.path("exact").asInt()).isEqualTo(169);
    assertThat(reality.path("differences").size()).isZero();
  }

  @Test
  void theHostAnswersPingsItselfWhereNoCaptureHoldsItsAnswers() {
    JsonNode reality = reality(Commands.rules("home-router"), ANY);

    // What its programs sent is missing, and one answer to them.
    assertThat(reality.path("exact").asInt()).isEqualTo(132);
    assertThat(reality.path("differences").valueStream().map(d -> d.path("kind").asString()))
        .containsExactly("own", "no-arrival");
  }

  @Test
  void eachCaptureHasItsVantagePoint() {
    JsonNode reality = reality("--local", LOCAL, "--vantage", "lan", "--vantage", "wan", LAN, WAN);

    assertThat(reality.path("left").asInt()).isEqualTo(169);
    assertThat(reality.path("exact").asInt()).isEqualTo(169);
    assertThat(reality.path("differences").size()).isZero();
  }

  @Test
  void hardwareAddressesSayWhereAFrameWas() {
    JsonNode reality = reality("--local", LOCAL, LAN, WAN);

    assertThat(reality.path("exact").asInt()).isEqualTo(169);
  }

  @Test
  void oneSideAloneLacksTheAnswers() {
    JsonNode reality = reality("--vantage", "lan", LAN);

    assertThat(reality.path("left").asInt()).isEqualTo(85);
    assertThat(reality.path("exact").asInt()).isEqualTo(6);
    assertThat(reality.path("differences").valueStream().map(d -> d.path("kind").asString()))
        .containsExactly("own", "no-arrival");
  }

  @Test
  void theAnswersAreMadeUpFromWhatLeft() {
    JsonNode reality = reality("--vantage", "lan", "--reflect", LAN);

    assertThat(reality.path("madeUp").asInt()).isEqualTo(79);
    assertThat(reality.path("exact").asInt()).isEqualTo(82);
    // The forwarded port: nobody can tell from inside what it was outside.
    assertThat(reality.path("differences").valueStream().map(JsonNode::toString))
        .singleElement()
        .asString()
        .contains("\"lost\"", "\"frames\":3", "drop-and-log", "-> 192.168.1.20:80\"");
  }

  @Test
  void fromOutsideMasqueradedConnectionsPassForTheRoutersOwn() {
    JsonNode reality = reality("--vantage", "wan", "--reflect", WAN);

    assertThat(reality.path("left").asInt()).isEqualTo(84);
    assertThat(reality.path("exact").asInt()).isEqualTo(84);
    assertThat(reality.path("differences").size()).isZero();
  }

  @Test
  void aWrongRulesetIsNamed() throws IOException {
    String right = Files.readString(Commands.rules("home-router"));
    String wrong =
        right
            .replace("-i lan -o wan -j ACCEPT", "-i lan -o wan -p udp -j ACCEPT")
            .replace("--to-destination 192.168.1.20:80", "--to-destination 192.168.1.21:80");
    Path rules = Files.writeString(dir.resolve("wrong.v4"), wrong);

    JsonNode reality = reality(rules, "--local", LOCAL, ANY);

    assertThat(reality.path("exact").asInt()).isLessThan(100);
    assertThat(reality.path("differences").valueStream().map(JsonNode::toString))
        .anySatisfy(
            lost ->
                assertThat(lost)
                    .contains("\"lost\"", "\"dropped\"", "\"ipv4/filter/drop-and-log/2\""))
        .anySatisfy(
            differs ->
                assertThat(differs)
                    .contains(
                        "\"differs\"",
                        "\"destination address\"",
                        "\"captured\":\"192.168.1.20\"",
                        "\"model\":\"192.168.1.21\""));
  }

  @Test
  void theSummaryAndThePageNameTheFirstDifference() throws IOException {
    String right = Files.readString(Commands.rules("home-router"));
    Path rules = dir.resolve("ttl.v4");
    Path page = dir.resolve("page.html");
    Files.writeString(
        rules, right.replace("# the line is", "-A POSTROUTING -o wan -j TTL --ttl-set 9\n#"));
    int code =
        fwreplay.run(
            "replay",
            "--host",
            CASE.resolve("host"),
            "--rules",
            rules,
            "--local",
            LOCAL,
            "--html",
            page,
            ANY);

    assertThat(code).as(fwreplay.err()).isZero();
    assertThat(fwreplay.out())
        .contains("model and reality at lan, wan ", "\n  other TTL  ", ", captured 64, model 9");
    assertThat(Files.readString(page))
        .contains("169 frames left at lan, wan in the captures; ")
        .contains("<th scope=\"row\">other TTL</th>")
        .contains("<td class=\"name\">64</td><td class=\"name\">9</td>");
  }

  @Test
  void aVantagePointNeedsACapture() {
    assertThat(fwreplay.run("replay", "--vantage", "lan", "--in", "lan=" + LAN))
        .isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.err()).contains("--vantage is for CAPTURE..., and there is none");
  }

  @Test
  void aVantagePointIsAnInterfaceOfTheHost() {
    assertThat(fwreplay.run("replay", "--host", CASE.resolve("host"), "--vantage", "lon", LAN))
        .isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.err())
        .contains("--vantage lon: the host has no interface lon; it has lan, wan");
  }

  @Test
  void thereAreAsManyVantagePointsAsCaptures() {
    assertThat(fwreplay.run("replay", "--vantage", "lan", "--vantage", "wan", LAN))
        .isEqualTo(ExitCode.USAGE);
    assertThat(fwreplay.err())
        .contains("--vantage: expected one for all captures or one for each, found 2 for 1");
  }
}
