package org.fwreplay.host;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One object in a dump of {@code ip -j}.
 *
 * @param where file and place, for messages
 * @param node the object
 */
record Entry(String where, JsonNode node) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /**
   * The objects of a dump; an empty text has none, as some versions of ip print nothing for
   * nothing.
   *
   * @throws HostException naming file, line and column
   */
  static List<Entry> parse(String file, String text) {
    if (text.isBlank()) {
      return List.of();
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
      throw new HostException(file + place + ": not JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.isArray()) {
      throw new HostException(file + ":1:1: expected a list, as 'ip -j' prints it");
    }
    return children(file, root);
  }

  private static List<Entry> children(String where, JsonNode array) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode child : array) {
      String place = where + ": entry " + (entries.size() + 1);
      if (!child.isObject()) {
        throw new HostException(place + ": expected an object, as 'ip -j' prints it");
      }
      entries.add(new Entry(place, child));
    }
    return entries;
  }

  /** The objects in a member that is a list; none when it is missing. */
  List<Entry> list(String name) {
    JsonNode child = node.get(name);
    return child == null || !child.isArray() ? List.of() : children(where + ": " + name, child);
  }

  /** The object in a member, null when it is missing. */
  Entry object(String name) {
    JsonNode child = node.get(name);
    return child == null || !child.isObject() ? null : new Entry(where + ": " + name, child);
  }

  /** Whether the member is there, be it null; {@code ip} writes flags as members that are null. */
  boolean has(String name) {
    JsonNode child = node.get(name);
    return child != null && !(child.isBoolean() && !child.asBoolean());
  }

  /** Whether a member is a list that has a word. */
  boolean lists(String name, String word) {
    JsonNode child = node.get(name);
    if (child != null && child.isArray()) {
      for (JsonNode each : child) {
        if (each.asString().equals(word)) {
          return true;
        }
      }
    }
    return false;
  }

  /** A member as text, null when it is missing. */
  String text(String name) {
    JsonNode child = node.get(name);
    return child == null || child.isNull() || child.isContainer() ? null : child.asString();
  }

  String text(String name, String otherwise) {
    String text = text(name);
    return text == null ? otherwise : text;
  }

  /** A member as a number, decimal or 0x; {@code otherwise} when it is missing. */
  long number(String name, long otherwise) {
    String text = text(name);
    return text == null ? otherwise : parse(name, text, Long::decode, "a number");
  }

  /** A member as a prefix or address. */
  Prefix prefix(String name, String text) {
    return parse(name, text, Prefix::parse, "an address");
  }

  /** Reads a text by a parser that throws IllegalArgumentException. */
  <T> T parse(String name, String text, Function<String, T> parser, String expected) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new HostException(
          where + ": " + name + ": expected " + expected + ", found '" + text + "'", e);
    }
  }

  HostException bad(String message) {
    return new HostException(where + ": " + message);
  }
}
