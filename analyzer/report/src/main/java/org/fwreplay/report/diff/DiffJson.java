package org.fwreplay.report.diff;

import java.io.Writer;
import java.util.Map;
import org.fwreplay.diff.Change;
import org.fwreplay.diff.Conversation;
import org.fwreplay.diff.DiffResult;
import org.fwreplay.diff.Edit;
import org.fwreplay.report.Lines;
import org.fwreplay.report.flow.Timestamps;
import org.fwreplay.rule.Rule;
import tools.jackson.core.JsonGenerator;

/** A comparison as JSON: {@code reports/schema/diff-1.json}. */
public final class DiffJson {
  private final DiffView view;
  private final JsonGenerator json;
  private final Lines lines;

  private DiffJson(DiffView view, JsonGenerator json, Lines lines) {
    this.view = view;
    this.json = json;
    this.lines = lines;
  }

  /** Writes it; the writer stays open. */
  public static void write(DiffView view, Writer out) {
    Lines lines = new Lines();
    try (JsonGenerator json = lines.generator(out)) {
      new DiffJson(view, json, lines).document();
      json.writeRaw('\n');
    }
  }

  private void document() {
    DiffResult result = view.result();
    json.writeStartObject();
    json.writeStringProperty("schema", "fwreplay/diff/1");
    json.writeStringProperty("version", view.version());
    json.writeStringProperty("old", view.oldName());
    json.writeStringProperty("new", view.newName());
    json.writeBooleanProperty("causal", result.causal());
    json.writeNumberProperty("frames", result.old().frames());
    json.writeNumberProperty("connections", result.conversations());
    json.writeNumberProperty("readings", result.readings());
    json.writeArrayPropertyStart("assumptions");
    result.old().assumptions().forEach(json::writeString);
    json.writeEndArray();
    json.writeObjectPropertyStart("changes");
    lines.inRecord(true);
    for (Change change : Change.values()) {
      json.writeNumberProperty(change.key(), result.count(change));
    }
    json.writeEndObject();
    lines.inRecord(false);
    json.writeArrayPropertyStart("edits");
    result.edits().forEach(this::edit);
    json.writeEndArray();
    json.writeArrayPropertyStart("causes");
    view.causes().forEach(this::cause);
    json.writeEndArray();
    new SymbolicJson(json, lines).write(view.symbolic());
    json.writeEndObject();
  }

  private void edit(Edit edit) {
    lines.startRecord(json);
    json.writeNumberProperty("id", edit.id());
    json.writeStringProperty("kind", edit.kind().text());
    text("family", edit.family());
    text("table", edit.table());
    text("chain", edit.chain());
    text("words", edit.words());
    rule("before", edit.before());
    rule("after", edit.after());
    lines.endRecord(json);
  }

  private void rule(String name, Rule rule) {
    if (rule != null) {
      json.writeObjectPropertyStart(name);
      json.writeStringProperty("file", rule.position().file());
      json.writeNumberProperty("line", rule.position().line());
      json.writeNumberProperty("number", rule.number());
      json.writeStringProperty("text", rule.text());
      json.writeEndObject();
    }
  }

  private void cause(DiffView.CauseView cause) {
    json.writeStartObject();
    json.writeArrayPropertyStart("edits");
    lines.inRecord(true);
    cause.edits().forEach(edit -> json.writeNumber(edit.id()));
    json.writeEndArray();
    lines.inRecord(false);
    json.writeBooleanProperty("isolated", cause.isolated());
    json.writeObjectPropertyStart("changes");
    for (Map.Entry<Change, DiffView.Tally> each : cause.tallies().entrySet()) {
      json.writeName(each.getKey().key());
      lines.startRecord(json);
      json.writeNumberProperty("connections", each.getValue().connections());
      json.writeNumberProperty("frames", each.getValue().frames());
      json.writeNumberProperty("bytes", each.getValue().bytes());
      lines.endRecord(json);
    }
    json.writeEndObject();
    json.writeArrayPropertyStart("connections");
    cause.rows().forEach(this::row);
    json.writeEndArray();
    json.writeEndObject();
  }

  private void row(DiffView.Row row) {
    Conversation c = row.conversation();
    lines.startRecord(json);
    json.writeStringProperty("change", row.change().key());
    json.writeStringProperty("connection", row.ends());
    text("in", c.in());
    json.writeStringProperty("first", Timestamps.iso(c.firstNs()));
    json.writeNumberProperty("frame", c.frame());
    json.writeNumberProperty("firstFrame", c.firstFrame());
    json.writeNumberProperty("partedAt", c.partedAt());
    json.writeNumberProperty("frames", c.frames());
    json.writeNumberProperty("framesDiffering", c.framesDiffering());
    json.writeNumberProperty("bytes", c.bytes());
    if (!c.parted().isEmpty()) {
      json.writeArrayPropertyStart("parted");
      c.parted().forEach(json::writeNumber);
      json.writeEndArray();
    }
    side("old", row.old(), row.oldRule(), c.unsent(false));
    side("new", row.now(), row.nowRule(), c.unsent(true));
    if (row.accepted()) {
      json.writeBooleanProperty("accepted", true);
    }
    lines.endRecord(json);
  }

  private void side(String name, String words, DiffView.Decider decider, long unsent) {
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("outcome", words);
    if (decider != null) {
      json.writeStringProperty("rule", decider.id());
      json.writeStringProperty("file", decider.file());
      if (decider.line() > 0) {
        json.writeNumberProperty("line", decider.line());
      }
      json.writeStringProperty("text", decider.text());
    }
    json.writeNumberProperty("neverSent", unsent);
    json.writeEndObject();
  }

  private void text(String name, String value) {
    if (!value.isEmpty()) {
      json.writeStringProperty(name, value);
    }
  }
}
