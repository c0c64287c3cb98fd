package org.fwreplay.packet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Big-endian (network order) reads and writes at an offset of a byte array. Short ones are put
 * together from bytes: that is as fast as a view of the array, and far less code to compile for
 * each place that reads a field, which is what a run's first second goes by.
 */
public final class Bytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Bytes() {}

  /** Unsigned 8 bits. */
  public static int u8(byte[] b, int at) {
    return b[at] & 0xff;
  }

  /** Unsigned 16 bits. */
  public static int u16(byte[] b, int at) {
    return (b[at] & 0xff) << 8 | b[at + 1] & 0xff;
  }

  /** 32 bits as they are. */
  public static int i32(byte[] b, int at) {
    return b[at] << 24 | (b[at + 1] & 0xff) << 16 | (b[at + 2] & 0xff) << 8 | b[at + 3] & 0xff;
  }

  /** Unsigned 32 bits. */
  public static long u32(byte[] b, int at) {
    return i32(b, at) & 0xffffffffL;
  }

  /** 64 bits. */
  public static long i64(byte[] b, int at) {
    return (long) LONG.get(b, at);
  }

  /** Writes the low 8 bits. */
  public static void put8(byte[] b, int at, int value) {
    b[at] = (byte) value;
  }

  /** Writes the low 16 bits. */
  public static void put16(byte[] b, int at, int value) {
    b[at] = (byte) (value >> 8);
    b[at + 1] = (byte) value;
  }

  /** Writes 32 bits. */
  public static void put32(byte[] b, int at, int value) {
    put16(b, at, value >>> 16);
    put16(b, at + 2, value);
  }

  /** Writes 64 bits. */
  public static void put64(byte[] b, int at, long value) {
    LONG.set(b, at, value);
  }
}
