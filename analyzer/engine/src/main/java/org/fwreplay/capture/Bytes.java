package org.fwreplay.capture;

/** Numbers at an offset of a byte array; the caller has checked the bounds. */
final class Bytes {
  private Bytes() {}

  /** Unsigned 16 bits, big-endian. */
  static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  /** 32 bits, big-endian. */
  static int i32(byte[] bytes, int at) {
    return u16(bytes, at) << 16 | u16(bytes, at + 2);
  }

  /** Unsigned 48 bits, big-endian. */
  static long u48(byte[] bytes, int at) {
    return (long) u16(bytes, at) << 32 | i32(bytes, at + 2) & 0xffffffffL;
  }

  /** Unsigned 16 bits in the given order. */
  static int u16(byte[] bytes, int at, boolean bigEndian) {
    int value = u16(bytes, at);
    return bigEndian ? value : Short.reverseBytes((short) value) & 0xffff;
  }

  /** 32 bits in the given order. */
  static int i32(byte[] bytes, int at, boolean bigEndian) {
    int value = i32(bytes, at);
    return bigEndian ? value : Integer.reverseBytes(value);
  }

  /** Unsigned 32 bits in the given order. */
  static long u32(byte[] bytes, int at, boolean bigEndian) {
    return i32(bytes, at, bigEndian) & 0xffffffffL;
  }

  /** 64 bits in the given order. */
  static long i64(byte[] bytes, int at, boolean bigEndian) {
    long value = (long) i32(bytes, at) << 32 | i32(bytes, at + 4) & 0xffffffffL;
    return bigEndian ? value : Long.reverseBytes(value);
  }

  /** Writes 32 bits, little-endian. */
  static void putLittle(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >> 8);
    bytes[at + 2] = (byte) (value >> 16);
    bytes[at + 3] = (byte) (value >> 24);
  }
}
