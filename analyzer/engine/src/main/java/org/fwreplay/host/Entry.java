package org.fwreplay.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * One object in a dump of {@code ip -j}. Read token by token: the mapper would take longer to get
 * ready than all the rest of the start.
 *
 * @param where file and place, for messages
 * @param members by name: Map, List, Boolean, null, or the text of a string or a number
 */
record Entry(String where, Map<?, ?> members) {
  private static final JsonFactory JSON = new JsonFactory();

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
    Object root;
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      json.nextToken();
      root = value(json);
      if (json.nextToken() != null) {
        throw new HostException(at(file, json.currentTokenLocation()) + "expected no more");
      }
    } catch (JacksonException e) {
      throw new HostException(at(file, e.getLocation()) + "not JSON: " + e.getOriginalMessage(), e);
    }
    if (!(root instanceof List<?> list)) {
      throw new HostException(file + ":1:1: expected a list, as 'ip -j' prints it");
    }
    return children(file, list);
  }

  private static String at(String file, TokenStreamLocation at) {
    return at == null ? file + ": " : file + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": ";
  }

  private static Object value(JsonParser json) {
    return switch (json.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> members = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String name = json.currentName();
          json.nextToken();
          members.put(name, value(json));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(json));
        }
        yield list;
      }
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> json.getString();
    };
  }

  private static List<Entry> children(String where, List<?> array) {
    List<Entry> entries = new ArrayList<>();
    for (Object child : array) {
      String place = where + ": entry " + (entries.size() + 1);
      if (!(child instanceof Map<?, ?> members)) {
        throw new HostException(place + ": expected an object, as 'ip -j' prints it");
      }
      entries.add(new Entry(place, members));
    }
    return entries;
  }

  /** The objects in a member that is a list; none when it is missing. */
  List<Entry> list(String name) {
    return members.get(name) instanceof List<?> list
        ? children(where + ": " + name, list)
        : List.of();
  }

  /** The object in a member, null when it is missing. */
  Entry object(String name) {
    return members.get(name) instanceof Map<?, ?> child
        ? new Entry(where + ": " + name, child)
        : null;
  }

  /** Whether the member is there, be it null; {@code ip} writes flags as members that are null. */
  boolean has(String name) {
    return members.containsKey(name) && !Boolean.FALSE.equals(members.get(name));
  }

  /** Whether a member is a list that has a word. */
  boolean lists(String name, String word) {
    return members.get(name) instanceof List<?> list && list.contains(word);
  }

  /** A member as text, null when it is missing. */
  String text(String name) {
    Object child = members.get(name);
    return child instanceof String || child instanceof Boolean ? child.toString() : null;
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
