package org.fwreplay.helper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.fwreplay.helper.PerType.Field;
import org.fwreplay.helper.PerType.Kind;
import org.fwreplay.helper.PerType.Size;

/** Reads types that are written in ASN.1, with the marks that {@code h323.asn1} explains. */
final class PerTypes {
  private static final Pattern TOKEN =
      Pattern.compile("--[^\\n]*|\\.\\.\\.|\\.\\.|::=|[-\\w]+|[{}(),+!]");
  private static final int BYTE_RANGE = 256;
  private static final int WORD_RANGE = 65_536;

  private final Map<String, PerType> types = new HashMap<>();
  private final List<String> tokens;
  private int at;

  private PerTypes(String text) {
    tokens =
        TOKEN
            .matcher(text)
            .results()
            .map(java.util.regex.MatchResult::group)
            .filter(t -> !t.startsWith("--"))
            .toList();
    while (at < tokens.size()) {
      String name = next();
      expect("::=");
      types.put(name, type());
    }
  }

  /** The types of a text by their names. */
  static Map<String, PerType> parse(String text) {
    return Map.copyOf(new PerTypes(text).types);
  }

  /** The types of a resource beside this class. */
  static Map<String, PerType> load(String resource) {
    try (InputStream in = PerTypes.class.getResourceAsStream(resource)) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String next() {
    return tokens.get(at++);
  }

  private boolean skip(String token) {
    boolean there = at < tokens.size() && tokens.get(at).equals(token);
    at += there ? 1 : 0;
    return there;
  }

  private void expect(String token) {
    if (!skip(token)) {
      throw new IllegalArgumentException(token + " expected, not " + tokens.get(at));
    }
  }

  private PerType type() {
    String word = next();
    switch (word) {
      case "NULL":
        return new PerType(Kind.NULL);
      case "BOOLEAN":
        return new PerType(Kind.BOOLEAN);
      case "OBJECT":
        expect("IDENTIFIER");
        return new PerType(Kind.OBJECT_IDENTIFIER);
      case "INTEGER":
        return sized(Kind.INTEGER);
      case "DIGITS":
        return sized(Kind.DIGITS);
      case "BMPString":
        return sized(Kind.BMP_STRING);
      case "BIT":
        expect("STRING");
        return sized(Kind.BIT_STRING);
      case "OCTET":
        expect("STRING");
        return sized(Kind.OCTET_STRING);
      case "CHOICE":
        return composed(Kind.CHOICE);
      case "SEQUENCE":
        return tokens.get(at).equals("{") ? composed(Kind.SEQUENCE) : list();
      default:
        if (!types.containsKey(word)) {
          throw new IllegalArgumentException("type " + word + " is not known");
        }
        return types.get(word);
    }
  }

  private PerType sized(Kind kind) {
    PerType type = new PerType(kind);
    type.size = Size.FREE;
    if (skip("(")) {
      long least = Long.parseLong(next());
      long most = skip("..") ? Long.parseLong(next()) : least;
      expect(")");
      type.base = (int) least;
      bound(type, most - least + 1);
    }
    return type;
  }

  private static void bound(PerType type, long values) {
    if (values == 1) {
      type.size = Size.FIXED;
    } else if (values < BYTE_RANGE) {
      type.size = Size.BITS;
      type.bits = Long.SIZE - Long.numberOfLeadingZeros(values - 1);
    } else if (values == BYTE_RANGE) {
      type.size = Size.BYTE;
    } else {
      type.size = values <= WORD_RANGE ? Size.WORD : Size.LONG;
    }
  }

  private PerType list() {
    PerType type = new PerType(Kind.SEQUENCE_OF);
    if (skip("(")) {
      type.base = Integer.parseInt(next());
      expect(")");
    }
    expect("OF");
    boolean contained = skip("CONTAINING");
    Field item = new Field("", type());
    item.contained = contained;
    item.noted = type.base > 0;
    type.fields.add(item);
    type.complete();
    return type;
  }

  private PerType composed(Kind kind) {
    PerType type = new PerType(kind);
    expect("{");
    do {
      if (skip("...")) {
        type.extensible = true;
        type.root = type.fields.size();
      } else {
        type.fields.add(field());
      }
    } while (skip(","));
    expect("}");
    type.root = type.extensible ? type.root : type.fields.size();
    type.complete();
    return type;
  }

  private Field field() {
    boolean noted = skip("+");
    boolean stop = skip("!");
    String name = next();
    boolean contained = skip("CONTAINING");
    boolean typed = !List.of(",", "}", "OPTIONAL").contains(tokens.get(at));
    Field field = new Field(name, typed ? type() : null);
    field.noted = noted;
    field.stop = stop;
    field.contained = contained;
    field.optional = skip("OPTIONAL");
    return field;
  }
}
