package org.fwreplay.report.diff;

import java.util.List;
import org.fwreplay.diff.SymbolicDiff;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Family;
import org.fwreplay.packet.Protocols;
import org.fwreplay.region.Witness;
import org.fwreplay.report.Lines;
import org.fwreplay.report.flow.RunNames;
import org.fwreplay.rule.Rule;
import tools.jackson.core.JsonGenerator;

/** The part of {@link DiffJson} about all packets; left out where it was not asked for. */
final class SymbolicJson {
  private final JsonGenerator json;
  private final Lines lines;

  SymbolicJson(JsonGenerator json, Lines lines) {
    this.json = json;
    this.lines = lines;
  }

  void write(List<SymbolicView> views) {
    if (views.isEmpty()) {
      return;
    }
    json.writeArrayPropertyStart("symbolic");
    views.forEach(this::view);
    json.writeEndArray();
  }

  private void view(SymbolicView view) {
    json.writeStartObject();
    json.writeStringProperty("family", RunNames.family(view.family() == Family.IPV6));
    json.writeBooleanProperty("complete", view.result().complete());
    json.writeNumberProperty("confirmed", view.confirmed());
    json.writeArrayPropertyStart("regions");
    view.regions().forEach(this::region);
    json.writeEndArray();
    json.writeArrayPropertyStart("unmodelled");
    for (Rule rule : view.result().unmodelled()) {
      json.writeStartObject();
      lines.inRecord(true);
      place(rule);
      json.writeEndObject();
      lines.inRecord(false);
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("notCompared");
    for (SymbolicDiff.OtherTable table : view.result().otherTables()) {
      json.writeStartObject();
      lines.inRecord(true);
      json.writeStringProperty("table", table.name());
      json.writeNumberProperty("edits", table.edits());
      json.writeEndObject();
      lines.inRecord(false);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void region(SymbolicView.RegionView region) {
    SymbolicDiff.Difference d = region.difference();
    json.writeStartObject();
    lines.inRecord(true);
    json.writeStringProperty("hook", d.hook().name());
    json.writeStringProperty("packets", d.words());
    decision("old", d.old());
    decision("new", d.now());
    json.writeBooleanProperty("confirmed", region.confirmed());
    if (!region.confirmed()) {
      json.writeStringProperty("why", region.why());
    }
    boolean six = d.family() == Family.IPV6;
    witness(six, region.answer() == null ? d.witnesses().get(0) : region.answer().witness());
    json.writeEndObject();
    lines.inRecord(false);
  }

  private void decision(String name, SymbolicDiff.Decision decision) {
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("verdict", decision.verdict());
    if (decision.rule() != null) {
      place(decision.rule());
    }
    json.writeEndObject();
  }

  private void place(Rule rule) {
    json.writeStringProperty("file", rule.position().file());
    json.writeNumberProperty("line", rule.position().line());
    json.writeStringProperty("text", rule.text());
  }

  private void witness(boolean six, Witness w) {
    json.writeObjectPropertyStart("witness");
    json.writeStringProperty("source", AddressText.of(six, w.sourceHi(), w.sourceLo()));
    json.writeStringProperty(
        "destination", AddressText.of(six, w.destinationHi(), w.destinationLo()));
    json.writeStringProperty("protocol", RunNames.protocol(w.protocol()));
    switch (w.protocol()) {
      case Protocols.ICMP, Protocols.ICMPV6 -> {
        json.writeNumberProperty("type", w.icmp() >> 8);
        json.writeNumberProperty("code", w.icmp() & 0xff);
      }
      default -> {
        json.writeNumberProperty("sourcePort", w.sourcePort());
        json.writeNumberProperty("destinationPort", w.destinationPort());
      }
    }
    if (w.protocol() == Protocols.TCP) {
      json.writeNumberProperty("tcpFlags", w.tcpFlags());
    }
    nonEmpty("in", w.in());
    nonEmpty("out", w.out());
    json.writeStringProperty("state", w.state());
    json.writeNumberProperty("mark", w.mark());
    nonEmpty("needs", w.needs());
    json.writeEndObject();
  }

  private void nonEmpty(String name, String value) {
    if (!value.isEmpty()) {
      json.writeStringProperty(name, value);
    }
  }
}
