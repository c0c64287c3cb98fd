package org.fwreplay.report;

import org.fwreplay.report.flow.Timestamps;
import tools.jackson.core.JsonGenerator;

/** What helpers did, as JSON: {@code helpers} of the published schema. */
final class HelperJson {
  private final JsonGenerator json;
  private final Lines lines;
  private final HelperWork work;
  private final FtpTransfers ftp;

  HelperJson(JsonGenerator json, Lines lines, ReplayResult result) {
    this.json = json;
    this.lines = lines;
    work = result.helpers();
    ftp = result.ftp();
  }

  /** Writes it, nothing where there is none of it. */
  void write() {
    if (work.expectations().isEmpty() && work.rewrites().isEmpty() && ftp.transfers().isEmpty()) {
      return;
    }
    json.writeObjectPropertyStart("helpers");
    expectations();
    rewrites();
    transfers();
    json.writeEndObject();
  }

  private void start(String name, long leftOut) {
    json.writeObjectPropertyStart(name);
    json.writeNumberProperty("leftOut", leftOut);
    json.writeArrayPropertyStart("list");
  }

  private void end() {
    json.writeEndArray();
    json.writeEndObject();
  }

  private void flow(String name, long id) {
    if (id != 0) {
      json.writeNumberProperty(name, id);
    }
  }

  private void text(String name, String value) {
    if (value != null) {
      json.writeStringProperty(name, value);
    }
  }

  private void expectations() {
    start("expectations", work.expectationsLeftOut());
    for (HelperWork.Life life : work.expectations()) {
      lines.startRecord(json);
      json.writeStringProperty("helper", life.helper());
      flow("master", life.master());
      json.writeStringProperty("start", Timestamps.iso(life.startNs()));
      json.writeNumberProperty("frame", life.frame());
      text("announcement", life.announcement());
      json.writeStringProperty("protocol", life.protocol());
      json.writeStringProperty("source", life.source());
      json.writeStringProperty("destination", life.destination());
      if (life.permanent()) {
        json.writeBooleanProperty("permanent", true);
      }
      json.writeNumberProperty("connections", life.useCount());
      json.writeArrayPropertyStart("usedBy");
      for (HelperWork.Use use : life.uses()) {
        json.writeStartObject();
        json.writeStringProperty("time", Timestamps.iso(use.timeNs()));
        json.writeNumberProperty("frame", use.frame());
        flow("flow", use.flow());
        json.writeEndObject();
      }
      json.writeEndArray();
      if (life.end() != null) {
        json.writeStringProperty("end", Timestamps.iso(life.endNs()));
        json.writeStringProperty("endedBy", life.end().text());
      }
      lines.endRecord(json);
    }
    end();
  }

  private void rewrites() {
    start("rewrites", work.rewritesLeftOut());
    for (HelperWork.Rewrite rewrite : work.rewrites()) {
      lines.startRecord(json);
      json.writeStringProperty("time", Timestamps.iso(rewrite.timeNs()));
      json.writeNumberProperty("frame", rewrite.frame());
      json.writeStringProperty("helper", rewrite.helper());
      flow("flow", rewrite.flow());
      json.writeStringProperty("direction", rewrite.reply() ? "reply" : "original");
      json.writeNumberProperty("offset", rewrite.offset());
      json.writeStringProperty("before", rewrite.before());
      json.writeStringProperty("after", rewrite.after());
      lines.endRecord(json);
    }
    end();
  }

  private void transfers() {
    start("ftp", ftp.leftOut());
    for (FtpTransfers.Transfer transfer : ftp.transfers()) {
      lines.startRecord(json);
      flow("flow", transfer.flow());
      json.writeNumberProperty("frame", transfer.frame());
      json.writeStringProperty("command", transfer.command());
      json.writeStringProperty("argument", transfer.argument());
      text("mode", transfer.mode());
      flow("data", transfer.data());
      if (transfer.status() != 0) {
        json.writeNumberProperty("status", transfer.status());
      }
      lines.endRecord(json);
    }
    end();
  }
}
