package org.fwreplay.parsers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;

/** Writes DNS messages octet by octet, also such as no server would send. */
final class DnsBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  DnsBytes header(int id, int flags, int questions, int answers, int authorities, int additionals) {
    return u2(id, flags, questions, answers, authorities, additionals);
  }

  DnsBytes u2(int... values) {
    for (int value : values) {
      out.write(value >> 8);
      out.write(value);
    }
    return this;
  }

  DnsBytes u4(long value) {
    return u2((int) (value >> 16), (int) value);
  }

  /** A whole name: labels and the root. */
  DnsBytes labels(String... labels) {
    for (String label : labels) {
      label(label);
    }
    out.write(0);
    return this;
  }

  DnsBytes label(String label) {
    out.write(label.length());
    out.writeBytes(label.getBytes(ISO_8859_1));
    return this;
  }

  DnsBytes pointer(int target) {
    return u2(0xc000 | target);
  }

  int size() {
    return out.size();
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
