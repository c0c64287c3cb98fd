package org.fwreplay.report;

import java.io.Writer;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.fwreplay.capture.CaptureProblem;
import org.fwreplay.diagnostic.Diagnostic;
import org.fwreplay.hook.Fate;
import org.fwreplay.host.NetInterface;
import org.fwreplay.legacy.Trigger;
import org.fwreplay.replay.CaptureRead;
import org.fwreplay.report.flow.FateNames;
import org.fwreplay.report.flow.FlowJson;
import org.fwreplay.report.flow.RunNames;
import org.fwreplay.report.flow.Timestamps;
import tools.jackson.core.JsonGenerator;

/**
 * A result as JSON, as {@code reports/schema/replay-1.json} describes it. The same result gives the
 * same bytes: there is no time of day in it and no map without an order.
 */
public final class JsonReport {
  /** Name and version of the format; a change that readers must know of makes another. */
  public static final String SCHEMA = "fwreplay/replay/1";

  private final ReplayResult result;
  private final JsonGenerator json;
  private final Lines lines = new Lines();

  private JsonReport(ReplayResult result, Writer out) {
    this.result = result;
    json = lines.generator(out);
  }

  /** Writes a result that has details; the writer stays open. */
  public static void write(ReplayResult result, Writer out) {
    JsonReport report = new JsonReport(result, out);
    report.document();
    report.json.writeRaw('\n');
    report.json.close();
  }

  private void document() {
    json.writeStartObject();
    json.writeStringProperty("schema", SCHEMA);
    json.writeStringProperty("version", result.setup().version());
    run();
    strings("assumptions", result.assumptions());
    warnings();
    problems();
    totals();
    new RealityJson(json, lines, result).write();
    rulesets();
    flows();
    dns();
    sip();
    new HelperJson(json, lines, result).write();
    log();
    triggers();
    json.writeEndObject();
  }

