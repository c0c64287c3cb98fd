package org.fwreplay.report.explain;

import java.io.Writer;
import java.util.List;
import org.fwreplay.report.Lines;
import org.fwreplay.report.flow.FateNames;
import org.fwreplay.report.flow.Timestamps;
import tools.jackson.core.JsonGenerator;

/** Explanations as JSON: {@code reports/schema/explain-1.json}. */
public final class ExplainJson {
  private final JsonGenerator json;
  private final Lines lines;

  private ExplainJson(JsonGenerator json, Lines lines) {
    this.json = json;
    this.lines = lines;
  }

  /** Writes explanations; the writer stays open. */
  public static void write(List<Explanation> explanations, Writer out) {
    Lines lines = new Lines();
    try (JsonGenerator json = lines.generator(out)) {
      json.writeStartObject();
      json.writeStringProperty("schema", "fwreplay/explain/1");
      json.writeArrayPropertyStart("frames");
      explanations.forEach(new ExplainJson(json, lines)::explanation);
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private void explanation(Explanation e) {
    json.writeStartObject();
    json.writeNumberProperty("frame", e.frame);
    json.writeStringProperty("time", Timestamps.iso(e.timeNs));
    json.writeNumberProperty("bytes", e.bytes);
    json.writeArrayPropertyStart("packets");
    e.ways.forEach(this::way);
    json.writeEndArray();
    strings("trace", e.trace);
    json.writeEndObject();
  }

  private void way(Way way) {
    json.writeStartObject();
    json.writeBooleanProperty("made", !way.isFrame);
    text("in", way.in);
    json.writeStringProperty("packet", way.packet);
    json.writeArrayPropertyStart("steps");
    way.steps.forEach(this::step);
    json.writeEndArray();
    if (way.fate != null) {
      json.writeStringProperty("fate", FateNames.key(way.fate));
      text("hook", way.hook);
      text("rule", way.rule);
    }
    json.writeEndObject();
  }

  private void step(Step step) {
    json.writeStartObject();
    if (step instanceof Step.Walk walk) {
      walk(walk);
    } else if (step instanceof Step.Tracking t) {
      json.writeStringProperty("step", "conntrack");
      text("hook", t.hook());
      text("state", t.state());
      text("original", t.original());
      text("reply", t.reply());
      text("protocolState", t.protocolState());
      text("helper", t.helper());
      json.writeNumberProperty("mark", Integer.toUnsignedLong(t.mark()));
    } else if (step instanceof Step.Translation t) {
      json.writeStringProperty("step", "nat");
      text("hook", t.hook());
      text("before", t.before());
      text("after", t.after());
    } else if (step instanceof Step.Routing r) {
      json.writeStringProperty("step", "routing");
      text("decision", r.decision());
      text("out", r.out());
      text("gateway", r.gateway());
      if (r.mtu() > 0) {
        json.writeNumberProperty("mtu", r.mtu());
      }
    } else if (step instanceof Step.Left left) {
      json.writeStringProperty("step", "left");
      text("out", left.out());
      text("packet", left.packet());
      json.writeNumberProperty("bytes", left.bytes());
    }
    json.writeEndObject();
  }

  private void walk(Step.Walk walk) {
    json.writeStringProperty("step", "table");
    text("hook", walk.hook);
    text("table", walk.table);
    text("in", walk.in);
    text("out", walk.out);
    text("verdict", walk.verdict);
    json.writeArrayPropertyStart("rules");
    for (Step.RuleStep rule : walk.rules) {
      lines.startRecord(json);
      json.writeStringProperty("id", rule.id);
      json.writeNumberProperty("depth", rule.depth);
      if (rule.position != null) {
        json.writeStringProperty("file", rule.position.file());
        json.writeNumberProperty("line", rule.position.line());
      }
      json.writeStringProperty("text", rule.text);
      json.writeBooleanProperty("taken", rule.hit);
      if (rule.decided) {
        json.writeBooleanProperty("decided", true);
      }
      text("asked", rule.asked);
      text("seen", rule.seen);
      if (!rule.effects.isEmpty()) {
        strings("effects", rule.effects);
      }
      lines.endRecord(json);
    }
    json.writeEndArray();
  }

  private void text(String name, String value) {
    if (value != null && !value.isEmpty()) {
      json.writeStringProperty(name, value);
    }
  }

  private void strings(String name, List<String> values) {
    json.writeArrayPropertyStart(name);
    values.forEach(json::writeString);
    json.writeEndArray();
  }
}
