package org.fwreplay.capture;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers at an offset of a byte array; the caller has checked the bounds. */
final class Bytes {
  private static final VarHandle SHORT_BIG =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT_BIG =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT_LITTLE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG_BIG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Bytes() {}

  /** Unsigned 16 bits, big-endian. */
  static int u16(byte[] bytes, int at) {
    return (short) SHORT_BIG.get(bytes, at) & 0xffff;
  }

  /** 32 bits, big-endian. */
  static int i32(byte[] bytes, int at) {
    return (int) INT_BIG.get(bytes, at);
  }

  /** Unsigned 48 bits, big-endian; reads two bytes more than it returns. */
  static long u48(byte[] bytes, int at) {
    return (long) LONG_BIG.get(bytes, at) >>> 16;
  }

  /** Unsigned 16 bits in the given order. */
  static int u16(byte[] bytes, int at, boolean bigEndian) {
    int value = u16(bytes, at);
    return bigEndian ? value : Short.reverseBytes((short) value) & 0xffff;
  }

  /** 32 bits in the given order. */
  static int i32(byte[] bytes, int at, boolean bigEndian) {
    return bigEndian ? (int) INT_BIG.get(bytes, at) : (int) INT_LITTLE.get(bytes, at);
  }

  /** Unsigned 32 bits in the given order. */
  static long u32(byte[] bytes, int at, boolean bigEndian) {
    return i32(bytes, at, bigEndian) & 0xffffffffL;
  }

  /** 64 bits in the given order. */
  static long i64(byte[] bytes, int at, boolean bigEndian) {
    long value = (long) LONG_BIG.get(bytes, at);
    return bigEndian ? value : Long.reverseBytes(value);
  }

  /** Writes 32 bits, little-endian. */
  static void putLittle(byte[] bytes, int at, int value) {
    INT_LITTLE.set(bytes, at, value);
  }
}
