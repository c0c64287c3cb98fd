package org.fwreplay.report;

import java.io.Writer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Lays JSON out so that it can be read and compared by lines: a record a line. */
public final class Lines implements PrettyPrinter {
  /** A line's end, and the indentation of the next, for as many levels as any document has. */
  private static final String LINE = "\n" + "  ".repeat(32);

  private final boolean inArray;
  private boolean inRecord;
  private int level;

  /** For a document. */
  public Lines() {
    this(false, 0);
  }

  private Lines(boolean inArray, int level) {
    this.inArray = inArray;
    this.level = level;
  }

  /** For a text of more values of the array that this is in, to be put there as it is. */
  Lines inArray() {
    return new Lines(true, level);
  }

  /** Whether what follows belongs to one record, and so to one line. */
  public void inRecord(boolean is) {
    inRecord = is;
  }

  /** Begins an object that is one line. */
  public void startRecord(JsonGenerator json) {
    json.writeStartObject();
    inRecord = true;
  }

  /** Ends it. */
  public void endRecord(JsonGenerator json) {
    json.writeEndObject();
    inRecord = false;
  }

  /** The generator of one document that is laid out like this; the writer stays open. */
  public JsonGenerator generator(Writer out) {
    return JsonFactory.builder()
        .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
        .build()
        .createGenerator(context(), out);
  }

  private ObjectWriteContext context() {
    return new ObjectWriteContext.Base() {
      @Override
      public PrettyPrinter getPrettyPrinter() {
        return Lines.this;
      }
    };
  }

  private void line(JsonGenerator json) {
    if (!inRecord) {
      json.writeRaw(LINE, 0, 1 + 2 * level);
    }
  }

  private void start(JsonGenerator json, char bracket) {
    json.writeRaw(bracket);
    level++;
  }

  private void end(JsonGenerator json, int entries, char bracket) {
    level--;
    if (entries > 0) {
      line(json);
    }
    json.writeRaw(bracket);
  }

  private void separate(JsonGenerator json) {
    json.writeRaw(',');
    line(json);
  }

  @Override
  public void writeRootValueSeparator(JsonGenerator json) {
    if (inArray) {
      separate(json);
    } else {
      json.writeRaw('\n');
    }
  }

  @Override
  public void writeStartObject(JsonGenerator json) {
    start(json, '{');
  }

  @Override
  public void beforeObjectEntries(JsonGenerator json) {
    line(json);
  }

  @Override
  public void writeObjectNameValueSeparator(JsonGenerator json) {
    json.writeRaw(':');
  }

  @Override
  public void writeObjectEntrySeparator(JsonGenerator json) {
    separate(json);
  }

  @Override
  public void writeEndObject(JsonGenerator json, int entries) {
    end(json, entries, '}');
  }

  @Override
  public void writeStartArray(JsonGenerator json) {
    start(json, '[');
  }

  @Override
  public void beforeArrayValues(JsonGenerator json) {
    line(json);
  }

  @Override
  public void writeArrayValueSeparator(JsonGenerator json) {
    separate(json);
  }

  @Override
  public void writeEndArray(JsonGenerator json, int entries) {
    end(json, entries, ']');
  }
}
