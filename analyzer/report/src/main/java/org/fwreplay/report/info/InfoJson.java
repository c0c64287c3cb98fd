package org.fwreplay.report.info;

import java.util.List;
import org.fwreplay.report.flow.Timestamps;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What captures hold as JSON: {@code reports/schema/info-1.json}. */
public final class InfoJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private InfoJson() {}

  /** The document, one entry a capture, with a line end. */
  public static String of(List<CaptureInfo> captures) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("schema", "fwreplay/info/1");
    ArrayNode list = root.putArray("captures");
    captures.forEach(each -> capture(list.addObject(), each));
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static void capture(ObjectNode node, CaptureInfo info) {
    node.put("file", info.file());
    node.put("format", info.format());
    node.put("packets", info.packets());
    node.put("bytes", info.bytes());
    node.put("cut", info.cut());
    node.put("untimed", info.untimed());
    node.put("backwards", info.backwards());
    if (info.packets() > info.untimed()) {
      node.put("first", Timestamps.iso(info.firstNs()));
      node.put("last", Timestamps.iso(info.lastNs()));
    }
    ArrayNode interfaces = node.putArray("interfaces");
    for (CaptureInfo.Interface each : info.interfaces()) {
      ObjectNode one = interfaces.addObject().put("id", each.id());
      optional(one, "name", each.name());
      optional(one, "description", each.description());
      one.put("linkType", each.linkType());
      one.put("snapLength", Integer.toUnsignedLong(each.snapLength()));
      one.put("packets", each.packets());
    }
    ArrayNode protocols = node.putArray("protocols");
    for (CaptureInfo.Protocol each : info.protocols()) {
      ObjectNode one = protocols.addObject().put("name", each.name());
      one.put("packets", each.packets()).put("bytes", each.bytes());
    }
    node.put("hostCount", info.hostCount());
    ArrayNode hosts = node.putArray("hosts");
    for (CaptureInfo.Host each : info.hosts()) {
      ObjectNode one = hosts.addObject().put("address", each.address());
      one.put("sent", each.sent()).put("received", each.received()).put("bytes", each.bytes());
    }
    node.put("commentCount", info.commentCount());
    ArrayNode comments = node.putArray("comments");
    for (CaptureInfo.Comment each : info.comments()) {
      comments.addObject().put("frame", each.frame()).put("text", each.text());
    }
    if (info.problem() != null) {
      ObjectNode problem = node.putObject("problem");
      problem.put("byteOffset", info.problem().byteOffset());
      problem.put("message", info.problem().message());
    }
  }

  private static void optional(ObjectNode node, String name, String value) {
    if (value != null) {
      node.put(name, value);
    }
  }
}
