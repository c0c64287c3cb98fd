package org.fwreplay.helper;

import java.util.List;
import org.fwreplay.helper.PerType.Field;
import org.fwreplay.helper.PerType.Size;

/**
 * Reads the packed encoding of ASN.1 (aligned PER, ITU-T X.691) as nf_conntrack_h323_asn1 does:
 * never behind its end, each byte once. What is wrong in Linux is wrong here: it decides which
 * messages are understood.
 */
final class PerDecoder {
  /** All is read. */
  static final int READ = 0;

  /** As much as is needed is read. */
  static final int STOPPED = 1;

  /** The message ends too early, or is nothing that its type allows; all such are negative. */
  static final int BROKEN = -1;

  private static final int NOWHERE = -1;
  private static final int MAX_OPTIONS = 32;

  /** What was noted: offsets from the start of the message, choices, numbers, options. */
  final int[] notes;

  private byte[] buffer;
  private int start;
  private int end;
  private int at;
  private int bit;

  PerDecoder(int slots) {
    notes = new int[slots];
  }

  /**
   * Reads one value.
   *
   * @param type a sequence or choice
   * @param start from where offsets are counted
   * @param from where the value begins
   * @param length of what may be read
   */
  int read(PerType type, byte[] buffer, int start, int from, int length) {
    this.buffer = buffer;
    this.start = start;
    at = from;
    end = from + length;
    bit = 0;
    return value(type, 0);
  }

  // -- bits --------------------------------------------------------------------------------------

  private boolean beyond(int bytes, int bits) {
    return at + bytes + (bits + bit + 7) / 8 > end;
  }

  private int done() {
    return beyond(0, 0) ? BROKEN : READ;
  }

  private int octet(int i) {
    return i < buffer.length ? buffer[i] & 0xff : 0;
  }

  private int nextOctet() {
    return octet(at++);
  }

  private void align() {
    if (bit > 0) {
      at++;
      bit = 0;
    }
  }

  private void skip(int octets) {
    at += octets;
  }

  private void skipBits(int count) {
    bit += count;
    at += bit >> 3;
    bit &= 7;
  }

  /** Up to 8 bits. */
  private int bits(int count) {
    int two = octet(at) << 8 | octet(at + 1);
    int value = two >> 16 - bit - count & (1 << count) - 1;
    skipBits(count);
    return value;
  }

  /** Up to 32 bits, the first one as the highest. */
  private int bitmap(int count) {
    if (count == 0) {
      return 0;
    }
    long five = 0;
    for (int i = 0; i < 5; i++) {
      five = five << 8 | octet(at + i);
    }
    // Where the last bit ends the fourth byte Linux forgets to shift.
    int shift = bit + count == MAX_OPTIONS ? 0 : bit;
    int value = (int) (five >> 8 - shift);
    skipBits(count);
    return value & -1 << MAX_OPTIONS - count;
  }

  /** A length of less than 16384. */
  private int length() {
    int value = nextOctet();
    return (value & 0x80) == 0 ? value : (value & 0x3f) << 8 | nextOctet();
  }

  // -- values ------------------------------------------------------------------------------------

  /**
   * Reads a value.
   *
   * @param place where it is noted, -1 for nowhere
   */
  private int value(PerType type, int place) {
    switch (type.kind) {
      case NULL:
        return READ;
      case BOOLEAN:
        skipBits(1);
        return done();
      case OBJECT_IDENTIFIER:
        align();
        if (beyond(1, 0)) {
          return BROKEN;
        }
        skip(nextOctet());
        return done();
      case INTEGER:
        return integer(type, place);
      case BIT_STRING:
        return bitString(type);
      case DIGITS:
        return digits(type);
      case OCTET_STRING:
        return octets(type, place);
      case BMP_STRING:
        return wideString(type);
      case SEQUENCE:
        return sequence(type, place);
      case SEQUENCE_OF:
        return list(type, place);
      default:
        return choice(type, place);
    }
  }

  private int integer(PerType type, int place) {
    switch (type.size) {
      case BITS:
        skipBits(type.bits);
        break;
      case BYTE:
        align();
        at++;
        break;
      case WORD:
        align();
        at += 2;
        break;
      case LONG:
        return longInteger(type, place);
      default:
        align();
        if (beyond(2, 0)) {
          return BROKEN;
        }
        skip(length());
    }
    return done();
  }

  private int longInteger(PerType type, int place) {
    if (beyond(0, 2)) {
      return BROKEN;
    }
    int length = bits(2) + 1;
    if (beyond(length, 0)) {
      return BROKEN;
    }
    align();
    if (place >= 0) {
      int value = 0;
      // Linux goes on behind the number, and then on by its length again.
      for (int i = 0; i < length; i++) {
        value = value << 8 | nextOctet();
      }
      notes[place] = value + type.base;
    }
    at += length;
    return done();
  }

  private int bitString(PerType type) {
    align();
    int length = type.base;
    if (type.size != Size.FIXED) {
      if (beyond(2, 0)) {
        return BROKEN;
      }
      length = type.size == Size.WORD ? nextOctet() << 8 | nextOctet() : length();
    }
    at += length >> 3;
    bit = length & 7;
    return done();
  }

