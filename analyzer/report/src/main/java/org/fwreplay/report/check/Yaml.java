package org.fwreplay.report.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;

/** A value of a YAML file, with where it stands. */
final class Yaml {
  final String file;
  final int line;
  final int column;

  /** One of these is not null. */
  final String text;

  final Map<String, Yaml> mapping;
  final List<Yaml> sequence;

  private Yaml(
      String file,
      TokenStreamLocation at,
      String text,
      Map<String, Yaml> mapping,
      List<Yaml> sequence) {
    this.file = file;
    line = at.getLineNr();
    column = at.getColumnNr();
    this.text = text;
    this.mapping = mapping;
    this.sequence = sequence;
  }

  /** Reads a file's text. */
  static Yaml parse(String file, String text) {
    try (JsonParser parser =
        YAMLFactory.builder().build().createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        throw new SuiteException(file, 1, 1, "the file is empty");
      }
      Yaml value = value(file, parser);
      if (parser.nextToken() != null) {
        TokenStreamLocation at = parser.currentTokenLocation();
        throw new SuiteException(file, at.getLineNr(), at.getColumnNr(), "a second document");
      }
      return value;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      int line = at == null ? 1 : Math.max(1, at.getLineNr());
      int column = at == null ? 1 : Math.max(1, at.getColumnNr());
      String words = e.getOriginalMessage().lines().findFirst().orElse("no YAML");
      throw new SuiteException(file, line, column, words);
    }
  }

  private static Yaml value(String file, JsonParser parser) {
    TokenStreamLocation at = parser.currentTokenLocation();
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, Yaml> values = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        TokenStreamLocation keyAt = parser.currentTokenLocation();
        parser.nextToken();
        if (values.put(key, value(file, parser)) != null) {
          throw new SuiteException(
              file, keyAt.getLineNr(), keyAt.getColumnNr(), "\"" + key + "\" is there twice");
        }
      }
      return new Yaml(file, at, null, values, null);
    }
    if (token == JsonToken.START_ARRAY) {
      List<Yaml> values = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        values.add(value(file, parser));
      }
      return new Yaml(file, at, null, null, values);
    }
    String text = token == JsonToken.VALUE_NULL ? "" : parser.getString();
    return new Yaml(file, at, text, null, null);
  }

  /** A complaint about this value. */
  SuiteException fail(String message) {
    return new SuiteException(file, line, column, message);
  }

  /** The text of a scalar. */
  String text(String what) {
    if (text == null || text.isEmpty()) {
      throw fail(what + ": expected a text");
    }
    return text;
  }

  /** The values of a mapping. */
  Map<String, Yaml> mapping(String what) {
    if (mapping == null) {
      throw fail(what + ": expected keys and values");
    }
    return mapping;
  }

  /** The values of a sequence; a single value counts as one. */
  List<Yaml> list() {
    return sequence != null ? sequence : List.of(this);
  }
}
