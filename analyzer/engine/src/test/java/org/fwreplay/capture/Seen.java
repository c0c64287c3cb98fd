package org.fwreplay.capture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A copy of a record; the packet as text, one character a byte, so that records compare. */
record Seen(long timeNs, int wireLength, int linkType, int interfaceId, String packet) {
  static Seen of(CaptureRecord record) {
    byte[] bytes = Arrays.copyOfRange(record.buffer, record.offset, record.offset + record.length);
    return new Seen(
        record.timeNs,
        record.wireLength,
        record.linkType,
        record.interfaceId,
        new String(bytes, ISO_8859_1));
  }

  /** The rest of a capture. */
  static List<Seen> all(CaptureReader reader) {
    List<Seen> seen = new ArrayList<>();
    CaptureRecord record;
    while ((record = reader.next()) != null) {
      seen.add(of(record));
    }
    return seen;
  }

  static List<String> packets(CaptureReader reader) {
    return all(reader).stream().map(Seen::packet).toList();
  }

  static CaptureReader open(CaptureBytes capture) {
    return open(capture.bytes());
  }

  static CaptureReader open(byte[] capture) {
    try {
      return Captures.open(new ByteArrayInputStream(capture), "test.pcap");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CaptureRecord first(CaptureBytes capture) {
    CaptureRecord record = open(capture).next();
    if (record == null) {
      throw new AssertionError("no record");
    }
    return record;
  }
}
