package org.fwreplay.report.ci;

import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fwreplay.report.Lines;
import tools.jackson.core.JsonGenerator;

/** Findings as SARIF 2.1.0, within what GitHub takes: 5,000 results shown, 25 rules more. */
public final class Sarif {
  private static final int MOST_RESULTS = 5_000;
  private static final int MOST_RELATED = 50;

  private final JsonGenerator json;

  private Sarif(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Writes a log with one run; the writer stays open.
   *
   * @param codes what each code means, in a sentence
   */
  public static void write(
      String version, Map<String, String> codes, List<Finding> findings, Writer out) {
    try (JsonGenerator json = new Lines().generator(out)) {
      new Sarif(json).log(version, codes, findings);
      json.writeRaw('\n');
    }
  }

  private void log(String version, Map<String, String> codes, List<Finding> findings) {
    json.writeStartObject();
    json.writeStringProperty("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json.writeStringProperty("version", "2.1.0");
    json.writeArrayPropertyStart("runs");
    json.writeStartObject();
    json.writeObjectPropertyStart("tool");
    json.writeObjectPropertyStart("driver");
    json.writeStringProperty("name", "fwreplay");
    json.writeStringProperty("version", version);
    json.writeArrayPropertyStart("rules");
    Map<String, Integer> index = new LinkedHashMap<>();
    codes.forEach(
        (code, sentence) -> {
          index.put(code, index.size());
          json.writeStartObject();
          json.writeStringProperty("id", code);
          message("shortDescription", sentence);
          json.writeEndObject();
        });
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
    json.writeStringProperty("columnKind", "utf16CodeUnits");
    json.writeArrayPropertyStart("results");
    findings.stream().limit(MOST_RESULTS).forEach(each -> result(each, index));
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }

  private void message(String name, String text) {
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("text", text);
    json.writeEndObject();
  }

  private void result(Finding finding, Map<String, Integer> index) {
    json.writeStartObject();
    json.writeStringProperty("ruleId", finding.code());
    json.writeNumberProperty("ruleIndex", index.get(finding.code()));
    json.writeStringProperty("level", finding.error() ? "error" : "warning");
    message("message", finding.title() + ": " + finding.message());
    json.writeArrayPropertyStart("locations");
    location(finding.file(), finding.line(), finding.column(), null);
    json.writeEndArray();
    if (!finding.related().isEmpty()) {
      json.writeArrayPropertyStart("relatedLocations");
      finding.related().stream()
          .limit(MOST_RELATED)
          .forEach(place -> location(place.file(), place.line(), 1, place.text()));
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void location(String file, int line, int column, String text) {
    json.writeStartObject();
    json.writeObjectPropertyStart("physicalLocation");
    json.writeObjectPropertyStart("artifactLocation");
    json.writeStringProperty("uri", uri(file));
    json.writeEndObject();
    json.writeObjectPropertyStart("region");
    json.writeNumberProperty("startLine", Math.max(1, line));
    json.writeNumberProperty("startColumn", Math.max(1, column));
    json.writeEndObject();
    json.writeEndObject();
    if (text != null) {
      message("message", text);
    }
    json.writeEndObject();
  }

  /**
   * A path as a reference relative to the folder that is checked, what cannot be in one escaped.
   */
  static String uri(String file) {
    StringBuilder out = new StringBuilder(file.startsWith("/") ? "file://" : "");
    for (byte b : file.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || "-._~/".indexOf(c) >= 0;
      out.append(plain ? String.valueOf((char) c) : String.format("%%%02X", c));
    }
    return out.toString();
  }
}
