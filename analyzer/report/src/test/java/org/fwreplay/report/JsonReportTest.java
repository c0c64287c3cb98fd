package org.fwreplay.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fwreplay.legacy.IpchainsParser;
import org.fwreplay.packet.Family;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.replay.ReplaySetup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class JsonReportTest {
  private static final Path GOLDEN = Replays.ROOT.resolve("reports/golden/home-router.json");

  static List<String> cases() throws IOException {
    return Replays.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aReportFitsTheSchema(String name) throws IOException {
    new ReplaySchema().check(Replays.json(Replays.result(Replays.recorded(name))));
  }

  @Test
  void rulesOfIpchainsAreThereWithWhatTheyCounted(@TempDir Path dir) throws IOException {
    Traffic traffic = new Traffic();
    traffic.at(10, "lan").udp("10.0.0.2:999", "198.51.100.1:53");
    traffic.at(20, "lan").udp("10.0.0.2:999", "198.51.100.1:53");
    traffic.at(30, "lan").udp("10.0.0.2:999", "198.51.100.1:54");
    ReplaySetup run =
        ReplayRun.builder()
            .ipchains(
                IpchainsParser.parse(
                        "rules.ipchains",
                        ":input ACCEPT\n:forward DENY\n:mine -\n"
                            + "-A input -d 0.0.0.0/0.0.0.0 53:53 -p 17 -j mine\n-A mine -j REJECT\n")
                    .ruleset());
    traffic.write(dir).forEach(run::input);

    String report = Replays.json(Replays.result(run.build()));

    new ReplaySchema().check(report);
    JsonNode chains = ReplaySchema.tree(report).at("/rulesets/0/tables/0/chains");
    assertThat(chains.at("/0/end/decided").asInt()).isEqualTo(1);
    assertThat(chains.at("/0/rules/0/packets").asInt()).isEqualTo(2);
    assertThat(chains.at("/0/rules/0/decided").asInt()).isZero();
    assertThat(chains.at("/3/rules/0/id").asString()).isEqualTo("ipv4/ipchains/mine/1");
    assertThat(chains.at("/3/rules/0/decided").asInt()).isEqualTo(2);
    assertThat(chains.at("/3/rules/0/first").asString()).endsWith(":20.010000000Z");
    assertThat(chains.at("/3/rules/0/last").asString()).endsWith(":20.020000000Z");
  }

  @Test
  void theSchemaRefusesWhatItDoesNotKnow() throws IOException {
    String report = Replays.json(Replays.result(Replays.recorded("server")));
    ReplaySchema schema = new ReplaySchema();

    schema.check(report);
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> schema.check(report.replace("\"verdict\":\"", "\"verdict\":\"un"))))
        .isInstanceOf(AssertionError.class);
  }

  /** {@code -Dfwreplay.golden=update} writes the file anew, if two runs agree. */
  @Test
  void theHomeRouterIsAsReviewed() throws IOException {
    String report = Replays.json(Replays.result(Replays.recorded("home-router")));
    if ("update".equals(System.getProperty("fwreplay.golden"))) {
      String again = Replays.json(Replays.result(Replays.recorded("home-router")));
      assertThat(again).as("a second run").isEqualTo(report);
      Files.writeString(GOLDEN, report);
    }

    assertThat(report).isEqualTo(Files.readString(GOLDEN));
  }

  @Test
  void theSameInputGivesTheSameBytes() throws IOException {
    for (String name : Replays.cases()) {
      assertThat(Replays.json(Replays.result(Replays.recorded(name))))
          .as(name)
          .isEqualTo(Replays.json(Replays.result(Replays.recorded(name))));
    }
  }

  @Test
  void dnsQuestionsHaveTheVerdictOfTheirPackets(@TempDir Path dir) throws IOException {
    Traffic traffic = new Traffic();
    traffic.at(0, "lan").udp("10.0.0.2:999", "198.51.100.1:53", Traffic.dnsQuery("good.example"));
    traffic.at(1, "lan").udp("10.0.0.2:999", "198.51.100.9:53", Traffic.dnsQuery("bad.example"));
    traffic.at(2, "lan").udp("10.0.0.2:999", "198.51.100.9:53", Traffic.dnsQuery("bad.example"));
    String rules =
        """
        *filter
        :FORWARD ACCEPT [0:0]
        -A FORWARD -d 198.51.100.9 -j DROP
        COMMIT
        """;

    String report = Replays.json(Replays.result(Replays.of(rules, traffic, dir)));

    new ReplaySchema().check(report);
    JsonNode questions = ReplaySchema.tree(report).at("/dns/questions");
    assertThat(questions.get(0).toString())
        .isEqualTo(
            "{\"name\":\"good.example\",\"type\":\"A\",\"flow\":1,\"frame\":0,"
                + "\"queries\":{\"forwarded\":1},\"responses\":{}}");
    assertThat(questions.get(1).toString())
        .isEqualTo(
            "{\"name\":\"bad.example\",\"type\":\"A\",\"flow\":2,\"frame\":1,"
                + "\"queries\":{\"dropped\":2},\"responses\":{}}");
  }

  @Test
  void triggersAreListedWithTheConnectionsThatCameThrough() throws IOException {
    String rules = Files.readString(Replays.ROOT.resolve("rulesets/trigger/rules.v4"));
    ReplayRun run =
        Replays.builder("bittorrent")
            .rules4(Replays.ruleset(Family.IPV4, "rules.v4", rules))
            .build();
    String report = Replays.json(Replays.result(run));

    new ReplaySchema().check(report);
    JsonNode triggers = ReplaySchema.tree(report).at("/triggers");
    assertThat(triggers).hasSize(2);
    assertThat(triggers.get(0).get("opens").asString()).isEqualTo("tcp 6881-6889");
    assertThat(triggers.get(0).get("list").get(0).get("inside").asString())
        .isEqualTo("192.168.1.10");
  }

  @Test
  void callsAndRegistrationsAreToldApart() throws IOException {
    String report = Replays.json(Replays.result(Replays.recorded("sip")));

    JsonNode dialogs = ReplaySchema.tree(report).at("/sip/dialogs");
    assertThat(dialogs).hasSize(16);
    assertThat(dialogs.get(0).get("kind").asString()).isEqualTo("registration");
    assertThat(dialogs.get(0).get("requests").toString()).isEqualTo("{\"REGISTER\":2}");
    JsonNode call = dialogs.get(2);
    assertThat(call.get("kind").asString()).isEqualTo("call");
    assertThat(call.get("requests").toString())
        .isEqualTo("{\"INVITE\":2,\"PRACK\":1,\"ACK\":2,\"UPDATE\":1,\"BYE\":1}");
    assertThat(call.get("responses").has("183 INVITE")).isTrue();
    assertThat(call.get("media").toString())
        .contains("audio 203.0.113.2 6100", "audio 198.51.100.60 6000");
  }

  @Test
  void answersStandWithTheirQuestions() throws IOException {
    String report = Replays.json(Replays.result(Replays.recorded("home-router")));

    JsonNode questions = ReplaySchema.tree(report).at("/dns/questions");
    assertThat(questions)
        .filteredOn(q -> q.has("answers"))
        .allSatisfy(q -> assertThat(q.get("codes")).isNotEmpty())
        .anySatisfy(q -> assertThat(q.get("answers").toString()).contains("A "));
  }

  @Test
  void anExpectationIsFollowedFromItsLineToItsConnection() throws IOException {
    String report = Replays.json(Replays.result(Replays.recorded("ftp")));

    new ReplaySchema().check(report);
    JsonNode helpers = ReplaySchema.tree(report).at("/helpers");
    JsonNode first = helpers.at("/expectations/list/0");
    assertThat(first.get("helper").asString()).isEqualTo("ftp");
    assertThat(first.get("announcement").asString()).matches("2(27|29) .*|(PORT|EPRT) .*");
    assertThat(first.at("/usedBy/0/flow").asLong()).isGreaterThan(first.get("master").asLong());
    assertThat(first.get("endedBy").asString()).isEqualTo("used");
    assertThat(helpers.at("/ftp/list"))
        .isNotEmpty()
        .anySatisfy(t -> assertThat(t.get("status").asInt()).isEqualTo(226))
        .anySatisfy(t -> assertThat(t.get("data").asLong()).isPositive());
  }

  @Test
  void whatIsRewrittenIsToldBeforeAndAfter() throws IOException {
    String report = Replays.json(Replays.result(Replays.recorded("h323")));

    new ReplaySchema().check(report);
    assertThat(ReplaySchema.tree(report).at("/helpers/rewrites/list"))
        .anySatisfy(
            r -> {
              assertThat(r.get("helper").asString()).isEqualTo("RAS");
              assertThat(r.get("before").asString()).isEqualTo("c0a8010a06b7");
              assertThat(r.get("after").asString()).isEqualTo("cb00710206b7");
            });
  }

  @Test
  void aRunWithoutFramesAndRulesFitsTheSchema(@TempDir Path dir) throws IOException {
    Path empty = dir.resolve("empty.pcap");
    new org.fwreplay.capture.PcapWriter(empty, 101).commit();
    var run =
        org.fwreplay.replay.ReplayRun.builder()
            .input(org.fwreplay.replay.ReplayInput.somewhere(empty))
            .build();

    String report = Replays.json(Replays.result(run));

    new ReplaySchema().check(report);
    assertThat(ReplaySchema.tree(report).at("/run/first").isMissingNode()).isTrue();
  }
}
