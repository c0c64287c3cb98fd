package org.fwreplay.report.flow;

import org.fwreplay.conntrack.Connection;
import org.fwreplay.conntrack.Tuple;
import org.fwreplay.hook.Fate;
import org.fwreplay.packet.AddressText;
import org.fwreplay.packet.Protocols;
import tools.jackson.core.JsonGenerator;

/** A flow as a JSON object: {@code $defs/flow} of the published schema. */
public final class FlowJson {
  private static final Fate[] FATES = Fate.values();

  private FlowJson() {}

  /** Writes what is inside the object. */
  public static void fields(JsonGenerator json, Flow f, RunNames names) {
    json.writeNumberProperty("id", f.id);
    json.writeStringProperty("kind", f.kind.text());
    json.writeStringProperty("family", RunNames.family(f.original.ipv6));
    json.writeStringProperty("protocol", RunNames.protocol(f.original.protocol));
    tuple(json, "original", f.original);
    translation(json, f);
    text(json, "in", names.interfaceName(f.in));
    text(json, "out", names.interfaceName(f.out));
    json.writeStringProperty("first", Timestamps.iso(f.firstNs));
    json.writeStringProperty("last", Timestamps.iso(f.lastNs));
    json.writeNumberProperty("frame", f.frame);
    both(json, "packets", f.packets(Connection.ORIGINAL), f.packets(Connection.REPLY));
    both(json, "bytes", f.bytes(Connection.ORIGINAL), f.bytes(Connection.REPLY));
    json.writeStringProperty("verdict", f.verdict().text());
    fates(json, f);
    text(json, "rule", names.place(f.original.ipv6, f.rule));
    text(json, "blockedBy", names.place(f.original.ipv6, f.blockedBy));
    if (f.undecided) {
      json.writeBooleanProperty("undecided", true);
    }
    hits(json, f, names);
    tracking(json, f);
  }

  private static void text(JsonGenerator json, String name, String value) {
    if (value != null && !value.isEmpty()) {
      json.writeStringProperty(name, value);
    }
  }

  private static void tuple(JsonGenerator json, String name, Tuple t) {
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("src", AddressText.of(t.ipv6, t.sourceHi, t.sourceLo));
    json.writeStringProperty("dst", AddressText.of(t.ipv6, t.destinationHi, t.destinationLo));
    switch (t.protocol) {
      case Protocols.TCP, Protocols.UDP, Protocols.UDPLITE, Protocols.SCTP -> {
        json.writeNumberProperty("sport", t.sourcePort);
        json.writeNumberProperty("dport", t.destinationPort);
      }
      case Protocols.ICMP, Protocols.ICMPV6 -> {
        json.writeNumberProperty("type", t.destinationPort >> 8);
        json.writeNumberProperty("code", t.destinationPort & 0xff);
        json.writeNumberProperty("id", t.sourcePort);
      }
      default -> {}
    }
    json.writeEndObject();
  }

  private static void translation(JsonGenerator json, Flow f) {
    if (f.translatedReply == null) {
      return;
    }
    tuple(json, "reply", f.translatedReply);
    if (f.sourceTranslated) {
      change(json, "snat", FlowText.source(f.original), FlowText.destination(f.translatedReply));
    }
    if (f.destinationTranslated) {
      change(json, "dnat", FlowText.destination(f.original), FlowText.source(f.translatedReply));
    }
  }

  private static void change(JsonGenerator json, String name, String from, String to) {
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("from", from);
    json.writeStringProperty("to", to);
    json.writeEndObject();
  }

  private static void both(JsonGenerator json, String name, long original, long reply) {
    json.writeObjectPropertyStart(name);
    json.writeNumberProperty("original", original);
    json.writeNumberProperty("reply", reply);
    json.writeEndObject();
  }

  private static void fates(JsonGenerator json, Flow f) {
    json.writeObjectPropertyStart("fates");
    for (Fate fate : FATES) {
      long packets = f.packets(fate);
      if (packets > 0) {
        json.writeNumberProperty(FateNames.key(fate), packets);
      }
    }
    json.writeEndObject();
  }

  private static void hits(JsonGenerator json, Flow f, RunNames names) {
    if (f.hitCount == 0) {
      return;
    }
    json.writeArrayPropertyStart("hits");
    for (int i = 0; i < f.hitCount; i++) {
      json.writeString(names.place(f.original.ipv6, f.hits[i]));
    }
    json.writeEndArray();
  }

  private static void tracking(JsonGenerator json, Flow f) {
    if (f.kind != FlowKind.TRACKED) {
      return;
    }
    text(json, "state", f.state);
    json.writeBooleanProperty("replied", (f.status & Connection.SEEN_REPLY) != 0);
    json.writeBooleanProperty("assured", (f.status & Connection.ASSURED) != 0);
    json.writeBooleanProperty("gone", f.gone);
    if (f.mark != 0) {
      json.writeNumberProperty("mark", Integer.toUnsignedLong(f.mark));
    }
    if (f.zone != 0) {
      json.writeNumberProperty("zone", f.zone);
    }
    text(json, "helper", f.helper);
    if (f.master != 0) {
      json.writeNumberProperty("master", f.master);
    }
  }
}
