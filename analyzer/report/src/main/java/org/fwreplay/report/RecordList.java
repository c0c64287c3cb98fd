package org.fwreplay.report;

import java.io.CharArrayWriter;
import java.util.List;
import org.fwreplay.task.Task;
import tools.jackson.core.JsonGenerator;

/**
 * Writes the records of a long list, every other part of them in a thread of its own: at the end of
 * a run there is nothing else to do for it. The text is the same as without.
 */
final class RecordList {
  /** How many records a part has. */
  private static final int PART = 1000;

  /** Writes what is inside a record; any thread may be told to. */
  @FunctionalInterface
  interface Fields<T> {
    void write(JsonGenerator json, T record);
  }

  private RecordList() {}

  /** Writes records into the array that a generator is in. */
  static <T> void write(JsonGenerator json, Lines lines, List<T> all, Fields<T> fields) {
    int at = 0;
    for (; all.size() - at > PART; at += 2 * PART) {
      List<T> beside = all.subList(at + PART, Math.min(at + 2 * PART, all.size()));
      Lines besideLines = lines.inArray();
      Task<char[], RuntimeException> text =
          Task.start("report", () -> text(besideLines, beside, fields));
      records(json, lines, all.subList(at, at + PART), fields);
      char[] written = text.result();
      json.writeRawValue(written, 0, written.length);
    }
    records(json, lines, all.subList(Math.min(at, all.size()), all.size()), fields);
  }

  private static <T> void records(
      JsonGenerator json, Lines lines, List<T> records, Fields<T> fields) {
    for (T each : records) {
      lines.startRecord(json);
      fields.write(json, each);
      lines.endRecord(json);
    }
  }

  private static <T> char[] text(Lines lines, List<T> records, Fields<T> fields) {
    CharArrayWriter out = new CharArrayWriter(1 << 18);
    try (JsonGenerator json = lines.generator(out)) {
      records(json, lines, records, fields);
    }
    return out.toCharArray();
  }
}
