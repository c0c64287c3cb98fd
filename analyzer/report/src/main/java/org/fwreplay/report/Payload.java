package org.fwreplay.report;

/** Bytes of a payload as text. */
final class Payload {
  private Payload() {}

  /** ASCII as it is, all else as {@code \xHH}; bytes without any text as hexadecimal digits. */
  static String text(byte[] bytes) {
    int readable = 0;
    for (byte b : bytes) {
      readable += isReadable(b) ? 1 : 0;
    }
    boolean binary = readable * 2 < bytes.length;
    StringBuilder out = new StringBuilder();
    for (byte b : bytes) {
      if (binary) {
        out.append(String.format("%02x", b));
      } else if (isReadable(b) && b != '\\') {
        out.append((char) b);
      } else {
        out.append(String.format("\\x%02x", b));
      }
    }
    return out.toString();
  }

  private static boolean isReadable(byte b) {
    return b >= ' ' && b < 0x7f;
  }
}
