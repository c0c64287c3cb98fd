package org.fwreplay.report.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fwreplay.packet.Tcp;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.ReplayCollector;
import org.fwreplay.report.ReplaySchema;
import org.fwreplay.report.Replays;
import org.fwreplay.report.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class FlowCollectorTest {
  private static final String CLIENT = "192.168.1.2:1000";
  private static final String SERVER = "198.51.100.1:80";

  @TempDir private Path dir;
  private final Traffic traffic = new Traffic();
  private String json;

  /** The flows of the traffic, in the order in which they ended. */
  private List<JsonNode> flows(String rules) throws IOException {
    ReplayRun run = Replays.of(rules, traffic, dir);
    StringWriter out = new StringWriter();
    ReplayCollector collector = new ReplayCollector(run);
    FlowFile file = FlowFile.jsonLines(out, collector.names());
    run.listen(collector.withFlows(file, true)).run();
    collector.finish();
    file.finish();
    json = out.toString();
    ReplaySchema schema = new ReplaySchema();
    List<JsonNode> flows = new ArrayList<>();
    for (String line : json.lines().toList()) {
      schema.checkFlow(line);
      flows.add(ReplaySchema.tree(line));
    }
    return flows;
  }

  private JsonNode onlyFlow(String rules) throws IOException {
    List<JsonNode> flows = flows(rules);
    assertThat(flows).as(json).hasSize(1);
    return flows.get(0);
  }

  private static String filter(String... rules) {
    return "*filter\n:FORWARD ACCEPT [0:0]\n" + String.join("\n", rules) + "\nCOMMIT\n";
  }

  private static String tracking() {
    return filter("-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT");
  }

  @Test
  void aConnectionIsOneFlowWithBothDirections() throws IOException {
    traffic.at(0, "lan").udp(CLIENT, SERVER);
    traffic.at(5, "wan").udp(SERVER, CLIENT);
    traffic.at(9, "lan").udp(CLIENT, SERVER);

    JsonNode flow = onlyFlow(tracking());

    assertThat(flow.get("kind").asString()).isEqualTo("tracked");
    assertThat(flow.get("verdict").asString()).isEqualTo("passed");
    assertThat(flow.get("packets").toString()).isEqualTo("{\"original\":2,\"reply\":1}");
    assertThat(flow.get("bytes").toString()).isEqualTo("{\"original\":64,\"reply\":32}");
    assertThat(flow.get("in").asString()).isEqualTo("lan");
    assertThat(flow.get("out").asString()).isEqualTo("wan");
    assertThat(flow.get("replied").asBoolean()).isTrue();
    assertThat(flow.get("rule").asString()).isEqualTo("ipv4/filter/FORWARD/policy");
    assertThat(flow.get("hits").toString()).isEqualTo("[\"ipv4/filter/FORWARD/1\"]");
  }

  @Test
  void whatNatMadeOfAConnectionIsInItsFlow() throws IOException {
    traffic.at(0, "lan").udp(CLIENT, SERVER);
    String rules =
        """
        *nat
        :PREROUTING ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        -A PREROUTING -p udp --dport 80 -j DNAT --to-destination 198.51.100.7:8080
        -A POSTROUTING -o wan -j SNAT --to-source 203.0.113.5
        COMMIT
        """;

    JsonNode flow = onlyFlow(rules);

    assertThat(flow.at("/original/dst").asString()).isEqualTo("198.51.100.1");
    assertThat(flow.get("dnat").toString())
        .isEqualTo("{\"from\":\"198.51.100.1:80\",\"to\":\"198.51.100.7:8080\"}");
    assertThat(flow.get("snat").toString())
        .isEqualTo("{\"from\":\"192.168.1.2:1000\",\"to\":\"203.0.113.5:1000\"}");
    assertThat(flow.at("/reply/src").asString()).isEqualTo("198.51.100.7");
  }

  @Test
  void packetsThatNeverBecameAConnectionAreOneFlow() throws IOException {
    for (int second : new int[] {0, 1, 3, 7, 15, 31}) {
      traffic.at(second * 1000L, "lan").tcp(CLIENT, SERVER, Tcp.SYN, 1, 0);
    }

    JsonNode flow = onlyFlow(filter("-A FORWARD -m conntrack --ctstate NEW -p tcp -j DROP"));

    assertThat(flow.get("kind").asString()).isEqualTo("new");
    assertThat(flow.get("verdict").asString()).isEqualTo("dropped");
    assertThat(flow.at("/fates/dropped").asInt()).isEqualTo(6);
    assertThat(flow.get("rule").asString()).isEqualTo("ipv4/filter/FORWARD/1");
    assertThat(flow.get("blockedBy").asString()).isEqualTo("ipv4/filter/FORWARD/1");
  }

  @Test
  void afterLongSilenceANewFlowBegins() throws IOException {
    traffic.at(0, "lan").tcp(CLIENT, SERVER, Tcp.SYN, 1, 0);
    traffic.at(60_000, "lan").tcp(CLIENT, SERVER, Tcp.SYN, 1, 0);
    traffic.at(120_001, "lan").tcp(CLIENT, SERVER, Tcp.SYN, 1, 0);

    List<JsonNode> flows = flows(filter("-A FORWARD -m conntrack --ctstate NEW -j DROP"));

    assertThat(flows).extracting(f -> f.at("/fates/dropped").asInt()).containsExactly(2, 1);
    assertThat(flows).extracting(f -> f.get("id").asInt()).containsExactly(1, 2);
  }

  @Test
  void untrackedPacketsOfBothDirectionsAreOneFlow() throws IOException {
    traffic.at(0, "lan").udp(CLIENT, SERVER);
    traffic.at(1, "wan").udp(SERVER, CLIENT);
    traffic.at(2, "lan").udp(CLIENT, SERVER);
    String raw = "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -j NOTRACK\nCOMMIT\n";

    JsonNode flow = onlyFlow(raw + tracking());

    assertThat(flow.get("kind").asString()).isEqualTo("untracked");
    assertThat(flow.get("packets").toString()).isEqualTo("{\"original\":2,\"reply\":1}");
  }

  @Test
  void withoutARuleThatNeedsItNothingIsTracked() throws IOException {
    traffic.at(0, "lan").udp(CLIENT, SERVER);

    assertThat(onlyFlow(filter("-A FORWARD -p tcp -j DROP")).get("kind").asString())
        .isEqualTo("untracked");
  }

  @Test
  void whatTableRawDropsWasNotTracked() throws IOException {
    traffic.at(0, "lan").udp(CLIENT, SERVER);
    String raw = "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -j DROP\nCOMMIT\n";

    JsonNode flow = onlyFlow(raw + tracking());

    assertThat(flow.get("kind").asString()).isEqualTo("untracked");
    assertThat(flow.get("rule").asString()).isEqualTo("ipv4/raw/PREROUTING/1");
  }

  @Test
  void anIcmpErrorIsAFlowOfItsOwn() throws IOException {
    traffic.at(0, "lan").udp(CLIENT, SERVER);
    traffic.at(1, "wan").icmpAboutTheLast("198.51.100.1", "192.168.1.2", 3, 3);

    List<JsonNode> flows = flows(filter("-A FORWARD -m conntrack --ctstate RELATED -j DROP"));

    assertThat(flows)
        .extracting(f -> f.get("kind").asString())
        .containsExactly("tracked", "related");
    assertThat(flows.get(1).get("original").toString())
        .isEqualTo(
            "{\"src\":\"198.51.100.1\",\"dst\":\"192.168.1.2\",\"type\":3,\"code\":3,\"id\":0}");
    assertThat(flows.get(1).get("verdict").asString()).isEqualTo("dropped");
  }

  @Test
  void anInvalidSegmentIsAFlowOfItsOwn() throws IOException {
    traffic.at(0, "lan").tcp(CLIENT, SERVER, Tcp.SYN | Tcp.FIN, 1, 0);

    assertThat(onlyFlow(tracking()).get("kind").asString()).isEqualTo("invalid");
  }

  @Test
  void theAnswerToARejectedConnectionBelongsToIt() throws IOException {
    traffic.at(0, "lan").tcp(CLIENT, SERVER, Tcp.SYN, 1, 0);

    JsonNode flow =
        onlyFlow(
            filter(
                "-A FORWARD -m conntrack --ctstate NEW -p tcp -j REJECT --reject-with tcp-reset"));

    assertThat(flow.get("verdict").asString()).isEqualTo("rejected");
    assertThat(flow.get("fates").toString()).isEqualTo("{\"sent\":1,\"rejected\":1}");
    assertThat(flow.get("packets").toString()).isEqualTo("{\"original\":1,\"reply\":1}");
  }

  @Test
  void packetsOfOneConnectionMayDifferInTheirFate() throws IOException {
    traffic.at(0, "lan").udp(CLIENT, SERVER);
    traffic.at(1, "wan").udp(SERVER, CLIENT);

    JsonNode flow = onlyFlow(filter("-A FORWARD -m conntrack --ctstate ESTABLISHED -j DROP"));

    assertThat(flow.get("verdict").asString()).isEqualTo("mixed");
    assertThat(flow.get("fates").toString()).isEqualTo("{\"forwarded\":1,\"dropped\":1}");
    assertThat(flow.get("rule").asString()).isEqualTo("ipv4/filter/FORWARD/policy");
    assertThat(flow.get("blockedBy").asString()).isEqualTo("ipv4/filter/FORWARD/1");
  }

  @Test
  void aConnectionThatTimedOutIsGoneAndTheNextIsAnother() throws IOException {
    traffic.at(0, "lan").udp(CLIENT, SERVER);
    traffic.at(40_000, "lan").udp(CLIENT, SERVER);

    List<JsonNode> flows = flows(tracking());

    assertThat(flows).extracting(f -> f.get("gone").asBoolean()).containsExactly(true, false);
    assertThat(flows).extracting(f -> f.at("/packets/original").asInt()).containsExactly(1, 1);
  }

  @Test
  void theStateAtTheEndIsConntracks() throws IOException {
    traffic.at(0, "lan").tcp(CLIENT, SERVER, Tcp.SYN, 1, 0);
    traffic.at(1, "wan").tcp(SERVER, CLIENT, Tcp.SYN | Tcp.ACK, 50, 2);
    traffic.at(2, "lan").tcp(CLIENT, SERVER, Tcp.ACK, 2, 51);

    JsonNode flow =
        onlyFlow(
            tracking()
                + "*mangle\n:FORWARD ACCEPT [0:0]\n"
                + "-A FORWARD -j CONNMARK --set-mark 7\nCOMMIT\n");

    assertThat(flow.get("state").asString()).isEqualTo("ESTABLISHED");
    assertThat(flow.get("assured").asBoolean()).isTrue();
    assertThat(flow.get("mark").asInt()).isEqualTo(7);
  }

  @Test
  void moreRulesThanAreRememberedAreNoTrouble() throws IOException {
    traffic.at(0, "lan").udp(CLIENT, SERVER);
    traffic.at(1, "lan").udp(CLIENT, SERVER);
    String[] counting = new String[200];
    java.util.Arrays.fill(counting, "-A FORWARD -p udp");

    JsonNode flow = onlyFlow(filter(counting));

    assertThat(flow.get("hits").size()).isEqualTo(Flow.MAX_HITS);
    assertThat(flow.at("/hits/63").asString()).isEqualTo("ipv4/filter/FORWARD/64");
  }
}
