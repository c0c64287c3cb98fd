package org.fwreplay.report.lint;

import java.util.List;
import org.fwreplay.diagnostic.SourcePosition;
import org.fwreplay.lint.Finding;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Findings as JSON: {@code reports/schema/lint-1.json}. */
public final class LintJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private LintJson() {}

  /** The document, one entry a finding, with a line end. */
  public static String of(List<Finding> findings) {
    ObjectNode root = MAPPER.createObjectNode();
    ArrayNode diagnostics = root.putArray("diagnostics");
    for (Finding finding : findings) {
      ObjectNode node = at(diagnostics.addObject(), finding.position());
      node.put("severity", finding.severity().text());
      node.put("code", finding.code());
      node.put("message", finding.message());
      ArrayNode related = node.putArray("related");
      for (Finding.Related each : finding.related()) {
        at(related.addObject(), each.position()).put("message", each.message());
      }
    }
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static ObjectNode at(ObjectNode node, SourcePosition position) {
    node.put("file", position.file());
    node.put("line", position.line());
    return node.put("column", position.column());
  }
}
