package org.fwreplay.report.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.replay.ReplayRun;
import org.fwreplay.report.ReplayCollector;
import org.fwreplay.report.ReplaySchema;
import org.fwreplay.report.Replays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FlowFileTest {
  private final StringWriter csv = new StringWriter();
  private final StringWriter lines = new StringWriter();

  private void replay(String name) throws IOException {
    ReplayRun run = Replays.recorded(name);
    ReplayCollector collector = new ReplayCollector(run);
    FlowFile one = FlowFile.csv(csv, collector.names());
    FlowFile other = FlowFile.jsonLines(lines, collector.names());
    run.listen(collector.withFlows(one, false).withFlows(other, false)).run();
    collector.finish();
    one.finish();
    other.finish();
  }

  @Test
  void everyLineOfCsvHasAsManyFieldsAsItsHeader() throws IOException {
    replay("home-router");

    List<String> rows = csv.toString().lines().toList();
    int fields = rows.get(0).split(",", -1).length;
    assertThat(rows).hasSizeGreaterThan(40);
    assertThat(rows).allSatisfy(row -> assertThat(row.split(",", -1)).hasSize(fields));
  }

  @Test
  void csvSaysTheSameAsJsonLines() throws IOException {
    replay("dmz");

    List<String> rows = csv.toString().lines().toList();
    List<String> objects = lines.toString().lines().toList();
    List<String> names = List.of(rows.get(0).split(","));
    assertThat(rows).hasSize(objects.size() + 1);
    for (int i = 0; i < objects.size(); i++) {
      JsonNode flow = ReplaySchema.tree(objects.get(i));
      String[] cells = rows.get(i + 1).split(",", -1);
      Map<String, String> row = new HashMap<>();
      for (int column = 0; column < cells.length; column++) {
        row.put(names.get(column), cells[column]);
      }
      assertThat(row.get("id")).isEqualTo(flow.get("id").asString());
      assertThat(row.get("src")).isEqualTo(flow.at("/original/src").asString());
      assertThat(row.get("dport")).isEqualTo(flow.at("/original/dport").asString(""));
      assertThat(row.get("verdict")).isEqualTo(flow.get("verdict").asString());
      assertThat(row.get("reply_packets")).isEqualTo(flow.at("/packets/reply").asString());
      assertThat(row.get("nat_dst"))
          .isEqualTo(flow.has("dnat") ? flow.at("/reply/src").asString() : "");
      assertThat(row.get("state")).isEqualTo(flow.at("/state").asString(""));
    }
  }

  @Test
  void everyLineOfJsonFitsTheSchema() throws IOException {
    replay("ipv6");

    ReplaySchema schema = new ReplaySchema();
    assertThat(lines.toString()).endsWith("}\n");
    lines.toString().lines().forEach(schema::checkFlow);
  }
}
