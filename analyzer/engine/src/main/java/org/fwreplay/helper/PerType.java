package org.fwreplay.helper;

import java.util.ArrayList;
import java.util.List;

/**
 * A type of ASN.1 as its packed encoding (PER, ITU-T X.691) needs it: how long what is, and which
 * of its parts are noted when it is read. Parts that are noted have a place among the ints that
 * {@link PerDecoder} fills, counted from the place of the type they are in.
 */
final class PerType {
  /** What is read. */
  enum Kind {
    NULL,
    BOOLEAN,
    OBJECT_IDENTIFIER,
    INTEGER,
    BIT_STRING,
    DIGITS,
    OCTET_STRING,
    BMP_STRING,
    SEQUENCE,
    SEQUENCE_OF,
    CHOICE
  }

  /** How a number is encoded, or the length of a string. */
  enum Size {
    /** Not at all: there is only one length. */
    FIXED,
    /** Of less than 256 values: in as many bits as they need. */
    BITS,
    /** Of 256 values. */
    BYTE,
    /** Of up to 65536 values. */
    WORD,
    /** Of more. */
    LONG,
    /** Without a bound. */
    FREE
  }

  /** A component of a sequence, an alternative of a choice or what a list consists of. */
  static final class Field {
    final String name;
    final PerType type;
    boolean noted;

    /** Whether reading ends at it. */
    boolean stop;

    boolean optional;

    /** Whether it is packed into an octet string. */
    boolean contained;

    /** Its place relative to that of the type it is in. */
    int offset;

    Field(String name, PerType type) {
      this.name = name;
      this.type = type;
    }
  }

  final Kind kind;
  Size size = Size.FIXED;

  /** Of {@link Size#BITS}, of the choice's index, and of options: how many bits. */
  int bits;

  /** The least value or length; of a list how many items at most are noted. */
  int base;

  /** Whether it has an extension marker. */
  boolean extensible;

  /** How many fields stand before the extension marker. */
  int root;

  final List<Field> fields = new ArrayList<>();

  /** How many ints it takes where it is noted. */
  private int slots = 1;

  PerType(Kind kind) {
    this.kind = kind;
  }

  int slots() {
    return slots;
  }

  /** To be called once a sequence, list or choice has all its fields. */
  void complete() {
    int options = 0;
    for (int i = 0; i < fields.size(); i++) {
      Field f = fields.get(i);
      options += f.optional && i < root ? 1 : 0;
      if (f.noted) {
        f.offset = slots;
        slots += f.type.slots;
      }
    }
    bits = kind == Kind.CHOICE ? Integer.SIZE - Integer.numberOfLeadingZeros(root - 1) : options;
    if (kind == Kind.SEQUENCE_OF) {
      slots = 1 + base * fields.get(0).type.slots;
    }
  }

  private int indexOf(String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name.equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no " + name);
  }

  /** What a choice's place holds for this alternative. */
  int index(String alternative) {
    return indexOf(alternative);
  }

  /** The alternative that a choice's place says, empty for one that is not known. */
  String alternative(int index) {
    return index < fields.size() ? fields.get(index).name : "";
  }

  /** The bit that a sequence's place holds when this component is there. */
  int option(String component) {
    int option = bits;
    int at = indexOf(component);
    if (at >= root) {
      return 1 << Integer.SIZE - 1 - option - (at - root);
    }
    option = 0;
    for (int i = 0; i < at; i++) {
      option += fields.get(i).optional ? 1 : 0;
    }
    return 1 << Integer.SIZE - 1 - option;
  }

  /** The type of a field. */
  PerType of(String... path) {
    PerType type = this;
    for (String name : path) {
      type = type.fields.get(type.indexOf(name)).type;
    }
    return type;
  }

  /** The place of a field relative to that of this type. */
  int offset(String... path) {
    PerType type = this;
    int offset = 0;
    for (String name : path) {
      Field f = type.fields.get(type.indexOf(name));
      offset += f.offset;
      type = f.type;
    }
    return offset;
  }
}