  private void strings(String name, Iterable<String> values) {
    json.writeArrayPropertyStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private void nullable(String name, String value) {
    if (value != null) {
      json.writeStringProperty(name, value);
    }
  }

  // -- what was replayed -------------------------------------------------------------------------

  private void run() {
    json.writeObjectPropertyStart("run");
    json.writeArrayPropertyStart("captures");
    for (CaptureRead capture : result.captures()) {
      lines.startRecord(json);
      json.writeStringProperty("file", capture.name());
      json.writeStringProperty("kind", kind(capture));
      nullable("interface", capture.input().interfaceName());
      json.writeStringProperty("format", capture.format());
      json.writeNumberProperty("packets", capture.packets());
      lines.endRecord(json);
    }
    json.writeEndArray();
    nullable("host", result.setup().host());
    json.writeBooleanProperty("hostGuessed", result.setup().host() == null);
    json.writeNumberProperty("seed", result.seed());
    if (!result.totals().frames().isEmpty()) {
      json.writeStringProperty("first", Timestamps.iso(result.firstNs()));
      json.writeStringProperty("last", Timestamps.iso(result.lastNs()));
    }
    json.writeEndObject();
  }

  private static String kind(CaptureRead capture) {
    if (capture.input().local()) {
      return "local";
    }
    return capture.input().interfaceName() == null ? "point" : "interface";
  }

  private void warnings() {
    json.writeArrayPropertyStart("warnings");
    for (Diagnostic warning : result.setup().warnings()) {
      lines.startRecord(json);
      json.writeStringProperty("file", warning.file());
      json.writeNumberProperty("line", warning.line());
      json.writeNumberProperty("column", warning.column());
      json.writeStringProperty("message", warning.message());
      nullable("hint", warning.hint().isEmpty() ? null : warning.hint());
      lines.endRecord(json);
    }
    json.writeEndArray();
  }

  private void problems() {
    json.writeArrayPropertyStart("problems");
    for (CaptureProblem problem : result.problems()) {
      lines.startRecord(json);
      json.writeStringProperty("file", problem.file());
      json.writeNumberProperty("byteOffset", problem.byteOffset());
      json.writeStringProperty("message", problem.message());
      lines.endRecord(json);
    }
    json.writeEndArray();
  }

  // -- sums --------------------------------------------------------------------------------------

  private void totals() {
    Totals totals = result.totals();
    json.writeObjectPropertyStart("totals");
    count("frames", totals.frames());
    fates("fates", totals::of);
    fates("made", totals::made);
    count("undecided", totals.undecided());
    json.writeNumberProperty("connections", result.connections());
    json.writeArrayPropertyStart("interfaces");
    for (NetInterface each : result.interfaces()) {
      lines.startRecord(json);
      json.writeStringProperty("name", each.name());
      count("in", totals.in(each.id()));
      count("out", totals.out(each.id()));
      lines.endRecord(json);
    }
    json.writeEndArray();
    count("local", totals.local());
    protocols(totals);
    json.writeEndObject();
  }

  private void count(String name, Totals.Count count) {
    json.writeObjectPropertyStart(name);
    json.writeNumberProperty("packets", count.packets());
    json.writeNumberProperty("bytes", count.bytes());
    json.writeEndObject();
  }

  private interface CountOf {
    Totals.Count get(Fate fate);
  }

  private void fates(String name, CountOf counts) {
    json.writeObjectPropertyStart(name);
    lines.inRecord(true);
    for (Fate fate : Fate.values()) {
      Totals.Count count = counts.get(fate);
      if (!count.isEmpty()) {
        count(FateNames.key(fate), count);
      }
    }
    json.writeEndObject();
    lines.inRecord(false);
  }

  private void protocols(Totals totals) {
    json.writeArrayPropertyStart("protocols");
    for (boolean ipv6 : new boolean[] {false, true}) {
      for (int protocol = -1; protocol < 256; protocol++) {
        Totals.Count count = totals.protocol(ipv6, protocol);
        if (!count.isEmpty()) {
          lines.startRecord(json);
          json.writeStringProperty("family", RunNames.family(ipv6));
          json.writeStringProperty("protocol", RunNames.protocol(protocol));
          json.writeNumberProperty("packets", count.packets());
          json.writeNumberProperty("bytes", count.bytes());
          lines.endRecord(json);
        }
      }
    }
    json.writeEndArray();
  }

  // -- rules -------------------------------------------------------------------------------------

  private void rulesets() {
    json.writeArrayPropertyStart("rulesets");
    for (RulesetResult ruleset : result.rulesets()) {
      json.writeStartObject();
      json.writeStringProperty("family", RunNames.family(ruleset.ipv6()));
      json.writeStringProperty("file", ruleset.file());
      json.writeArrayPropertyStart("tables");
      for (RulesetResult.TableResult table : ruleset.tables()) {
        json.writeStartObject();
        json.writeStringProperty("name", table.name());
        json.writeArrayPropertyStart("chains");
        table.chains().forEach(this::chain);
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void chain(RulesetResult.ChainResult chain) {
    json.writeStartObject();
    json.writeStringProperty("name", chain.name());
    nullable("policy", chain.policy());
    json.writeName("end");
    lines.startRecord(json);
    json.writeStringProperty("id", chain.id());
    json.writeNumberProperty("packets", chain.packets());
    json.writeNumberProperty("bytes", chain.bytes());
    json.writeNumberProperty("decided", chain.decided());
    lines.endRecord(json);
    json.writeArrayPropertyStart("rules");
    RecordList.write(json, lines, chain.rules(), JsonReport::rule);
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void rule(JsonGenerator json, RulesetResult.RuleResult rule) {
    json.writeStringProperty("id", rule.id());
    json.writeStringProperty("text", rule.text());
    json.writeNumberProperty("line", rule.position().line());
    json.writeNumberProperty("column", rule.position().column());
    if (rule.comment() != null) {
      json.writeStringProperty("comment", rule.comment());
    }
    json.writeNumberProperty("packets", rule.packets());
    json.writeNumberProperty("bytes", rule.bytes());
    json.writeNumberProperty("decided", rule.decided());
    json.writeBooleanProperty("undecided", rule.undecided());
    if (rule.firstNs() >= 0) {
      json.writeStringProperty("first", Timestamps.iso(rule.firstNs()));
      json.writeStringProperty("last", Timestamps.iso(rule.lastNs()));
    }
  }

  // -- flows, DNS, SIP, log -----------------------------------------------------------------------

  private void flows() {
    json.writeObjectPropertyStart("flows");
    json.writeNumberProperty("count", result.flows().count());
    json.writeObjectPropertyStart("verdicts");
    lines.inRecord(true);
    result
        .flows()
        .byVerdict()
        .forEach((verdict, count) -> json.writeNumberProperty(verdict.text(), count));
    json.writeEndObject();
    lines.inRecord(false);
    json.writeNumberProperty("leftOut", result.flows().count() - result.flows().flows().size());
    json.writeArrayPropertyStart("list");
    RunNames names = result.names();
    RecordList.write(
        json, lines, result.flows().flows(), (out, flow) -> FlowJson.fields(out, flow, names));
    json.writeEndArray();
    json.writeEndObject();
  }

  private void dns() {
    json.writeObjectPropertyStart("dns");
    json.writeNumberProperty("leftOut", result.dns().leftOut());
    json.writeArrayPropertyStart("questions");
    for (DnsQuestions.Question question : result.dns().questions()) {
      lines.startRecord(json);
      json.writeStringProperty("name", question.name());
      json.writeStringProperty("type", question.type());
      flow("flow", question.flow());
      json.writeNumberProperty("frame", question.firstFrame());
      packets("queries", question::queries);
      packets("responses", question::responses);
      if (!question.codes().isEmpty()) {
        strings("codes", question.codes());
        strings("answers", question.answers());
      }
      lines.endRecord(json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Left out where there is none of it, which is nearly everywhere. */
  private void sip() {
    if (result.sip().dialogs().isEmpty()) {
      return;
    }
    json.writeObjectPropertyStart("sip");
    json.writeNumberProperty("leftOut", result.sip().leftOut());
    json.writeArrayPropertyStart("dialogs");
    for (SipDialogs.Dialog dialog : result.sip().dialogs()) {
      lines.startRecord(json);
      json.writeStringProperty("callId", dialog.callId());
      json.writeStringProperty("kind", dialog.kind());
      json.writeStringProperty("from", dialog.from());
      json.writeStringProperty("to", dialog.to());
      json.writeNumberProperty("frame", dialog.firstFrame());
      counts("requests", dialog.requests());
      counts("responses", dialog.responses());
      strings("media", dialog.media());
      packets("packets", dialog::packets);
      lines.endRecord(json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void flow(String name, long id) {
    if (id != 0) {
      json.writeNumberProperty(name, id);
    }
  }

  private void counts(String name, Map<String, Integer> counts) {
    json.writeObjectPropertyStart(name);
    counts.forEach(json::writeNumberProperty);
    json.writeEndObject();
  }

  private void packets(String name, ToLongFunction<Fate> packets) {
    json.writeObjectPropertyStart(name);
    for (Fate fate : Fate.values()) {
      long count = packets.applyAsLong(fate);
      if (count > 0) {
        json.writeNumberProperty(FateNames.key(fate), count);
      }
    }
    json.writeEndObject();
  }

  /** Left out where there is none of it. */
  private void triggers() {
    if (result.triggers().isEmpty()) {
      return;
    }
    json.writeArrayPropertyStart("triggers");
    for (Trigger trigger : result.triggers()) {
      lines.startRecord(json);
      json.writeStringProperty("start", Timestamps.iso(trigger.startNs()));
      json.writeNumberProperty("frame", trigger.frame());
      nullable("end", trigger.end() == null ? null : Timestamps.iso(trigger.endNs()));
      nullable("endedBy", trigger.end() == null ? null : TriggerText.end(trigger));
      json.writeStringProperty("setOffBy", TriggerText.setOffBy(trigger));
      json.writeStringProperty("opens", TriggerText.opens(trigger));
      strings("hosts", trigger.hosts().stream().map(TriggerText::address).toList());
      json.writeNumberProperty("refreshes", trigger.refreshes());
      json.writeNumberProperty("connections", trigger.connectionCount());
      json.writeArrayPropertyStart("list");
      for (Trigger.Through through : trigger.connections()) {
        json.writeStartObject();
        json.writeStringProperty("time", Timestamps.iso(through.timeNs()));
        json.writeNumberProperty("frame", through.frame());
        json.writeStringProperty("protocol", RunNames.protocol(through.protocol()));
        json.writeStringProperty("source", TriggerText.address(through.source()));
        json.writeNumberProperty("sourcePort", through.sourcePort());
        json.writeNumberProperty("port", through.port());
        json.writeStringProperty("inside", TriggerText.address(through.inside()));
        json.writeEndObject();
      }
      json.writeEndArray();
      lines.endRecord(json);
    }
    json.writeEndArray();
  }

  private void log() {
    json.writeObjectPropertyStart("log");
    json.writeNumberProperty("count", result.log().size());
    json.writeArrayPropertyStart("lines");
    for (LogLines.Line line : result.log().lines()) {
      lines.startRecord(json);
      json.writeStringProperty("time", Timestamps.iso(line.timeNs()));
      json.writeNumberProperty("frame", line.frame());
      nullable("rule", line.rule());
      json.writeStringProperty("text", line.text());
      lines.endRecord(json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