  private int digits(PerType type) {
    if (beyond(0, type.bits)) {
      return BROKEN;
    }
    int length = bits(type.bits) + type.base;
    align();
    skipBits(length * 4);
    return done();
  }

  /** The length of a string of bytes or characters, or {@link #BROKEN}. */
  private int stringLength(PerType type) {
    if (type.size == Size.BITS) {
      if (beyond(0, type.bits)) {
        return BROKEN;
      }
      int length = bits(type.bits) + type.base;
      align();
      return length;
    }
    align();
    boolean isByte = type.size == Size.BYTE;
    if (beyond(isByte ? 1 : 2, 0)) {
      return BROKEN;
    }
    return (isByte ? nextOctet() : length()) + type.base;
  }

  private int octets(PerType type, int place) {
    int length = type.base;
    if (type.size != Size.FIXED) {
      length = stringLength(type);
      if (length < 0) {
        return BROKEN;
      }
    } else if (length > 2) {
      align();
      if (place >= 0) {
        notes[place] = at - start;
      }
    }
    at += length;
    return done();
  }

  private int wideString(PerType type) {
    int length = stringLength(type);
    if (length < 0) {
      return BROKEN;
    }
    at += length * 2;
    return done();
  }

  // -- what consists of others -------------------------------------------------------------------

  /** Where a part of what is at a place is noted, -1 for nowhere. */
  private static int placeOf(Field field, int place) {
    return place >= 0 && field.noted ? place + field.offset : NOWHERE;
  }

  /** A part that is packed into octets: only what is to be noted is looked at. */
  private int packed(Field field, int place) {
    return packed(field, place, place >= 0);
  }

  private int packed(Field field, int place, boolean read) {
    if (beyond(2, 0)) {
      return BROKEN;
    }
    int length = length();
    if (beyond(length, 0)) {
      return BROKEN;
    }
    int from = at;
    if (read) {
      int result = value(field.type, place);
      if (result < 0) {
        return result;
      }
      bit = 0;
    }
    at = from + length;
    return READ;
  }

  private int sequence(PerType type, int place) {
    if (beyond(0, 1)) {
      return BROKEN;
    }
    boolean extended = type.extensible && bits(1) != 0;
    if (beyond(0, type.bits)) {
      return BROKEN;
    }
    int options = bitmap(type.bits);
    if (place >= 0) {
      notes[place] = options;
    }
    int option = 1 << MAX_OPTIONS - 1;
    for (int i = 0; i < type.root; i++) {
      Field field = type.fields.get(i);
      if (field.stop) {
        return STOPPED;
      }
      boolean there = !field.optional || (options & option) != 0;
      option >>>= field.optional ? 1 : 0;
      if (there) {
        int inside = placeOf(field, place);
        int result = field.contained ? packed(field, inside) : value(field.type, inside);
        if (result < 0) {
          return result;
        }
      }
    }
    return extended ? extensions(type, place, options) : READ;
  }

  private int extensions(PerType type, int place, int rootOptions) {
    if (beyond(0, 7)) {
      return BROKEN;
    }
    int count = bits(7) + 1;
    if (beyond(0, count) || count > MAX_OPTIONS) {
      return BROKEN;
    }
    int options = bitmap(count);
    if (place >= 0) {
      notes[place] = rootOptions | options >>> type.bits;
    }
    align();
    List<Field> fields = type.fields;
    for (int i = 0; i < count; i++) {
      int index = type.root + i;
      Field field = index < fields.size() ? fields.get(index) : null;
      if (field != null && field.stop) {
        return STOPPED;
      }
      // Of what it does not know Linux skips a length even where it is not there.
      if (field == null || (options & 1 << MAX_OPTIONS - 1 - i) != 0) {
        int result = packed(field, field == null ? NOWHERE : placeOf(field, place));
        if (result < 0) {
          return result;
        }
      }
    }
    return READ;
  }

  private int list(PerType type, int place) {
    align();
    if (beyond(2, 0)) {
      return BROKEN;
    }
    int count = length();
    Field item = type.fields.get(0);
    int noted = place < 0 ? 0 : Math.min(count, type.base);
    if (place >= 0) {
      notes[place] = noted;
    }
    for (int i = 0; i < count; i++) {
      int inside = i < noted ? place + 1 + i * item.type.slots() : NOWHERE;
      int result;
      if (item.contained) {
        align();
        result = packed(item, inside, place >= 0);
      } else {
        result = value(item.type, inside);
      }
      if (result < 0) {
        return result;
      }
    }
    return READ;
  }

  private int choice(PerType type, int place) {
    if (beyond(0, 1)) {
      return BROKEN;
    }
    boolean extended = type.extensible && bits(1) != 0;
    if (beyond(0, extended ? 7 : type.bits)) {
      return BROKEN;
    }
    int index = extended ? bits(7) + type.root : bits(type.bits);
    if (!extended && index >= type.root) {
      return BROKEN;
    }
    if (place >= 0) {
      notes[place] = index;
    }
    Field field = index < type.fields.size() ? type.fields.get(index) : null;
    if (field != null && field.stop) {
      return STOPPED;
    }
    int inside = field == null ? NOWHERE : placeOf(field, place);
    if (!extended) {
      return value(field.type, inside);
    }
    align();
    return packed(field, inside);
  }
}
