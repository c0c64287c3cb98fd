package org.fwreplay.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published schema of {@code --json}, to hold output against. */
public final class ReplaySchema {
  private static final String ID = "urn:fwreplay:schema:replay:1";

  private final Schema document;
  private final Schema flow;

  /** Reads the schema from reports/schema. */
  public ReplaySchema() throws IOException {
    String text = Files.readString(Replays.ROOT.resolve("reports/schema/replay-1.json"));
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(id -> text));
    document = registry.getSchema(SchemaLocation.of(ID));
    flow = registry.getSchema(SchemaLocation.of(ID + "#/$defs/flow"));
  }

  /** Fails where a report does not fit. */
  public void check(String report) {
    assertThat(document.validate(report, InputFormat.JSON)).isEmpty();
  }

  /** Fails where a line of a flow file does not fit. */
  public void checkFlow(String line) {
    assertThat(flow.validate(line, InputFormat.JSON)).isEmpty();
  }

  /** The report as a tree. */
  public static JsonNode tree(String report) {
    return JsonMapper.shared().readTree(report);
  }
}
