package org.fwreplay.report;

import java.util.Locale;
import org.fwreplay.replay.Disagreement;
import org.fwreplay.replay.Reality;
import org.fwreplay.report.flow.Timestamps;
import tools.jackson.core.JsonGenerator;

/** The part of {@link JsonReport} about model and reality; left out where no frame left. */
final class RealityJson {
  private final JsonGenerator json;
  private final Lines lines;
  private final ReplayResult result;

  RealityJson(JsonGenerator json, Lines lines, ReplayResult result) {
    this.json = json;
    this.lines = lines;
    this.result = result;
  }

  void write() {
    Reality reality = result.reality();
    if (reality == null || reality.left() == 0) {
      return;
    }
    json.writeObjectPropertyStart("reality");
    json.writeArrayPropertyStart("interfaces");
    lines.inRecord(true);
    reality.interfaces().forEach(json::writeString);
    json.writeEndArray();
    lines.inRecord(false);
    json.writeNumberProperty("left", reality.left());
    json.writeNumberProperty("exact", reality.exact());
    json.writeNumberProperty("madeUp", reality.madeUp());
    json.writeNumberProperty("exactMadeUp", reality.exactMadeUp());
    json.writeArrayPropertyStart("differences");
    reality.kinds().forEach(this::difference);
    json.writeEndArray();
    json.writeEndObject();
  }

  private void difference(Disagreement each) {
    lines.startRecord(json);
    String kind = each.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    json.writeStringProperty("kind", kind);
    nonEmpty("detail", each.detail());
    json.writeNumberProperty("frames", each.frames());
    String rule = result.names().place(each.ipv6(), each.place());
    nonEmpty("rule", rule == null ? "" : rule);
    Disagreement.Example first = each.first();
    json.writeObjectPropertyStart("first");
    json.writeNumberProperty("frame", first.frame());
    json.writeStringProperty("time", Timestamps.iso(first.timeNs()));
    json.writeStringProperty("interface", result.names().interfaceName(first.interfaceId()));
    json.writeStringProperty("packet", first.packet());
    nonEmpty("captured", first.seen());
    nonEmpty("model", first.predicted());
    json.writeEndObject();
    lines.endRecord(json);
  }

  private void nonEmpty(String name, String value) {
    if (!value.isEmpty()) {
      json.writeStringProperty(name, value);
    }
  }
}
